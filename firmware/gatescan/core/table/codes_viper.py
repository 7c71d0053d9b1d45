"""What opening a table takes time for, in viper: ten times as fast on a board.

Numbers of block_format.py; a test compares the tables with those of `codes_plain`.
"""

# ruff: noqa: ANN001, F821 - buffers are any object here, and the pointers are viper's words
# mypy: ignore-errors

import micropython


@micropython.viper
def spread(model, at: int, nibbles, first: int, count: int, tables: int) -> int:
    """See `codes_plain.spread`."""
    m = ptr8(uint(ptr8(model)) + at)
    n = ptr8(nibbles)
    i = 0
    while i < count:
        j = first + i
        table = n[j >> 1] & 15 if j & 1 else n[j >> 1] >> 4
        if table >= tables >> 8:
            return 0
        m[i] = table + (tables & 255)
        i += 1
    return 1


@micropython.viper
def build(model, at: int, nibbles, first: int, symbols: int) -> int:
    """See `codes_plain.build`."""
    m = ptr8(uint(ptr8(model)) + at)
    t = ptr16(uint(ptr8(model)) + at)
    n = ptr8(nibbles)
    # counts by length, then places: where the last code words and the bases will stand
    i = first
    while i < first + symbols:
        length = n[i >> 1] & 15 if i & 1 else n[i >> 1] >> 4
        if not length:
            return 0
        t[length] = t[length] + 1
        i += 1
    word = 0
    place = 0
    length = 1
    while length < 16:
        count = int(t[length])
        t[length] = place  # for now
        word <<= 1
        t[16 + length] = word - place
        place += count
        word += count
        if word > 1 << length:
            return 0
        if word and not int(t[0]):
            t[0] = length
        length += 1
    if word != 1 << 15:
        return 0
    i = 0
    while i < symbols:
        j = first + i
        length = n[j >> 1] & 15 if j & 1 else n[j >> 1] >> 4
        m[64 + t[length]] = i
        t[length] = t[length] + 1
        i += 1
    # each place is now where its length ends
    length = int(t[0])
    while length < 16:
        t[length] = ((int(t[length]) + int(t[16 + length])) << (16 - length)) - 1
        length += 1
    length = 1
    while length < int(t[0]):
        t[length] = 0
        length += 1
    return 1


@micropython.viper
def ordered(index, blocks: int) -> int:
    """See `codes_plain.ordered`."""
    i = ptr8(index)
    high = -1
    low = -1
    at = 0
    while at < blocks * 6:
        high_before = high
        low_before = low
        high = i[at] << 16 | i[at + 1] << 8 | i[at + 2]
        low = i[at + 3] << 16 | i[at + 4] << 8 | i[at + 5]
        if high < high_before or (high == high_before and low <= low_before) or high >> 20:
            return 0
        at += 6
    return 1
