"""The encoder of item blocks in viper. A file of its own: CPython and ports without native code
refuse it. Numbers of block_format.py; a test compares the blocks with those of `encode_plain`.
"""

# ruff: noqa: ANN001, F821 - buffers are any object here, and the pointers are viper's words
# mypy: ignore-errors

import micropython


@micropython.viper
def _bucket(value: int, k: int) -> int:
    """Symbol of a number << 8 | extra bits."""
    if value < 1 << k:
        return value << 8
    octave = k
    while value >> (octave + 1):
        octave += 1
    symbol = (1 << k) + 2 * (octave - k) + ((value >> (octave - 1)) & 1)
    return symbol << 8 | octave - 1


@micropython.viper
def put(state, block, model, words, company: int, item: int, class_id: int) -> int:
    """See `encode_plain.put`."""
    s = ptr32(state)
    b = ptr8(block)
    m = ptr8(model)
    w = ptr32(words)
    at = int(s[0])
    gap = company - int(s[2])
    changed = 0 if class_id == int(s[4]) else 1
    context = int(s[5])
    first = 0
    symbol = 0
    if gap:
        first = int(_bucket(gap - 1, 2))
    else:
        first = int(_bucket(item - int(s[3]), 4))
        symbol = first >> 8
    # up to seven pieces: code words and extra bits; written twice, first only measured
    writing = 0
    while writing < 2:
        at = int(s[0])
        piece = 0
        while piece < 6:
            bits = 0
            word = 0
            if piece == 0:
                word = w[m[context] * 128 + symbol + changed * 42]
            elif piece == 1 and gap:
                word = w[m[161 + int(s[6])] * 128 + (first >> 8)]
            elif piece == 2 or piece == 4:
                value = item
                k = 1
                if piece == 2:
                    value = gap - 1 if gap else item - int(s[3])
                    k = 2 if gap else 4
                elif not gap:
                    value = 0
                bits = int(_bucket(value, k)) & 255
                word = (value & ((1 << bits) - 1)) << 4
            elif piece == 3 and gap:
                word = w[m[215] * 128 + (int(_bucket(item, 1)) >> 8)]
            elif piece == 5 and changed:
                word = w[m[96 + int(s[4])] * 128 + class_id]
            if piece != 2 and piece != 4:
                bits = word & 15
            word >>= 4
            if writing:
                end = at + bits
                shift = -end & 7
                byte = (end - 1) >> 3
                word <<= shift
                while word:
                    b[byte] = b[byte] | (word & 255)
                    word >>= 8
                    byte -= 1
            at += bits
            piece += 1
        if at > int(s[9]):
            return 0
        writing += 1
    s[0] = at
    if gap:
        s[6] = first >> 8
    s[2] = company
    s[3] = item
    s[4] = class_id
    s[5] = m[216 + symbol] << 4 | context >> 4 << 1 | changed
    return 1
