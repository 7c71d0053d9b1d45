"""The decoder of item blocks in viper. A file of its own: CPython and ports without native code
refuse it. Numbers of block_format.py; a test compares the answers with `decode_plain`.
"""

# ruff: noqa: ANN001, F821 - buffers are any object here, and the pointers are viper's words
# mypy: ignore-errors

import micropython
from gatescan.core.compat import const

_CORRUPT = const(-2)
_M_CLASS = const(96)
_M_COMPANY = const(161)
_M_ITEM = const(215)
_M_GAP_CLASS = const(216)
_M_TABLES = const(260)


@micropython.viper
def advance(state, block, model) -> int:
    """See `decode_plain.advance`. One function: calls in viper cost more than the decoding."""
    s = ptr32(state)
    b = ptr8(block)
    m = ptr8(model)
    at = int(s[0])
    company = int(s[2])
    item = int(s[3])
    found = 1
    while company < int(s[7]) or (company == int(s[7]) and item < int(s[8])):
        found = 0
        if not int(s[1]):
            break
        s[1] = int(s[1]) - 1
        table = m[int(s[5])]
        gap = 0
        changed = 0
        k = 4  # of the value in hand; 0: the class
        while True:
            bits = b[at >> 3] << 16 | b[(at >> 3) + 1] << 8 | b[(at >> 3) + 2]
            bits = (bits >> (8 - (at & 7))) & 0xFFFF
            start = _M_TABLES + table * 148
            t = ptr16(uint(m) + start)
            length = int(t[0])
            while bits > int(t[length]):
                length += 1
            at += length
            value = m[start + 64 + (bits >> (16 - length)) - int(t[16 + length])]
            if k == 0:
                s[4] = value
                break
            if k == 4:
                if value >= 42:
                    changed = 1
                    value -= 42
                gap = value
                if not gap:
                    table = m[_M_COMPANY + int(s[6])]
                    k = 2
                    continue
            elif k == 2:
                s[6] = value
            above = value - (1 << k)
            if above >= 0:
                extra = k - 1 + (above >> 1)
                value = 2 | (above & 1)
                while extra > 0:
                    part = 12 if extra > 12 else extra
                    bits = b[at >> 3] << 16 | b[(at >> 3) + 1] << 8 | b[(at >> 3) + 2]
                    bits = (bits >> (8 - (at & 7))) & 0xFFFF
                    value = value << part | bits >> (16 - part)
                    at += part
                    extra -= part
            if k == 2:
                company += value + 1
                table = m[_M_ITEM]
                k = 1
                continue
            item = value if k == 1 else item + value
            if not changed:
                break
            table = m[_M_CLASS + int(s[4])]
            k = 0
        s[5] = m[_M_GAP_CLASS + gap] << 4 | int(s[5]) >> 4 << 1 | changed
        found = 1
        if at > int(s[9]):
            found = _CORRUPT
            break
    s[0] = at
    s[2] = company
    s[3] = item
    return found
