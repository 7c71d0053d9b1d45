"""Stretched text into a frame, in bytecode: the twin of text_viper.py that runs everywhere."""

from gatescan.core.compat import TYPE_CHECKING, const
from gatescan.drivers.font6x8 import BOX_AT, EXTRA_AT, FIRST, GLYPHS

if TYPE_CHECKING:
    Buffer = bytes | bytearray | memoryview

_GLYPH = const(5)  # columns
_BOX_CODE = const(127)


def glyph_at(code: int) -> int:
    """Where in GLYPHS the five columns of a code point start; an unknown one gives the box."""
    if FIRST <= code < _BOX_CODE:
        return (code - FIRST) * _GLYPH
    at = EXTRA_AT
    end = len(GLYPHS)
    while at < end:
        if GLYPHS[at] | GLYPHS[at + 1] << 8 == code:
            return at + 2
        at += _GLYPH + 2
    return BOX_AT


def draw_text(
    frame: "bytearray | memoryview",
    glyphs: "Buffer",
    glyph_bytes: int,
    text: bytes,
    text_bytes: int,
    x: int,
    page: int,
    style: int,
) -> int:
    """Draw UTF-8 `text` from pixel `x`, page `page` of a frame of 128 x 64; the x behind it.

    Clipped. `glyphs`: GLYPHS of font6x8. `style`: factor to the right 1 to 4 (bits 0-3), down
    (bits 4-7), and what flips the pixels (bits 8-15: 0xFF for dark on lit).
    """
    wide = style & 15
    tall = style >> 4 & 15
    for char in str(text[:text_bytes], "utf-8"):
        at = glyph_at(ord(char))
        for column in range(5):
            ink = glyphs[at + column]
            source = repeat = 0
            for row in range(page, page + tall):
                bits = 0
                for bit in range(8):
                    bits |= (ink >> source & 1) << bit
                    repeat += 1
                    if repeat == tall:
                        repeat = 0
                        source += 1
                if 0 <= row < 8:
                    for px in range(x, x + wide):
                        if 0 <= px < 128:
                            frame[row << 7 | px] = bits ^ style >> 8
            x += wide
        x += wide
    return x
