"""The signal light: one WS2812 pixel, read from the waveform on its pin."""

from rp2040py.external.ws2812 import LATCH_NANOS, Ws2812
from rp2040py.rp2040 import RP2040

from emulated_pico.models.timebase import Timebase

Colour = tuple[int, ...]
DARK: Colour = (0, 0, 0)


class Light:
    """`colour` now; `history` of (ms, colour) at every change; `written_ms`: the last write."""

    def __init__(self, gpio: int, time: Timebase, present: bool) -> None:
        self.history: list[tuple[float, Colour]] = []
        self.written_ms = 0.0  # also of a colour that was there already
        self._gpio = gpio
        self._time = time
        self._present = present

    @property
    def colour(self) -> Colour:
        """(red, green, blue), 0 to 255."""
        return self.history[-1][1] if self.history else DARK

    def attach(self, mcu: RP2040) -> None:
        """Power on; a WS2812 is dark then."""
        if self._present:
            Ws2812(self._gpio, on_pixels=self._latched).attach(mcu)

    def power_off(self) -> None:
        """Dark."""
        self._changed(DARK, self._time.now_ms)

    def _latched(self, pixels: list[Colour]) -> None:
        # The model speaks up after the latch pause; the pixel shows its colour with the last bit.
        self.written_ms = self._time.now_ms - LATCH_NANOS / 1e6
        self._changed(pixels[0], self.written_ms)

    def _changed(self, colour: Colour, at_ms: float) -> None:
        if colour != self.colour:
            self.history.append((at_ms, colour))
