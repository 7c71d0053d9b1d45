"""Code lengths -> the decoder's tables, as bytecode: without native code, and on hosts."""

from gatescan.core.compat import TYPE_CHECKING
from gatescan.core.table.block_format import (
    MAX_BITS,
    T_BASE,
    T_LAST,
    T_SYMBOLS,
)

if TYPE_CHECKING:
    from collections.abc import Sequence


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
