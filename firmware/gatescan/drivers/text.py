"""Draws text into a frame of 128 x 64 pixels: framebuf's MONO_VLSB, 8 rows a byte, bit 0 on top.

Text stands on pages (bands of 8 rows) and grows by whole factors. The pixels are set by viper
code where the board has it, by its twin in bytecode elsewhere, CPython included.
"""

from gatescan.core.compat import TYPE_CHECKING, const
from gatescan.drivers.font6x8 import GLYPHS

try:
    from gatescan.drivers.text_viper import draw_text
except (ImportError, SyntaxError, ValueError, AttributeError):
    from gatescan.drivers.text_plain import draw_text

if TYPE_CHECKING:
    Frame = bytearray | memoryview

WIDTH = const(128)  # px
PAGES = const(8)
CELL = const(6)  # px, width of a character at factor 1


def draw(
    frame: "Frame", text: str, x: int, page: int, wide: int = 1, tall: int = 1, flip: int = 0
) -> int:
    """Write `text` from pixel `x`, page `page`; returns the x behind it. Clipped, never raises.

    `wide` 1 to 4 and `tall` 1 to 4 stretch the 5 x 7 glyphs; `flip` = 0xFF writes them dark on
    lit. What lay under a glyph is overwritten.
    """
    raw = text.encode()
    style = wide | tall << 4 | flip << 8
    return draw_text(frame, GLYPHS, len(GLYPHS), raw, len(raw), x, page, style)


def fill(frame: "Frame", page: int, pages: int, value: int) -> None:
    """Set `pages` bands from `page` to the byte `value` (0 dark, 0xFF lit)."""
    band = bytes((value,)) * WIDTH
    for i in range(max(0, page), min(PAGES, page + pages)):
        frame[i * WIDTH : (i + 1) * WIDTH] = band
