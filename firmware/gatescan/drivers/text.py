"""Draws text into a frame of 128 x 64 pixels: framebuf's MONO_VLSB, 8 rows a byte, bit 0 on top.

Text stands on pages (bands of 8 rows) and grows by whole factors. Bytes are written directly:
5 per glyph, where framebuf would need up to 40 calls. Works on CPython too.
"""

from gatescan.core.compat import TYPE_CHECKING, const
from gatescan.drivers.font6x8 import BOX_AT, EXTRA_AT, FIRST, GLYPHS

if TYPE_CHECKING:
    Frame = bytearray | memoryview

WIDTH = const(128)  # px
PAGES = const(8)
CELL = const(6)  # px, width of a character at factor 1
_GLYPH = const(5)  # px, its inked part
_BOX_CODE = const(127)

_SAME = bytes(range(256))
# What a page shows of a column stretched 1 to 4 times: `(bits >> shift) & mask`, spread.
# Entry: (shift, mask, the spread bytes)
_STRETCH = (
    (),
    ((0, 255, _SAME),),
    (
        (0, 15, b"\x00\x03\x0c\x0f\x30\x33\x3c\x3f\xc0\xc3\xcc\xcf\xf0\xf3\xfc\xff"),
        (4, 15, b"\x00\x03\x0c\x0f\x30\x33\x3c\x3f\xc0\xc3\xcc\xcf\xf0\xf3\xfc\xff"),
    ),
    (
        (0, 7, b"\x00\x07\x38\x3f\xc0\xc7\xf8\xff"),
        (2, 15, b"\x00\x01\x0e\x0f\x70\x71\x7e\x7f\x80\x81\x8e\x8f\xf0\xf1\xfe\xff"),
        (5, 7, b"\x00\x03\x1c\x1f\xe0\xe3\xfc\xff"),
    ),
    (
        (0, 3, b"\x00\x0f\xf0\xff"),
        (2, 3, b"\x00\x0f\xf0\xff"),
        (4, 3, b"\x00\x0f\xf0\xff"),
        (6, 3, b"\x00\x0f\xf0\xff"),
    ),
)


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


def draw(
    frame: "Frame", text: str, x: int, page: int, wide: int = 1, tall: int = 1, flip: int = 0
) -> int:
    """Write `text` from pixel `x`, page `page`; returns the x behind it. Clipped, never raises.

    `wide` 1 to 4 and `tall` 1 to 4 stretch the 5 x 7 glyphs; `flip` = 0xFF writes them dark on
    lit. What lay under a glyph is overwritten.
    """
    for char in text:
        at = glyph_at(ord(char))
        if x < 0 or page < 0 or x + _GLYPH * wide > WIDTH or page + tall > PAGES:
            _clipped(frame, at, x, page, wide, tall, flip)
        elif wide == 1 and tall == 1:
            to = page * WIDTH + x
            frame[to] = GLYPHS[at] ^ flip
            frame[to + 1] = GLYPHS[at + 1] ^ flip
            frame[to + 2] = GLYPHS[at + 2] ^ flip
            frame[to + 3] = GLYPHS[at + 3] ^ flip
            frame[to + 4] = GLYPHS[at + 4] ^ flip
        else:
            _stretched(frame, at, page * WIDTH + x, wide, tall, flip)
        x += CELL * wide
    return x


def fill(frame: "Frame", page: int, pages: int, value: int) -> None:
    """Set `pages` bands from `page` to the byte `value` (0 dark, 0xFF lit)."""
    band = bytes((value,)) * WIDTH
    for i in range(max(0, page), min(PAGES, page + pages)):
        frame[i * WIDTH : (i + 1) * WIDTH] = band


def _stretched(frame: "Frame", at: int, to: int, wide: int, tall: int, flip: int) -> None:
    # The hot loop: a screen has some 400 columns, and a function call a column costs 0.1 ms.
    glyphs = GLYPHS
    for shift, mask, spread in _STRETCH[tall]:
        px = to
        for i in range(at, at + _GLYPH):
            bits = spread[glyphs[i] >> shift & mask] ^ flip
            frame[px] = bits
            px += 1
            if wide > 1:
                frame[px] = bits
                px += 1
                if wide > 2:
                    frame[px] = bits
                    px += 1
                    if wide > 3:
                        frame[px] = bits
                        px += 1
        to += WIDTH


def _clipped(frame: "Frame", at: int, x: int, page: int, wide: int, tall: int, flip: int) -> None:
    for shift, mask, spread in _STRETCH[tall]:
        if 0 <= page < PAGES:
            for i in range(_GLYPH * wide):
                if 0 <= x + i < WIDTH:
                    bits = spread[GLYPHS[at + i // wide] >> shift & mask]
                    frame[page * WIDTH + x + i] = bits ^ flip
        page += 1
