"""The decoder of item blocks, as bytecode: where there is no native code, and on hosts.

No number takes more than 30 bits, so that a board makes no garbage of it.
"""

from gatescan.core.compat import TYPE_CHECKING
from gatescan.core.table.block_format import (
    COMPANY_K,
    GAP_K,
    GAPS,
    ITEM_K,
    M_CLASS,
    M_COMPANY,
    M_GAP_CLASS,
    M_ITEM,
    M_JOINT,
    M_TABLES,
    MAX_BITS,
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
    T_BASE,
    T_LAST,
    T_SYMBOLS,
    TABLE_BYTES,
)
from gatescan.core.table.format import CORRUPT

if TYPE_CHECKING:
    from array import array


def advance(state: "array[int]", block: "bytearray", model: "bytearray") -> int:
    """Go on to the first key that is not below the wanted one.

    1: `state` holds that key and its class; 0: the block ends before; CORRUPT: no valid bits.
    `block` must reach PADDING_BYTES further than the end in `state`.
    """
    while state[S_COMPANY] < state[S_WANT_COMPANY] or (
        state[S_COMPANY] == state[S_WANT_COMPANY] and state[S_ITEM] < state[S_WANT_ITEM]
    ):
        if not state[S_LEFT]:
            return 0
        state[S_LEFT] -= 1
        context = state[S_CONTEXT]
        symbol = _symbol(state, block, model, model[M_JOINT + context])
        changed = symbol >= GAPS
        if changed:
            symbol -= GAPS
        if symbol:
            state[S_ITEM] += _value(state, block, symbol, GAP_K)
        else:
            state[S_COMPANY_BEFORE] = _symbol(
                state, block, model, model[M_COMPANY + state[S_COMPANY_BEFORE]]
            )
            state[S_COMPANY] += _value(state, block, state[S_COMPANY_BEFORE], COMPANY_K) + 1
            first = _symbol(state, block, model, model[M_ITEM])
            state[S_ITEM] = _value(state, block, first, ITEM_K)
        if changed:
            state[S_CLASS] = _symbol(state, block, model, model[M_CLASS + state[S_CLASS]])
        state[S_CONTEXT] = model[M_GAP_CLASS + symbol] << 4 | context >> 4 << 1 | changed
        if state[S_AT] > state[S_END]:
            return CORRUPT
    return 1


def _peek(state: "array[int]", block: "bytearray") -> int:
    """The next 16 bits."""
    at = state[S_AT]
    byte = at >> 3
    bits = block[byte] << 16 | block[byte + 1] << 8 | block[byte + 2]
    return bits >> 8 - (at & 7) & 0xFFFF


def _symbol(state: "array[int]", block: "bytearray", model: "bytearray", table: int) -> int:
    """Read one symbol of a table, whose code words are canonical."""
    bits = _peek(state, block)
    at = M_TABLES + table * TABLE_BYTES
    length = model[at + T_LAST]
    while bits > model[at + 2 * length] | model[at + 2 * length + 1] << 8:
        length += 1
    state[S_AT] += length
    base = at + T_BASE + 2 * length
    place = (bits >> MAX_BITS + 1 - length) - (model[base] | model[base + 1] << 8)
    return model[at + T_SYMBOLS + place]


def _value(state: "array[int]", block: "bytearray", symbol: int, k: int) -> int:
    """What a symbol stands for, its extra bits read."""
    above = symbol - (1 << k)
    if above < 0:
        return symbol
    extra = k - 1 + (above >> 1)
    value = 2 | above & 1
    while extra > 0:
        part = min(extra, 12)
        value = value << part | _peek(state, block) >> 16 - part
        state[S_AT] += part
        extra -= part
    return value
