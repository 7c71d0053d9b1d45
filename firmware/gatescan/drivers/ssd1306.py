"""SSD1306 (and SSD1309) OLED panel of 128 x 64 pixels on I2C.

Source: Solomon Systech SSD1306 datasheet rev. 1.1: 8.1.5.2 (control byte), 9 and 10 (commands),
application note 8.5 (charge pump). The bus sees only `i2c.writeto(addr, buf)`: a first byte 0x00
and commands, or 0x40 and the 1024 bytes of the picture.
"""

from gatescan.core.compat import TYPE_CHECKING, const

if TYPE_CHECKING:
    from typing import Protocol

    class Bus(Protocol):
        """What the driver needs of an I2C bus."""

        def writeto(self, __addr: int, __buf: "bytes | bytearray") -> int:
            """Send a buffer to an address; OSError when nobody acknowledges."""
            ...


WIDTH = const(128)  # px
HEIGHT = const(64)  # px
_ADDRESS = const(0x3C)
_COMMANDS = const(0x00)  # control byte: only commands follow
_PICTURE = const(0x40)  # control byte: only picture bytes follow
_DISPLAY_OFF = const(0xAE)
_DISPLAY_ON = const(0xAF)
_CONTRAST = const(0x81)
_NORMAL = const(0xA6)
_INVERSE = const(0xA7)

_OFF = bytes((_COMMANDS, _DISPLAY_OFF))
# fmt: off
_INIT = bytes((
    _COMMANDS,
    0xD5, 0x80,  # clock: divide by 1, default frequency
    0xA8, HEIGHT - 1,  # multiplex ratio
    0xD3, 0x00,  # no vertical offset
    0x40,  # start line 0
    0x8D, 0x14,  # charge pump on; the SSD1309 has none and ignores it
    0x20, 0x00,  # horizontal addressing: one write fills the panel
    0xA1,  # column 127 is segment 0: connector on top, as modules are mounted
    0xC8,  # rows scanned from the last common
    0xDA, 0x12,  # common pins: alternative layout, as 128 x 64 glass is wired
    _CONTRAST, 0xCF,
    0xD9, 0xF1,  # precharge 1, discharge 15 clocks (with charge pump)
    0xDB, 0x40,  # deselect level: brightest
    0xA4,  # show the memory
    _NORMAL,
))
# fmt: on
# The window is set before every picture, so that a disturbed transfer heals with the next one.
_WINDOW = bytes((_COMMANDS, 0x21, 0, WIDTH - 1, 0x22, 0, HEIGHT // 8 - 1))


class Ssd1306:
    """The panel; draw into `buffer` (MONO_VLSB), then `show()`."""

    def __init__(self, i2c: "Bus", addr: int = _ADDRESS) -> None:
        self._i2c = i2c
        self._addr = addr
        self._frame = bytearray(1 + WIDTH * HEIGHT // 8)
        self._frame[0] = _PICTURE
        self.buffer = memoryview(self._frame)[1:]
        self._two = bytearray((_COMMANDS, 0, 0))
        self._one = bytearray((_COMMANDS, 0))
        self._started = False
        self._contrast = 0xCF
        self._inverse = False
        self.errors = 0  # transfers that nobody acknowledged

    @property
    def answers(self) -> bool:
        """Whether the panel took all of what was sent to it last."""
        return self._started

    def show(self) -> bool:
        """Send the picture; True if the panel took it.

        It is set up every time (0.6 ms): one that lost its power for a moment acknowledges, but
        has forgotten everything and would stay dark.
        """
        if not self._started and not self._send(_OFF):
            return False  # dark until the picture is there: its memory is noise after power-on
        if not (self._send(_INIT) and self._send(_WINDOW) and self._send(self._frame)):
            return False
        self._started = True
        return self.power(True) and self.contrast(self._contrast) and self.invert(self._inverse)

    def reopen(self, i2c: "Bus") -> None:
        """Go on over a bus that was opened anew, after the old one was held."""
        self._i2c = i2c

    def power(self, on: bool) -> bool:
        """Panel on or off (its memory stays); True if it took the command."""
        if not self._started:
            return self.show() if on else True
        self._one[1] = _DISPLAY_ON if on else _DISPLAY_OFF
        return self._send(self._one)

    def contrast(self, level: int) -> bool:
        """Brightness 0 to 255; True if the panel took the command."""
        self._contrast = max(0, min(255, level))
        self._two[1] = _CONTRAST
        self._two[2] = self._contrast
        return self._send(self._two)

    def invert(self, on: bool) -> bool:
        """Swap lit and dark on the whole panel; True if it took the command."""
        self._inverse = bool(on)
        self._one[1] = _INVERSE if on else _NORMAL
        return self._send(self._one)

    def _send(self, data: "bytes | bytearray") -> bool:
        try:
            self._i2c.writeto(self._addr, data)
        except OSError:
            self.errors += 1
            self._started = False
            return False
        return True
