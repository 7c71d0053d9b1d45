"""The encoder of item blocks in viper. A file of its own: CPython and ports without native code
refuse it. Numbers of block_format.py; a test compares the blocks with those of `encode_plain`.
"""

# ruff: noqa: ANN001, ANN202, F821 - buffers are any object here; the pointers are viper's words
# mypy: ignore-errors

import micropython


@micropython.viper
def _bucket(value: int, k: int) -> int:
    """Extra bits << 8 | symbol of a number."""
    if value < 1 << k:
        return value
    octave = k
    while value >> (octave + 1):
        octave += 1
    half = (value >> (octave - 1)) & 1
    return (octave - 1) << 8 | ((1 << k) + 2 * (octave - k) + half)


@micropython.viper
def _write(block, at: int, value: int, bits: int):
    """OR at most 25 bits of a number into those from `at` on."""
    b = ptr8(block)
    end = at + bits
    value <<= -end & 7
    byte = (end - 1) >> 3
    while value:
        b[byte] = b[byte] | (value & 255)
        value = (value >> 8) & 0xFFFFFF
        byte -= 1


@micropython.viper
def put(state, block, model, words, company: int, item: int, class_id: int) -> int:
    """See `encode_plain.put`."""
    s = ptr32(state)
    m = ptr8(model)
    w = ptr32(words)
    at = int(s[0])
    gap = company - int(s[2])
    if gap < 0 or item > 99999 or (not gap and item <= int(s[3])):
        return 0
    changed = 0 if class_id == int(s[4]) else 42
    context = int(s[5])
    symbol = 0
    before = 0
    first = 0
    extra = 0
    if not gap:
        symbol = item - int(s[3])
        if symbol >= 16:
            symbol = int(_bucket(symbol, 4))
            extra = symbol >> 8
            symbol &= 255
    joint = w[m[context] * 128 + symbol + changed]
    bits = (joint & 15) + extra
    other = 0
    of_item = 0
    if gap:
        before = int(_bucket(gap - 1, 2))
        first = int(_bucket(item, 1))
        other = w[m[161 + int(s[6])] * 128 + (before & 255)]
        of_item = w[m[215] * 128 + (first & 255)]
        bits += (other & 15) + (before >> 8) + (of_item & 15) + (first >> 8)
    new = 0
    if changed:
        new = w[m[96 + int(s[4])] * 128 + class_id]
        bits += new & 15
    if at + bits > int(s[9]):
        return 0
    s[0] = at + bits
    _write(block, at, joint >> 4, joint & 15)
    at += joint & 15
    if extra:
        _write(block, at, (item - int(s[3])) & ((1 << extra) - 1), extra)
        at += extra
    if gap:
        _write(block, at, other >> 4, other & 15)
        at += other & 15
        extra = before >> 8
        if extra:
            _write(block, at, (gap - 1) & ((1 << extra) - 1), extra)
            at += extra
        _write(block, at, of_item >> 4, of_item & 15)
        at += of_item & 15
        extra = first >> 8
        if extra:
            _write(block, at, item & ((1 << extra) - 1), extra)
            at += extra
        s[6] = before & 255
    if changed:
        _write(block, at, new >> 4, new & 15)
    s[2] = company
    s[3] = item
    s[4] = class_id
    s[5] = m[216 + symbol] << 4 | context >> 4 << 1 | (1 if changed else 0)
    return 1


@micropython.viper
def copy(advance, source, source_block, sink, sink_block, model, words, most: int) -> int:
    """See `encode_plain.copy`."""
    r = ptr32(source)
    count = 0
    while count < most:
        company = int(r[2])
        item = int(r[3])
        if company > int(r[10]) or (company == int(r[10]) and item >= int(r[11])):
            break
        if not int(put(sink, sink_block, model, words, company, item, int(r[4]))):
            break
        count += 1
        if not int(r[1]):
            r[1] = -1
            break
        r[7] = company
        r[8] = item + 1
        if int(advance(source, source_block, model)) != 1:
            return -2
    return count
