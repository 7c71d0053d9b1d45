"""Where every event stands in flash: segments of 6 claimed blocks (claim.py), 84 records each.

A segment is a file made ahead, blank. Its first block then takes, with the first record, in one
page program:

    number of the segment u32 | seq of its first event u32 | link before that event 16 | CRC32

Records follow in order. Segments are dropped whole, oldest first, and never changed. A file
that cannot be proven to be a segment is left alone, as are journals of earlier firmware.
"""

import struct
from array import array
from binascii import crc32

from gatescan.core.compat import TYPE_CHECKING, const
from gatescan.core.journal import claim

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gatescan.core.journal.claim import Claims

PREFIX = "j"
BLOCKS = const(6)  # of a segment
SEGMENT_RECORDS = const(504)

_PER_BLOCK = const(84)  # (4096 - claim.HEAD_BYTES) // _RECORD
_RECORD = const(48)  # record.RECORD_BYTES
USE = "<II16sII"
_USE_CHECKED = const(24)  # bytes under the CRC
_BLANK_SEQ = b"\xff" * 4


class Places:
    """The segments in use, oldest first, and the blank one that is next.

    `start` is what a new segment takes first: 32 bytes of use, then the record.
    """

    def __init__(self, claims: "Claims") -> None:
        self._claims = claims
        self.start = bytearray(claim.USE_BYTES + _RECORD)
        self.record = memoryview(self.start)[claim.USE_BYTES :]
        self.forget()

    def forget(self) -> None:
        """Start from nothing; survey.py then tells what there is."""
        self.spare: "list[int]" = []  # blocks of a segment that is made and not used yet
        self.firsts = array("I")  # seq of a segment's first event; never falling
        self._blocks = array("H")  # 6 of every segment
        self._number = -1  # of the newest segment

    def __len__(self) -> int:
        return len(self.firsts)

    def add(self, number: int, first: int, blocks: "list[int]") -> None:
        """One more segment; where older ones claim the same events, they lose them."""
        position = len(self.firsts) - 1
        while position >= 0 and self.firsts[position] > first:
            self.firsts[position] = first
            position -= 1
        self._number = number
        self.firsts.append(first)
        self._blocks.extend(array("H", blocks))

    def begin(self, first: int, link: bytes) -> bool:
        """Program the record in `record` as the first of the spare segment.

        False: the spare one was not ours any more. Raises OSError.
        """
        blocks, self.spare = self.spare, []
        struct.pack_into(USE, self.start, 0, self._number + 1, first, link, 0, 0xFFFFFFFF)
        check = crc32(memoryview(self.start)[:_USE_CHECKED])
        struct.pack_into("<I", self.start, _USE_CHECKED, check)
        if not self._claims.program(PREFIX, blocks, 0, claim.USE_OFFSET, self.start):
            return False
        if self.firsts:
            self._claims.let_go(self.blocks(len(self.firsts) - 1))
        self.add(self._number + 1, first, blocks)
        return True

    def append(self, seq: int) -> bool:
        """Program the record in `record` into the newest segment; False: it is not ours."""
        newest = len(self.firsts) - 1
        slot = seq - self.firsts[newest]
        offset = claim.HEAD_BYTES + _RECORD * (slot % _PER_BLOCK)
        return self._claims.program(
            PREFIX, self.blocks(newest), slot // _PER_BLOCK, offset, self.record
        )

    def drop_oldest(self) -> None:
        """Give the blocks of the oldest segment back. Raises OSError."""
        self._claims.remove(PREFIX, self.blocks(0))
        self.firsts = self.firsts[1:]
        self._blocks = self._blocks[BLOCKS:]

    def blocks(self, position: int) -> "array[int]":
        """The blocks of a segment."""
        return self._blocks[BLOCKS * position : BLOCKS * (position + 1)]

    def end(self, position: int) -> int:
        """The seq at which the next segment takes over."""
        return self.firsts[position + 1] if position + 1 < len(self.firsts) else 1 << 32

    def load(
        self, blocks: "Sequence[int]", slot: int, buffer: "bytearray | memoryview"
    ) -> None:
        """Fill `buffer` from a slot on, all of it in the same block."""
        offset = claim.HEAD_BYTES + _RECORD * (slot % _PER_BLOCK)
        self._claims.read(blocks[slot // _PER_BLOCK], offset, buffer)

    def read(self, seq: int, view: memoryview, wanted: int) -> int:
        """Fill `view` with up to `wanted` records from `seq` on; returns how many, 0 for none."""
        position = len(self.firsts) - 1
        while position >= 0 and self.firsts[position] > seq:
            position -= 1
        done = 0
        while 0 <= position < len(self.firsts) and done < wanted:
            slot = seq + done - self.firsts[position]
            left = self.end(position) - seq - done
            if left <= 0:
                position += 1
                continue
            count = min(wanted - done, left, _PER_BLOCK - slot % _PER_BLOCK)
            if slot >= SEGMENT_RECORDS:
                break  # a segment is missing
            part = view[_RECORD * done : _RECORD * (done + count)]
            self.load(self.blocks(position), slot, part)
            while count and part[_RECORD * (count - 1) :][:4] == _BLANK_SEQ:
                count -= 1  # or the rest of this one
            done += count
            if not count:
                break
        return done
