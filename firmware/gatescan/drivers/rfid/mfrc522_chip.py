"""The MFRC522 as a chip on SPI: registers, set-up, one exchange with whatever is in the field.

Source: MFRC522 data sheet rev 3.9 (registers: chapter 9, SPI: 8.1.2).
"""

from gatescan.core.compat import TYPE_CHECKING, const

if TYPE_CHECKING:
    from typing import Callable, Protocol

    from gatescan.core.frames.iso14443a import Bytes

    class Spi(Protocol):
        """What the driver needs of `machine.SPI`: mode 0, at most 10 MHz."""

        def write_readinto(self, __out: "Bytes", __into: "Bytes") -> object:
            """Clock `out` out and as many bytes in."""


_COMMAND = const(0x01)
_COM_IRQ = const(0x04)
_ERROR = const(0x06)
_FIFO_DATA = const(0x09)
_FIFO_LEVEL = const(0x0A)
_CONTROL = const(0x0C)
_BIT_FRAMING = const(0x0D)
_MODE = const(0x11)
_TX_CONTROL = const(0x14)
_TX_ASK = const(0x15)
_TIMER_MODE = const(0x2A)
_TIMER_PRESCALER = const(0x2B)
_TIMER_RELOAD_HIGH = const(0x2C)
_TIMER_RELOAD_LOW = const(0x2D)
_VERSION = const(0x37)

_IDLE = const(0x00)
_TRANSCEIVE = const(0x0C)
_SOFT_RESET = const(0x0F)
_RECEIVED = const(0x30)  # RxIRq, IdleIRq
_TIMED_OUT = const(0x01)
_COLLIDED = const(0x08)
_DAMAGE = const(0x13)  # buffer overflow, parity, protocol

# (register, value): what the chip is set to, and what a reset of it would undo.
_SETUP = (
    (_TIMER_MODE, 0x80),  # starts by itself after sending
    (_TIMER_PRESCALER, 0xA9),  # 25 us a step
    (_TIMER_RELOAD_HIGH, 0x01),
    (_TIMER_RELOAD_LOW, 0x90),  # 10 ms: a READ takes up to 5
    (_TX_ASK, 0x40),  # 100 % ASK
    (_MODE, 0x3D),
)

NOTHING = const(-1)  # no answer
COLLISION = const(-2)
DAMAGED = const(-3)
PENDING = const(-4)
NAK = const(-5)  # four bits

_FIFO_BYTES = const(64)


class Mfrc522Chip:
    """`cs(level)` drives the select pin, low = selected; no call takes longer than 1 ms."""

    def __init__(self, spi: "Spi", cs: "Callable[[int], object]") -> None:
        self._spi = spi
        self._cs = cs
        self._out = bytearray(_FIFO_BYTES + 1)
        self._in = bytearray(_FIFO_BYTES + 1)
        self._out_view = memoryview(self._out)
        self._in_view = memoryview(self._in)
        self.answer = self._in_view[1:]  # what came back in the last exchange
        cs(1)

    def _transfer(self, count: int) -> None:
        self._cs(0)
        try:
            self._spi.write_readinto(self._out_view[:count], self._in_view[:count])
        finally:
            self._cs(1)

    def _get(self, register: int) -> int:
        self._out[0] = register << 1 | 0x80
        self._out[1] = 0
        self._transfer(2)
        return self._in[1]

    def _put(self, register: int, value: int) -> None:
        self._out[0] = register << 1
        self._out[1] = value
        self._transfer(2)

    def reset(self) -> None:
        """Soft reset; the chip answers again after some ms."""
        self._put(_COMMAND, _SOFT_RESET)

    def set_up(self) -> None:
        """Write the settings."""
        for register, value in _SETUP:
            self._put(register, value)

    def version(self) -> int:
        """VersionReg; 00 and FF are a bus without a chip."""
        return self._get(_VERSION)

    def as_set_up(self) -> bool:
        """Whether the chip still has the settings: a reset or a loose wire changes them."""
        return all(self._get(register) == value for register, value in _SETUP)

    def antenna(self, on: bool) -> bool:
        """Switch the field; whether the register took it."""
        value = self._get(_TX_CONTROL) & 0xFC | (3 if on else 0)
        self._put(_TX_CONTROL, value)
        return self._get(_TX_CONTROL) == value

    def start(self, data: "Bytes", count: int, last_bits: int = 0) -> None:
        """Send `count` bytes, of the last one only `last_bits` unless 0; then ask `outcome`."""
        self._put(_COMMAND, _IDLE)
        self._put(_COM_IRQ, 0x7F)
        self._put(_FIFO_LEVEL, 0x80)
        self._out[0] = _FIFO_DATA << 1
        self._out[1 : 1 + count] = data[:count]
        self._transfer(1 + count)
        self._put(_BIT_FRAMING, last_bits)
        self._put(_COMMAND, _TRANSCEIVE)
        self._put(_BIT_FRAMING, 0x80 | last_bits)

    def outcome(self) -> int:
        """How many bytes came back (in `answer`), or NOTHING, COLLISION, DAMAGED, NAK, PENDING."""
        irq = self._get(_COM_IRQ)
        if not irq & _RECEIVED:
            return NOTHING if irq & _TIMED_OUT else PENDING
        error = self._get(_ERROR)
        if error & _COLLIDED:
            return COLLISION
        count = self._get(_FIFO_LEVEL)
        bits = self._get(_CONTROL) & 7
        if not 0 < count <= _FIFO_BYTES or error & _DAMAGE:
            return DAMAGED
        for i in range(count):
            self._out[i] = _FIFO_DATA << 1 | 0x80
        self._out[count] = 0
        self._transfer(count + 1)
        if bits:
            return NAK if count == 1 and bits == 4 else DAMAGED
        return count
