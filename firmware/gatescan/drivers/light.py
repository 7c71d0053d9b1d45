"""One signal light (a NeoPixel-like object) that blinks its meaning: see core.screens.signals."""

from gatescan.core.compat import TYPE_CHECKING
from gatescan.core.screens.signals import LIGHTS
from gatescan.drivers.ticks import ticks_diff

if TYPE_CHECKING:
    from typing import Protocol

    class Pixel(Protocol):
        """What the driver needs of `neopixel.NeoPixel` with one pixel."""

        def __setitem__(self, __index: int, __colour: "tuple[int, int, int]") -> None:
            """Set the colour of the next `write`."""

        def write(self) -> None:
            """Send the colour to the pixel."""


_DARK = (0, 0, 0)


class Light:
    """Steps through a pattern; `tick` allocates nothing and writes only when the light changes."""

    def __init__(self, pixel: "Pixel") -> None:
        self._pixel = pixel
        self._colours = {name: entry[:3] for name, entry in LIGHTS.items()}
        self.name = "off"
        self._colour = _DARK
        self._on_ms = 0
        self._off_ms = 0
        self._lit = False
        self._since = 0
        self._put(False, 0)

    def show(self, name: str, now_ms: int) -> None:
        """Start pattern `name`, lit at once. An unknown name shows the fault pattern."""
        if name not in LIGHTS:
            name = "fault"
        self.name = name
        entry = LIGHTS[name]
        self._colour = self._colours[name]
        self._on_ms = entry[3]
        self._off_ms = entry[4]
        self._put(True, now_ms)

    def tick(self, now_ms: int) -> None:
        """Carry the pattern on; call every 20 ms or so."""
        if self._off_ms == 0:
            return
        if ticks_diff(now_ms, self._since) >= (self._on_ms if self._lit else self._off_ms):
            self._put(not self._lit, now_ms)

    def _put(self, lit: bool, now_ms: int) -> None:
        self._lit = lit
        self._since = now_ms
        self._pixel[0] = self._colour if lit else _DARK
        self._pixel.write()
