"""The parts on the simulated board, each with the bus or pin calls that the drivers make."""

import time
from binascii import b2a_base64

from wire import setting, trace

_WIDTH = 128
_PAGES = 8
# Commands of the SSD1306 with arguments, beyond those handled below (datasheet rev 1.1, table 9-1)
_ARGUMENTS = {0x81: 1, 0xA8: 1, 0xD3: 1, 0xD5: 1, 0xD9: 1, 0xDA: 1, 0xDB: 1, 0x8D: 1, 0x20: 1,
              0x21: 2, 0x22: 2, 0x26: 6, 0x27: 6, 0x29: 5, 0x2A: 5, 0xA3: 2}  # fmt: skip
_BUS_TIMEOUT_MS = 50  # boards/rpi_pico/board.py gives up after as long


class Oled:
    """An SSD1306 at the other end of an I2C bus, understood command by command.

    `plug`: "in", "out" (nobody acknowledges) or "stuck" (it holds the bus).
    """

    def __init__(self, address: int = 0x3C) -> None:
        self._address = address
        self.plug = "in"
        self._seen = b""
        self._power_up()

    def unplug(self, plug: str) -> None:
        """Take it off, put it back or let it hold the bus; without the plug its memory goes."""
        if plug == "out":
            self._power_up()
        self.plug = plug
        self._show()

    def _power_up(self) -> None:
        self._ram = bytearray(_WIDTH * _PAGES)
        self._column, self._page = 0, 0
        self._columns, self._pages = (0, _WIDTH - 1), (0, _PAGES - 1)
        self._horizontal = False
        self._on = self._inverted = self._pump = False
        self._pending: list[int] = []

    def writeto(self, address: int, buf: "bytes | bytearray | memoryview") -> int:
        """One I2C write as `machine.I2C.writeto`: control byte, then commands or data."""
        if self.plug == "stuck":
            time.sleep_ms(_BUS_TIMEOUT_MS)
            raise OSError(110)  # ETIMEDOUT
        if address != self._address or self.plug == "out":
            raise OSError(19)  # ENODEV: nobody acknowledges
        if buf[0] == 0x40:
            self._data(memoryview(buf)[1:])
        elif buf[0] == 0x80:
            for i in range(1, len(buf), 2):
                self._command(buf[i])
        else:
            for i in range(1, len(buf)):
                self._command(buf[i])
        self._show()
        return len(buf)

    def _show(self) -> None:
        """Report what a person sees, when that has changed."""
        on = self._on and self._pump and self.plug != "out"
        seen = bytes((on, self._inverted)) + (self._ram if on else b"")
        if seen != self._seen:
            self._seen = seen
            trace.emit("frame", on=on, inverted=self._inverted,
                       b64=b2a_base64(self._ram)[:-1].decode())  # fmt: skip

    def _command(self, byte: int) -> None:
        self._pending.append(byte)
        first = self._pending[0]
        if len(self._pending) <= _ARGUMENTS.get(first, 0):
            return
        pending, self._pending = self._pending, []
        if first == 0x20:
            self._horizontal = pending[1] == 0
        elif first == 0x21:
            self._columns = (pending[1], pending[2])
            self._column = pending[1]
        elif first == 0x22:
            self._pages = (pending[1], pending[2])
            self._page = pending[1]
        elif 0xB0 <= first <= 0xB7:
            self._page = first & 7
        elif first == 0x8D:
            self._pump = bool(pending[1] & 4)
        elif first in (0xAE, 0xAF):
            self._on = first == 0xAF
        elif first in (0xA6, 0xA7):
            self._inverted = first == 0xA7

    def _data(self, data: memoryview) -> None:
        if self._horizontal and len(data) == len(self._ram) and self._column == self._page == 0:
            self._ram[:] = data
            return
        for byte in data:
            self._ram[self._page * _WIDTH + self._column] = byte
            self._column += 1
            if self._column > self._columns[1]:
                self._column = self._columns[0]
                if self._horizontal:  # else the page stays, as after a loss of power
                    self._page = self._pages[0] if self._page >= self._pages[1] else self._page + 1


class Pixel:
    """One WS2812 pixel with the calls of `neopixel.NeoPixel`."""

    def __init__(self) -> None:
        self._next = self._shown = (0, 0, 0)

    def __setitem__(self, index: int, colour: "tuple[int, int, int]") -> None:
        self._next = (colour[0], colour[1], colour[2])

    def __getitem__(self, index: int) -> "tuple[int, int, int]":
        return self._next

    def write(self) -> None:
        """Show the colour set last."""
        if self._next != self._shown:
            self._shown = self._next
            trace.emit("light", rgb=self._shown)


class Pwm:
    """The sounder's pin with the calls of `machine.PWM`."""

    def __init__(self) -> None:
        self._freq, self._duty, self._heard = 1000, 0, 0

    def freq(self, hz: "int | None" = None) -> "int | None":
        """Set or tell the frequency in Hz."""
        if hz is None:
            return self._freq
        self._freq = hz
        self._changed()
        return None

    def duty_u16(self, duty: "int | None" = None) -> "int | None":
        """Set or tell the duty cycle, 0..65535."""
        if duty is None:
            return self._duty
        self._duty = duty
        self._changed()
        return None

    def _changed(self) -> None:
        heard = self._freq if self._duty else 0
        if heard != self._heard:
            self._heard = heard
            trace.emit("sound", hz=heard)


class Pin:
    """A button with a pull-up: 1 = released, 0 = pressed."""

    def __init__(self, pressed: bool) -> None:
        self.level = 0 if pressed else 1

    def value(self) -> int:
        """The level of the pin."""
        return self.level


class Rtc:
    """A clock like the RP2040's: it forgets the time with the power, unless a battery is set."""

    def __init__(self) -> None:
        utc = setting("rtc_utc")
        # Without a battery the RP2040's clock starts here.
        self._base = utc if utc is not None else time.mktime((2021, 1, 1, 0, 0, 0, 0, 0))
        self._at_ms = time.ticks_ms()

    def datetime(self, new: "tuple[int, ...] | None" = None) -> "tuple[int, ...] | None":
        """Get or set (year, month, day, weekday, hours, minutes, seconds, subseconds)."""
        if new is not None:
            self._base = time.mktime((new[0], new[1], new[2], new[4], new[5], new[6], 0, 0))
            self._at_ms = time.ticks_ms()
            return None
        seconds = self._base + time.ticks_diff(time.ticks_ms(), self._at_ms) // 1000
        t = time.gmtime(seconds)
        return (t[0], t[1], t[2], t[6], t[3], t[4], t[5], 0)
