"""The operation log of a delta: which items of the parent go, change their class, or are new.

Items of the parent are named by their rank, new ones by the gap between two of them: FORMAT.md.
"""

import struct
from array import array

from gatescan.core.compat import TYPE_CHECKING, const
from gatescan.core.table.block_format import (
    ITEMS_OF_COMPANY,
    S_AT,
    S_CLASS,
    S_COMPANY,
    S_COMPANY_BEFORE,
    S_CONTEXT,
    S_END,
    S_ITEM,
    S_LEFT,
    S_WANT_COMPANY,
    S_WANT_ITEM,
    S_WORDS,
    TOMBSTONE,
)
from gatescan.core.table.format import TableError, take

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from gatescan.core.table.items import BlockBuffer
    from gatescan.core.table.walk import Walk

OPS_HEAD_BYTES = const(6)
_WINDOW_BYTES = const(256)
_REACH_BYTES = const(64)  # more than one operation takes
_MAX_CLASS_BITS = const(6)
MAX_UNARY = const(40)
LONG_BITS = const(24)  # of a count that its unary part cannot say


class Bits:
    """Reads numbers of some bits from a section of the file, through a small window."""

    def __init__(self, read_at: "Callable[..., None]", offset: int, length: int) -> None:
        self._read_at = read_at
        self._offset = offset
        self._left = length
        self.window = bytearray(_WINDOW_BYTES + _REACH_BYTES)
        self._valid = len(self.window)  # bytes of it that are the section's
        self.state = array("i", [0] * S_WORDS)
        self.state[S_AT] = (_WINDOW_BYTES + _REACH_BYTES) * 8
        self.state[S_END] = (_WINDOW_BYTES + _REACH_BYTES) * 8
        self.refill()

    def refill(self) -> None:
        """Have at least one operation in the window; behind the end of the section are zeros.

        Raises TableError when more was taken than there is.
        """
        used = self.state[S_AT] >> 3
        if used < _WINDOW_BYTES:
            return
        if used > self._valid:
            raise _unfit()
        window = self.window
        kept = len(window) - used
        window[:kept] = window[used:]
        count = min(self._left, used)
        part = memoryview(window)[kept : kept + count]
        take(self._read_at, self._offset, part)
        for at in range(kept + count, len(window)):
            window[at] = 0
        self._offset += count
        self._left -= count
        self._valid += count - used
        self.state[S_AT] &= 7

    def ended(self) -> bool:
        """Whether all of the section was taken, but for the rest of its last byte."""
        return not self._left and self.state[S_AT] + 7 >> 3 == self._valid

    def take(self, bits: int) -> int:
        """The next number of so many bits, the highest first."""
        value = 0
        at = self.state[S_AT]
        for _ in range(bits):
            value = value << 1 | self.window[at >> 3] >> 7 - (at & 7) & 1
            at += 1
        self.state[S_AT] = at
        return value

    def count(self, k: int) -> int:
        """A count in Golomb-Rice code: unary part, k bits; LONG_BITS after MAX_UNARY ones."""
        high = 0
        while self.take(1):
            high += 1
            if high == MAX_UNARY:
                return self.take(LONG_BITS)
        return high << k | self.take(k)

    def run(self) -> int:
        """A count in Elias' gamma code."""
        bits = 0
        while bits < LONG_BITS and self.take(1):
            bits += 1
        return (1 << bits | self.take(bits)) - 1

    def below(self, end: int) -> int:
        """A number below `end`, in truncated binary."""
        bits = 0
        while 1 << bits < end:
            bits += 1
        short = (1 << bits) - end
        value = self.take(bits - 1) if bits else 0
        return value if not bits or value < short else (value << 1 | self.take(1)) - short


def operations(
    bits: Bits, walk: "Walk", buffer: "BlockBuffer", model: "bytearray"
) -> "Iterator[tuple[int, int, int] | None]":
    """(company, item, class) of every item that is no more what it was, ascending, and None.

    None asks for nothing but time. The class of an item that goes is TOMBSTONE. Raises TableError
    when the operations do not fit the parent.
    """
    keys, class_bits, k = struct.unpack_from("<IBB", bits.window)
    if class_bits > _MAX_CLASS_BITS or k > LONG_BITS:
        raise _unfit()
    bits.state[S_AT] += OPS_HEAD_BYTES * 8
    while keys > 0:
        bits.refill()
        insert = not bits.take(1)
        gone = not insert and not bits.take(1)
        yield from walk.skip(bits.count(k))
        keys -= 1
        if not insert:
            if walk.ended:
                raise _unfit()
            yield walk.company, walk.item, TOMBSTONE if gone else bits.take(class_bits)
            yield from walk.skip(1)
            continue
        first = walk.before_key() + 1
        room = walk.key() - first
        if room <= 0:
            raise _unfit()
        company, item = divmod(first + bits.below(room), ITEMS_OF_COMPANY)
        if bits.take(1):
            class_id = walk.before_class
        elif bits.take(1):
            class_id = walk.class_id
        else:
            class_id = bits.take(class_bits)
        yield company, item, class_id
        state = bits.state
        state[S_COMPANY], state[S_ITEM], state[S_CLASS] = company, item, class_id
        state[S_CONTEXT] = state[S_COMPANY_BEFORE] = 0
        run = bits.run()
        keys -= run
        for _ in range(run):  # more new items in this gap, as they would stand in a block
            bits.refill()
            state[S_LEFT] = 1
            state[S_WANT_COMPANY], state[S_WANT_ITEM] = state[S_COMPANY], state[S_ITEM] + 1
            if buffer.advance(state, bits.window, model) != 1:
                raise _unfit()
            if state[S_ITEM] >= ITEMS_OF_COMPANY or state[S_COMPANY] * ITEMS_OF_COMPANY + state[
                S_ITEM
            ] >= walk.key():
                raise _unfit()
            yield state[S_COMPANY], state[S_ITEM], state[S_CLASS]
    if keys or not bits.ended():
        raise _unfit()


def _unfit() -> TableError:
    return TableError("The changes do not fit the table: sync the whole table.")
