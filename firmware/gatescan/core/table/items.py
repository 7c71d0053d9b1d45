"""The items of a table: blocks of keys in a code of their own, and the index of blocks in RAM.

A lookup reads one block and leaves no garbage behind.
"""

from array import array
from binascii import crc32

from gatescan.core import compat
from gatescan.core.compat import TYPE_CHECKING, const
from gatescan.core.table.block_format import (
    BLOCK_BYTES,
    PADDING_BYTES,
    S_CLASS,
    S_COMPANY,
    S_ITEM,
    S_LEFT,
    S_WANT_COMPANY,
    S_WANT_ITEM,
    S_WORDS,
    SEED_BYTES,
)
from gatescan.core.table.format import CORRUPT, MISS, PREFIX_BYTES, TableError

# the functions in which a lookup spends its time
try:
    from gatescan.core.table.blocks_viper import begin, ordered, seed, seek
except (ImportError, SyntaxError, ValueError, AttributeError):
    from gatescan.core.table.blocks_plain import begin, ordered, seed, seek

if TYPE_CHECKING:
    from collections.abc import Callable

_END = const(100000000)  # above every company
_GOOD = const(0x2144DF1C)  # CRC-32 over data followed by its own CRC-32


def _decoder() -> "Callable[..., int]":
    """`advance` of decode_plain.py, as fast as there is one: the board's, in viper, bytecode."""
    found = compat.block_decoder() if compat.block_decoder is not None else None
    if found is not None:
        return found
    try:
        from gatescan.core.table.decode_viper import advance
    except (ImportError, SyntaxError, ValueError, AttributeError):
        from gatescan.core.table.decode_plain import advance
    return advance


class BlockBuffer:
    """The one buffer through which blocks are read, and how far one is decoded."""

    def __init__(self) -> None:
        self.advance = _decoder()
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
        """`place`: kind, offset and length of the section; `index`: the first key of each block.

        Raises TableError when the keys of the index do not ascend.
        """
        self._read_at = read_at
        self._buffer = buffer
        self._model = model
        self._kind, self._offset, length = place
        self._index = index
        self.blocks = len(index) // PREFIX_BYTES
        if not ordered(index, self.blocks):
            raise TableError("The index of the table is damaged: sync the table again.")
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
        state = self._buffer.state
        number = seek(state, self._index, high, low)
        if number < 0:
            return MISS
        if not self.load(number):
            return CORRUPT
        found = self._buffer.advance(state, self._buffer.bytes, self._model)
        if found != 1:
            return MISS if found == 0 else CORRUPT
        if state[S_COMPANY] != state[S_WANT_COMPANY] or state[S_ITEM] != state[S_WANT_ITEM]:
            return MISS
        return state[S_CLASS]

    def load(self, number: int) -> bool:
        """Read a block and go to its first key; False when it is damaged."""
        buffer = self._buffer
        seed(buffer.bytes, self._kind, number, self._index)
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

    def step(self) -> int:
        """Go on to the next key of the loaded block: 1, 0 when there is none, or CORRUPT."""
        state = self._buffer.state
        state[S_WANT_COMPANY] = state[S_COMPANY]
        state[S_WANT_ITEM] = state[S_ITEM] + 1
        return self._buffer.advance(state, self._buffer.bytes, self._model)

    def check(self, number: int) -> int:
        """Read a block to its end: its count of keys, 0 when anything in it is wrong."""
        if not self.load(number):
            return 0
        state = self._buffer.state
        count = state[S_LEFT] + 1
        last = number == self.blocks - 1
        # the first key of the next block, which no key of this one may reach
        at = 0 if last else (number + 1) * PREFIX_BYTES
        index = self._index
        state[S_WANT_COMPANY] = (
            _END if last else
            index[at] << 23 | index[at + 1] << 15 | index[at + 2] << 7 | index[at + 3] >> 1
        )
        state[S_WANT_ITEM] = (
            0 if last else (index[at + 3] & 1) << 16 | index[at + 4] << 8 | index[at + 5]
        )
        end = self._buffer.advance(state, self._buffer.bytes, self._model)
        return count if end == 0 else 0
