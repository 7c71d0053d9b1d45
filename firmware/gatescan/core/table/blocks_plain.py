"""Finds the block of an item and begins to read it, as bytecode: without native code, on hosts."""

from gatescan.core.compat import TYPE_CHECKING
from gatescan.core.table.block_format import (
    BLOCK_BYTES,
    BLOCK_DATA,
    BLOCK_END,
    ITEM_BITS,
    ITEMS_OF_COMPANY,
    MAX_COUNT,
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
    SEED_BYTES,
    SEED_KEY,
    TOMBSTONE,
)
from gatescan.core.table.format import PREFIX_BYTES
from gatescan.core.table.search_plain import floor

if TYPE_CHECKING:
    from array import array


def seek(state: "array[int]", index: "bytearray", high: int, low: int) -> int:
    """Want the item whose 13-digit number has these upper and lower 24 bits.

    Number of the only block that can hold it, -1 when it lies before the first.
    """
    company = rest = 0
    for limb in (high >> 12, high & 4095, low >> 12, low & 4095):
        rest = rest << 12 | limb
        company = company << 12 | rest // ITEMS_OF_COMPANY
        rest %= ITEMS_OF_COMPANY
    state[S_WANT_COMPANY] = company
    state[S_WANT_ITEM] = rest
    low = (company & 127) << ITEM_BITS | rest
    return floor(index, 0, PREFIX_BYTES, len(index) // PREFIX_BYTES, company >> 7, low)


def seed(buffer: "bytearray", kind: int, number: int, index: "bytearray") -> None:
    """Write what the CRC of a block covers besides the block in front of it."""
    buffer[0] = kind
    buffer[1] = number >> 16
    buffer[2] = number >> 8 & 255
    buffer[3] = number & 255
    at = number * PREFIX_BYTES
    for n in range(PREFIX_BYTES):
        buffer[SEED_KEY + n] = index[at + n]


def begin(state: "array[int]", buffer: "bytearray", length: int) -> int:
    """Go to the first key of the block of `length` bytes in `buffer`.

    Its count of keys, 0 when it is impossible.
    """
    count = buffer[SEED_BYTES] | buffer[SEED_BYTES + 1] << 8
    if not 0 < count <= MAX_COUNT or buffer[SEED_BYTES + 2] > TOMBSTONE:
        return 0
    at = SEED_KEY
    state[S_COMPANY] = (
        buffer[at] << 23 | buffer[at + 1] << 15 | buffer[at + 2] << 7 | buffer[at + 3] >> 1
    )
    state[S_ITEM] = (buffer[at + 3] & 1) << 16 | buffer[at + 4] << 8 | buffer[at + 5]
    state[S_LEFT] = count - 1
    state[S_CLASS] = buffer[SEED_BYTES + 2]
    state[S_CONTEXT] = state[S_COMPANY_BEFORE] = 0
    state[S_AT] = (SEED_BYTES + BLOCK_DATA) * 8
    state[S_END] = (SEED_BYTES + length - BLOCK_BYTES + BLOCK_END) * 8
    return count
