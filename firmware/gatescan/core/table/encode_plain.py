"""The encoder of item blocks, as bytecode: where there is no native code, and on hosts."""

from gatescan.core.compat import TYPE_CHECKING
from gatescan.core.table.block_format import (
    COMPANY_K,
    GAP_K,
    GAPS,
    ITEM_K,
    ITEMS_OF_COMPANY,
    M_CLASS,
    M_COMPANY,
    M_GAP_CLASS,
    M_ITEM,
    M_JOINT,
    S_AT,
    S_CLASS,
    S_COMPANY,
    S_COMPANY_BEFORE,
    S_CONTEXT,
    S_END,
    S_ITEM,
    S_LEFT,
    S_LIMIT_COMPANY,
    S_LIMIT_ITEM,
    S_WANT_COMPANY,
    S_WANT_ITEM,
    WORDS,
)
from gatescan.core.table.format import CORRUPT

if TYPE_CHECKING:
    from array import array
    from collections.abc import Callable


def put(
    state: "array[int]",
    block: "bytearray",
    model: "bytearray",
    words: "array[int]",
    company: int,
    item: int,
    class_id: int,
) -> int:
    """Write the next key, greater than the one in `state`, behind it: 1, or 0 when it has no room.

    `words[table * 128 + symbol]`: code word << 4 | length. The bits behind the end are zeros.
    """
    changed = class_id != state[S_CLASS]
    context = state[S_CONTEXT]
    gap = company - state[S_COMPANY]
    if gap < 0 or item >= ITEMS_OF_COMPANY or (not gap and item <= state[S_ITEM]):
        return 0  # of a damaged source: an offset into the tables would come of it
    value = bits = symbol = before = 0
    if not gap:
        symbol, extra, raw = bucket(item - state[S_ITEM], GAP_K)
    word = words[model[M_JOINT + context] * WORDS + symbol + changed * GAPS]
    value, bits = word >> 4, word & 15
    if gap:
        before, extra, raw = bucket(gap - 1, COMPANY_K)
        word = words[model[M_COMPANY + state[S_COMPANY_BEFORE]] * WORDS + before]
        value = (value << (word & 15) | word >> 4) << extra | raw
        bits += (word & 15) + extra
        first, extra, raw = bucket(item, ITEM_K)
        word = words[model[M_ITEM] * WORDS + first]
        value = value << (word & 15) | word >> 4
        bits += word & 15
    value = value << extra | raw
    bits += extra
    if changed:
        word = words[model[M_CLASS + state[S_CLASS]] * WORDS + class_id]
        value = value << (word & 15) | word >> 4
        bits += word & 15
    at = state[S_AT]
    if at + bits > state[S_END]:
        return 0
    _write(block, at, value, bits)
    state[S_AT] = at + bits
    if gap:
        state[S_COMPANY_BEFORE] = before
    state[S_COMPANY] = company
    state[S_ITEM] = item
    state[S_CLASS] = class_id
    state[S_CONTEXT] = model[M_GAP_CLASS + symbol] << 4 | context >> 4 << 1 | changed
    return 1


def copy(
    advance: "Callable[..., int]",
    source: "array[int]",
    source_block: "bytearray",
    sink: "array[int]",
    sink_block: "bytearray",
    model: "bytearray",
    words: "array[int]",
    most: int,
) -> int:
    """Write the present key of `source` and those after it, `most` at most, behind `sink`.

    How many were written: the next one is at the limit in `source`, or has no room, or there is
    none in this block, and S_LEFT is -1. CORRUPT when a bit of `source_block` is wrong.
    """
    count = 0
    while count < most:
        company, item = source[S_COMPANY], source[S_ITEM]
        limit = source[S_LIMIT_COMPANY]
        if company > limit or (company == limit and item >= source[S_LIMIT_ITEM]):
            break
        if not put(sink, sink_block, model, words, company, item, source[S_CLASS]):
            break
        count += 1
        if not source[S_LEFT]:
            source[S_LEFT] = -1
            break
        source[S_WANT_COMPANY], source[S_WANT_ITEM] = company, item + 1
        if advance(source, source_block, model) != 1:
            return CORRUPT
    return count


def bucket(value: int, k: int) -> "tuple[int, int, int]":
    """(symbol, extra bits, their value) of a number, as FORMAT.md says."""
    if value < 1 << k:
        return value, 0, 0
    octave = 0
    while value >> octave > 1:
        octave += 1
    half = value >> octave - 1 & 1
    return (1 << k) + 2 * (octave - k) + half, octave - 1, value & (1 << octave - 1) - 1


def _write(block: "bytearray", at: int, value: int, bits: int) -> None:
    """OR the number into the bits from `at` on."""
    value <<= -(at + bits) & 7
    byte = at + bits - 1 >> 3
    while value:
        block[byte] |= value & 255
        value >>= 8
        byte -= 1
