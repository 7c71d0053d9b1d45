"""The panel on its I2C bus: acknowledges when it is plugged in, shows pixels, text, a PNG."""

from pathlib import Path

from rp2040py.peripherals.i2c import RPI2C, I2CMode
from rp2040py.rp2040 import RP2040

from emulated_pico.models import panel_text
from emulated_pico.models.ssd1306 import HEIGHT, WIDTH, Ssd1306Memory
from emulated_pico.models.timebase import Timebase

_ADDRESS = 0x3C
_SCALE = 4  # PNG pixels a panel pixel


class Panel:
    """A 128 x 64 panel with an SSD1306."""

    def __init__(self, bus: int, time: Timebase, present: bool) -> None:
        self.shown_ms = 0.0  # when the last whole picture had arrived
        self.pictures = 0  # whole pictures since the machine was built
        self._bus = bus
        self._time = time
        self._present = present
        self._chip = Ssd1306Memory()
        self._i2c: RPI2C | None = None
        self._addressed = False

    @property
    def present(self) -> bool:
        """Whether the plug is in; an unplugged panel acknowledges nothing and is dark."""
        return self._present

    @present.setter
    def present(self, value: bool) -> None:
        if value != self._present:
            self._chip = Ssd1306Memory()  # it lost its power
        self._present = value

    @property
    def on(self) -> bool:
        """Whether the glass is lit."""
        return self._present and self._i2c is not None and self._chip.on

    def attach(self, mcu: RP2040) -> None:
        """Power on."""
        self._chip = Ssd1306Memory()
        self._i2c = i2c = mcu.i2c[self._bus]
        i2c.on_connect = self._connect
        i2c.on_write_byte = self._write
        i2c.on_read_byte = lambda ack: i2c.complete_read(0xFF)
        i2c.on_stop = self._stop

    def power_off(self) -> None:
        """Dark, memory lost."""
        self._i2c = None

    def pixels(self) -> list[list[int]]:
        """64 rows of 128 pixels, 1 = lit."""
        if not self.on:
            return [[0] * WIDTH for _ in range(HEIGHT)]
        return [[self._chip.pixel(x, y) for x in range(WIDTH)] for y in range(HEIGHT)]

    def lines(self) -> list[str]:
        """The text on it from the top, the big word included; unreadable places are U+FFFD."""
        return panel_text.read(self.pixels())

    def png(self, path: str | Path) -> None:
        """Write what it shows as a PNG."""
        from PIL import Image

        image = Image.new("1", (WIDTH, HEIGHT))
        image.putdata([255 * lit for row in self.pixels() for lit in row])
        image.resize((WIDTH * _SCALE, HEIGHT * _SCALE), Image.Resampling.NEAREST).save(path)

    def _connect(self, address: int, mode: I2CMode) -> None:
        assert self._i2c is not None
        self._addressed = self._present and address == _ADDRESS
        if self._addressed and mode == I2CMode.WRITE:
            self._chip.begin()
        self._i2c.complete_connect(self._addressed)

    def _write(self, value: int) -> None:
        assert self._i2c is not None
        # Unplugged in the middle of a transfer: nobody pulls the line down any more.
        self._addressed = self._addressed and self._present
        if self._addressed:
            before = self._chip.pictures
            self._chip.write(value)
            if self._chip.pictures > before:
                self.pictures += 1
                self.shown_ms = self._time.now_ms
        self._i2c.complete_write(self._addressed)

    def _stop(self) -> None:
        assert self._i2c is not None
        self._i2c.complete_stop()
