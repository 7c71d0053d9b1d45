"""Finds the block of an item and begins to read it, in viper. A file of its own: CPython and
ports without native code refuse it. Numbers of block_format.py; a test compares the answers.
"""

# ruff: noqa: ANN001, ANN201, F821, RUF046 - buffers are any object here, and the pointers are viper's words
# mypy: ignore-errors

import micropython
from gatescan.core.table.search_viper import floor


@micropython.viper
def seek(state, index, high: int, low: int) -> int:
    """See `blocks_plain.seek`."""
    s = ptr32(state)
    company = 0
    rest = 0
    shift = 36
    while shift >= 0:
        limb = (high >> (shift - 24) if shift >= 24 else low >> shift) & 4095
        rest = rest << 12 | limb
        company = company << 12 | rest // 100000
        rest %= 100000
        shift -= 12
    s[7] = company
    s[8] = rest
    blocks = int(len(index)) // 6
    low = (company & 127) << 17 | rest
    return int(floor(index, 0, 6, blocks, company >> 7, low))


@micropython.viper
def seed(buffer, kind: int, number: int, index):
    """See `blocks_plain.seed`."""
    b = ptr8(buffer)
    b[0] = kind
    b[1] = number >> 16
    b[2] = number >> 8
    b[3] = number
    i = ptr8(uint(ptr8(index)) + number * 6)
    n = 0
    while n < 6:
        b[6 + n] = i[n]
        n += 1


@micropython.viper
def begin(state, buffer, length: int) -> int:
    """See `blocks_plain.begin`."""
    s = ptr32(state)
    b = ptr8(buffer)
    count = b[12] | b[13] << 8
    if count == 0 or count > 2047 or b[14] > 64:
        return 0
    s[0] = 15 * 8
    s[1] = count - 1
    s[2] = b[6] << 23 | b[7] << 15 | b[8] << 7 | b[9] >> 1
    s[3] = (b[9] & 1) << 16 | b[10] << 8 | b[11]
    s[4] = b[14]
    s[5] = 0
    s[6] = 0
    s[9] = (12 + length - 4) * 8
    return count
