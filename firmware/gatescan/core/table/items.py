"""The items of a table: blocks of keys in a code of their own, and the index of blocks in RAM.

A lookup reads one block and leaves no garbage behind.
"""

from array import array
from binascii import crc32

from gatescan.core.compat import TYPE_CHECKING, const
from gatescan.core.table.block_format import (
    BLOCK_BYTES,
    PADDING_BYTES,
    S_CLASS,
    S_COMPANY,
    S_ITEM,
    S_WANT_COMPANY,
    S_WANT_ITEM,
    S_WORDS,
    SEED_BYTES,
)
from gatescan.core.table.format import CORRUPT, MISS, PREFIX_BYTES

# the functions in which a lookup spends its time
try:
    from gatescan.core.table.blocks_viper import begin, seed, seek
except (ImportError, SyntaxError, ValueError, AttributeError):
    from gatescan.core.table.blocks_plain import begin, seed, seek

if TYPE_CHECKING:
    from collections.abc import Callable

_GOOD = const(0x2144DF1C)  # CRC-32 over data followed by its own CRC-32


class BlockBuffer:
    """The one buffer through which blocks are read, and how far one is decoded."""

    def __init__(self, advance: "Callable[..., int]") -> None:
        """`advance`: that of decode_plain.py or one that does the same."""
        self.advance = advance
        self.bytes = bytearray(SEED_BYTES + BLOCK_BYTES + PADDING_BYTES)
        self.state = array("i", [0] * S_WORDS)


class Items:
    """A section of item blocks. All sections of a table share one BlockBuffer and one model."""

    def __init__(
        self,
        read_at: "Callable[..., None]",
        buffer: BlockBuffer,
        model: "bytearray",
        place: "tuple[int, int, int]",
        index: "bytearray",
    ) -> None:
        """`place`: kind, offset and length of the section; `index`: the first key of each block,
        which has been found to ascend.
        """
        self._read_at = read_at
        self.buffer = buffer
        self.model = model
        self._kind, self._offset, length = place
        self.index = index
        self.blocks = len(index) // PREFIX_BYTES
        view = memoryview(buffer.bytes)
        self._last_bytes = length - BLOCK_BYTES * (self.blocks - 1)
        end = SEED_BYTES + BLOCK_BYTES
        last = SEED_BYTES + self._last_bytes
        # of a whole block and of the last one: what is read, and what its CRC covers
        self._whole = (view[SEED_BYTES:end], view[:end])
        self._last = (view[SEED_BYTES:last], view[:last])

    def find(self, high: int, low: int) -> int:
        """Class of the item whose 13-digit number has these upper and lower 24 bits.

        MISS, or CORRUPT when the block in which it would stand is damaged.
        """
        state = self.buffer.state
        number = seek(state, self.index, high, low)
        if number < 0:
            return MISS
        if not self.load(number):
            return CORRUPT
        found = self.buffer.advance(state, self.buffer.bytes, self.model)
        if found != 1:
            return MISS if found == 0 else CORRUPT
        if state[S_COMPANY] != state[S_WANT_COMPANY] or state[S_ITEM] != state[S_WANT_ITEM]:
            return MISS
        return state[S_CLASS]

    def load(self, number: int) -> bool:
        """Read a block and go to its first key; False when it is damaged."""
        buffer = self.buffer
        seed(buffer.bytes, self._kind, number, self.index)
        whole = number < self.blocks - 1
        part = self._whole if whole else self._last
        return (
            self._read(self._offset + number * BLOCK_BYTES, part[0])
            and crc32(part[1]) == _GOOD
            and begin(buffer.state, buffer.bytes, BLOCK_BYTES if whole else self._last_bytes) > 0
        )

    def _read(self, at: int, view: memoryview) -> bool:
        try:
            self._read_at(at, view)
        except OSError:
            return False
        return True
