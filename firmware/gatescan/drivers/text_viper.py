"""Stretched text in viper. A file of its own: CPython and ports without native code refuse it."""

# ruff: noqa: SIM102 - a condition in viper takes one comparison

import micropython
from gatescan.core.compat import const

_FIRST = const(32)  # numbers of font6x8: code points from _FIRST to _BOX lie in a row,
_BOX = const(127)  # the last is the box, and behind it the others with their code points
_EXTRA_AT = const(480)


@micropython.viper
def draw_text(
    frame: ptr8,  # type: ignore[name-defined] # noqa: F821
    glyphs: ptr8,  # type: ignore[name-defined] # noqa: F821
    glyph_bytes: int,
    text: ptr8,  # type: ignore[name-defined] # noqa: F821
    text_bytes: int,
    x: int,
    page: int,
    style: int,
) -> int:
    """See `text_plain.draw_text`."""
    wide = style & 15
    tall = style >> 4 & 15
    flip = style >> 8
    here = 0
    while here < text_bytes:
        code = text[here]
        here += 1
        if code >= 0xC0:  # UTF-8, two to four bytes
            more = 1
            if code >= 0xE0:
                more = 2
                if code >= 0xF0:
                    more = 3
            code &= 0x3F >> more
            while more:
                code = code << 6 | text[here] & 0x3F
                here += 1
                more -= 1
        at = (_BOX - _FIRST) * 5
        if code < _BOX:
            if code >= _FIRST:
                at = (code - _FIRST) * 5
        else:
            place = _EXTRA_AT
            while place < glyph_bytes:
                if glyphs[place] | glyphs[place + 1] << 8 == code:
                    at = place + 2
                    break
                place += 7
        end = at + 5
        while at < end:
            ink = glyphs[at]
            source = 0
            repeat = 0
            row = page
            while row < page + tall:
                bits = ink
                if tall > 1:
                    bits = 0
                    bit = 1
                    while bit < 256:
                        if ink >> source & 1:
                            bits |= bit
                        repeat += 1
                        if repeat == tall:
                            repeat = 0
                            source += 1
                        bit <<= 1
                if row >= 0:
                    if row < 8:
                        bits ^= flip
                        px = x
                        while px < x + wide:
                            if px >= 0:
                                if px < 128:
                                    frame[row << 7 | px] = bits
                            px += 1
                row += 1
            x += wide
            at += 1
        x += wide
    return x
