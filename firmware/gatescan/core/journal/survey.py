"""Reads the state of a journal back from flash; loaded at a start, and after a failure.

It reads names and heads of the segments, and the tail of the last one; what a power cut left
unfinished is removed, what is damaged is left alone.
"""

import struct
from binascii import crc32, unhexlify

from gatescan.core.compat import TYPE_CHECKING, const
from gatescan.core.journal import chain, claim, marks, places, record

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gatescan.core.journal.claim import Claims
    from gatescan.core.journal.marks import Marks
    from gatescan.core.journal.places import Places

_BLOCK = const(4096)
_DIGITS = const(4)  # of a block's number in a name
_PER_BLOCK = const(84)  # as in places.py
_STRIDE = const(4)  # records looked at at once; divides _PER_BLOCK
_RECORD = const(48)  # record.RECORD_BYTES
_BODY = const(32)  # record.BODY_BYTES
_LINK = const(16)
_LINK_OFFSET = const(40)  # claim.USE_OFFSET + 8
_USE_CHECKED = const(24)  # as in places.py
_BLANK = b"\xff" * 48
_MARK = const(8)  # as in marks.py
_MARKS = const(504)
_ALL = const(0xFFFFFFFF)


def file_bytes(count: int) -> int:
    """Length of a littlefs file that fills `count` blocks exactly."""
    # Words of pointers in all blocks: the sum of ctz(i) + 1 up to n is 2n less the bits set in n.
    words = 2 * (count - 1)
    last = count - 1
    while last:
        words -= last & 1
        last >>= 1
    return _BLOCK * count - 4 * words


def blocks_of(claims: "Claims", name: str, size: int, prefix: str, count: int) -> "list[int]":
    """The blocks of a file that was made with these arguments; empty for other files."""
    if name[:1] != prefix or len(name) != 1 + _DIGITS * count or name != name.lower():
        return []
    try:
        blocks = list(struct.unpack(">%dH" % count, unhexlify(name[1:])))
    except ValueError:
        return []
    return blocks if size == file_bytes(count) and claims.is_ours(blocks[0], 0) else []


def add_marks(claims: "Claims", to: "Marks", blocks: "list[int]") -> None:
    """Read a file of acknowledgements."""
    mark = bytearray(_MARK)
    low, high = 0, _MARKS
    while low < high:
        middle = (low + high) // 2
        claims.read(blocks[0], claim.HEAD_BYTES + _MARK * middle, mark)
        if mark == _BLANK[:_MARK]:
            high = middle
        else:
            low = middle + 1
    # Two files: the cut came after a new one was made. The marks go to that.
    if low <= to.used:
        to.files.append(blocks)
        to.used = low
    else:
        to.files.insert(0, blocks)
    for at in range(low - 1, -1, -1):
        claims.read(blocks[0], claim.HEAD_BYTES + _MARK * at, mark)
        seq, turned = struct.unpack("<II", mark)
        if seq ^ turned == _ALL:
            to.seq = max(to.seq, seq)
            return


class Survey:
    """Fills `segments` and `acks` from flash, and finds the last event.

    `seq` and `link` are its own, 0 and `link` as given where there is none; `appendable`: the
    next record goes behind it. `torn_bytes` and `rejected_records` are what does not belong.
    """

    def __init__(
        self, claims: "Claims", segments: "Places", acks: "Marks", link: bytes
    ) -> None:
        self._claims = claims
        self._at = segments
        self._before = bytearray(_RECORD)
        self._found: "list[tuple[int, int, list[int]]]" = []  # number, first seq, blocks
        self.seq, self.link = 0, link
        self.appendable = False
        self.torn_bytes = 0
        self.rejected_records = 0
        for name, size in list(claims.folder.list()):
            self._take_in(name, size, acks)
        self._found.sort()
        for segment in self._found:
            segments.add(*segment)
        self._find_head()

    def _take_in(self, name: str, size: int, acks: "Marks") -> None:
        claims = self._claims
        if name.startswith(claim.NEW):
            claims.folder.remove(name)
            return
        blocks = blocks_of(claims, name, size, places.PREFIX, places.BLOCKS)
        if blocks:
            self._take_in_segment(blocks)
            return
        blocks = blocks_of(claims, name, size, marks.PREFIX, marks.BLOCKS)
        if blocks:
            add_marks(claims, acks, blocks)

    def _take_in_segment(self, blocks: "list[int]") -> None:
        start = self._at.start
        self._claims.read(blocks[0], claim.USE_OFFSET, start)
        number, first, _, check, _ = struct.unpack_from(places.USE, start)
        if check == crc32(memoryview(start)[:_USE_CHECKED]) and first >= chain.FIRST_SEQ:
            self._found.append((number, first, blocks))
            return
        torn_bytes = len(bytes(start).rstrip(b"\xff"))
        if torn_bytes == len(start) or self._used(blocks) > 1:
            return  # damaged, with a whole event or more: it stays as evidence
        if torn_bytes or self._at.spare:
            self.torn_bytes += torn_bytes
            self._claims.remove(places.PREFIX, blocks)
        else:
            self._at.spare = blocks

    def _find_head(self) -> None:
        """The newest record that follows from the one before it."""
        at = self._at
        newest = len(at) - 1
        for position in range(newest, -1, -1):
            blocks = at.blocks(position)
            first = at.firsts[position]
            used = self._used(blocks)
            count = min(used, at.end(position) - first)
            slot = count - 1
            while slot >= 0 and not self._follows(blocks, first, slot):
                slot -= 1
                length = len(bytes(at.record).rstrip(b"\xff"))
                if position == newest and slot == count - 2 and length < _RECORD:
                    self.torn_bytes += length
                else:
                    self.rejected_records += 1
            if position == newest:
                self.appendable = slot == used - 1
            if slot >= 0:
                self.seq, self.link = first + slot, bytes(at.record[_BODY:])
                break
        if self.appendable and self.seq < at.firsts[newest]:
            # It has no event yet: it may take the next one only if it was begun for that.
            self.appendable = (
                self.seq + 1 == at.firsts[newest]
                and self.link == self._link_before(at.blocks(newest), 0)
            )

    def _used(self, blocks: "Sequence[int]") -> int:
        """How many records were begun in a segment: up to the last that is not blank."""
        slot = places.SEGMENT_RECORDS - _PER_BLOCK
        while self._is_blank(blocks, slot, 1):
            slot -= _PER_BLOCK
            if slot < 0:
                return 0
        slot += _PER_BLOCK - _STRIDE
        while self._is_blank(blocks, slot, _STRIDE):
            slot -= _STRIDE
        slot += _STRIDE - 1
        while self._is_blank(blocks, slot, 1):
            slot -= 1
        return slot + 1

    def _is_blank(self, blocks: "Sequence[int]", slot: int, count: int) -> bool:
        records = bytearray(_RECORD * count)
        self._at.load(blocks, slot, records)
        return records == _BLANK * count

    def _follows(self, blocks: "Sequence[int]", first: int, slot: int) -> bool:
        """Whether a record has its seq and the link that the one before it demands.

        Leaves the record in `Places.record`.
        """
        found = self._at.record
        self._at.load(blocks, slot, found)
        if record.unpack(found).seq != first + slot:
            return False
        link = chain.link(self._link_before(blocks, slot), found[:_BODY])
        return link == bytes(found[_BODY:])

    def _link_before(self, blocks: "Sequence[int]", slot: int) -> bytes:
        """The link before a slot: in the record before it, or in the segment's use."""
        if slot:
            self._at.load(blocks, slot - 1, self._before)
            return bytes(self._before[_BODY:])
        link = bytearray(_LINK)
        self._claims.read(blocks[0], _LINK_OFFSET, link)
        return bytes(link)
