"""Draws a screen of `core.screens` on the panel: one large word, up to five lines below it.

The word is 28 px high (capitals) where two lines or fewer leave the room, else 21 px; lines from
the top are 14 px high as long as there is room, the rest 7 px. So a short screen reads from afar.
"""

from gatescan.core.compat import TYPE_CHECKING, const
from gatescan.core.screens.signals import ALARM_LIGHTS
from gatescan.drivers import text

if TYPE_CHECKING:
    from gatescan.core.screens import Screen
    from gatescan.drivers.ssd1306 import Ssd1306

_MARGIN = const(1)  # px, left of a line: 21 characters take 126 of 128
_LINES = const(5)


def compose(frame: "bytearray | memoryview", screen: "Screen") -> None:
    """Draw `screen` into a MONO_VLSB frame of 1024 bytes. Never raises on any strings."""
    text.fill(frame, 0, text.PAGES, 0)
    lines = screen.lines[:_LINES]
    page = 0
    if screen.big:
        tall = 4 if len(lines) <= 2 else 3
        wide = 3
        while wide > 1 and len(screen.big) * text.CELL * wide - wide > text.WIDTH:
            wide -= 1
        width = len(screen.big) * text.CELL * wide - wide
        flip = 0
        if screen.light in ALARM_LIGHTS:
            flip = 0xFF  # a refusal is dark on a lit bar: told apart without reading
            text.fill(frame, 0, tall, flip)
        text.draw(frame, screen.big, max(0, (text.WIDTH - width) // 2), 0, wide, tall, flip)
        page = tall
    spare = text.PAGES - page - len(lines)
    for line in lines:
        tall = 2 if spare > 0 else 1
        spare -= 1
        text.draw(frame, line, _MARGIN, page, 1, tall)
        page += tall


class Display:
    """The panel as the application uses it: `show(screen)`."""

    def __init__(self, panel: "Ssd1306") -> None:
        self.panel = panel

    def show(self, screen: "Screen") -> bool:
        """Draw and send `screen`; False if the panel did not take it: the next call tries anew."""
        compose(self.panel.buffer, screen)
        return self.panel.show()
