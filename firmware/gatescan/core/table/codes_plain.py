"""What opening a table takes time for, as bytecode: without native code, and on hosts.

Code lengths become the decoder's tables, and the index must ascend.
"""

from gatescan.core.compat import TYPE_CHECKING
from gatescan.core.table.block_format import (
    MAX_BITS,
    T_BASE,
    T_LAST,
    T_SYMBOLS,
)
from gatescan.core.table.format import PREFIX_BYTES

if TYPE_CHECKING:
    from collections.abc import Sequence


def spread(
    model: "bytearray", at: int, nibbles: "bytes", first: int, count: int, tables: int
) -> int:
    """Write `count` nibbles from number `first` on to `model[at:]`, the first table added to each.

    `tables`: the first one, and 256 times how many there are; 0 when a nibble names none of them.
    """
    for place, table in enumerate(_lengths(nibbles, first, count), at):
        if table >= tables >> 8:
            return 0
        model[place] = table + (tables & 255)
    return 1


def build(model: "bytearray", at: int, nibbles: "bytes", first: int, symbols: int) -> int:
    """Make the record of one table at `model[at:]`, which holds zeros.

    Its code lengths, 1 to 15, are the `symbols` nibbles from number `first` on, the upper one of
    a byte before the lower one. 1, or 0 when they make no complete code.
    """
    counts = [0] * (MAX_BITS + 1)
    for length in _lengths(nibbles, first, symbols):
        counts[length] += 1
    if counts[0]:
        return 0
    word = place = 0
    places = [0] * (MAX_BITS + 1)
    for length in range(1, MAX_BITS + 1):
        word <<= 1
        _put(model, at + T_BASE + 2 * length, word - place)
        places[length] = place
        place += counts[length]
        word += counts[length]
        if word > 1 << length:
            return 0
        if word:
            _put(model, at + T_LAST + 2 * length, (word << MAX_BITS + 1 - length) - 1)
            if not model[at + T_LAST]:
                model[at + T_LAST] = length
    for symbol, length in enumerate(_lengths(nibbles, first, symbols)):
        model[at + T_SYMBOLS + places[length]] = symbol
        places[length] += 1
    return int(word == 1 << MAX_BITS)


def _lengths(nibbles: "bytes", first: int, symbols: int) -> "Sequence[int]":
    return [nibbles[n >> 1] >> (0 if n & 1 else 4) & 15 for n in range(first, first + symbols)]


def _put(model: "bytearray", at: int, number: int) -> None:
    model[at] = number & 255
    model[at + 1] = number >> 8 & 255


def ordered(index: "bytearray", blocks: int) -> int:
    """Whether the keys of the index ascend and are small enough to be keys: 1 or 0."""
    high = low = -1
    for at in range(0, blocks * PREFIX_BYTES, PREFIX_BYTES):
        before_high, before_low = high, low
        high = index[at] << 16 | index[at + 1] << 8 | index[at + 2]
        low = index[at + 3] << 16 | index[at + 4] << 8 | index[at + 5]
        if high < before_high or (high == before_high and low <= before_low) or high >> 20:
            return 0
    return 1
