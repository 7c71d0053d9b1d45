"""The two ways to a PN532: HSU (a UART, 115200 8N1) and I2C (address 24).

Sources: PN532 user manual UM0701-02, 6.2.4 (I2C), 6.3.2.3 and 7.2.11 (HSU wake-up). On I2C the
first byte of a read is 01 once a frame is ready, each read begins with the frame's first byte, and
the chip may leave its address unacknowledged for a while: that is "not yet", no fault.
"""

from gatescan.core.compat import TYPE_CHECKING, const

if TYPE_CHECKING:
    from typing import Protocol

    from gatescan.core.frames.finder import Frames
    from gatescan.drivers.barcode_line import Uart

    class I2c(Protocol):
        """What the driver needs of `machine.I2C`."""

        def writeto(self, __address: int, __data: bytes) -> object:
            """Send; OSError when nobody acknowledges."""

        def readfrom_into(self, __address: int, __into: "bytearray | memoryview") -> object:
            """Fill the buffer; OSError when nobody acknowledges."""

    class Bus(Protocol):
        """What `Pn532` needs of either."""

        streams: bool

        def send(self, frame: bytes, wake: bool) -> bool:
            """Send a frame, to a chip that may sleep if `wake`; whether it went out whole."""

        def receive(self, frames: "Frames", most: int) -> int:
            """Feed what has arrived, on I2C one frame of at most `most` bytes; how many bytes."""


# Out of power-down the chip hears nothing until its oscillator runs: 55, then time.
_WAKE = b"\x55\x55" + bytes(14)
_CHUNK_BYTES = const(64)
_I2C_ADDRESS = const(0x24)
_I2C_READY = const(0x01)
_I2C_MAX_BYTES = const(100)  # 9 ms at 100 kHz


class HsuBus:
    """A UART that never waits."""

    streams = True  # bytes come of themselves, frame after frame

    def __init__(self, uart: "Uart") -> None:
        self._uart = uart
        self._chunk = bytearray(_CHUNK_BYTES)

    def send(self, frame: bytes, wake: bool) -> bool:
        """Send a frame; whether it went out whole."""
        if wake:
            frame = _WAKE + frame
        return self._uart.write(frame) == len(frame)

    def receive(self, frames: "Frames", most: int) -> int:
        """Feed a chunk of what has arrived; how many bytes."""
        count = self._uart.readinto(self._chunk) or 0
        frames.feed(self._chunk, 0, count)
        return count


class I2cBus:
    """An I2C bus that raises OSError when the chip does not acknowledge."""

    streams = False  # one read, one frame

    def __init__(self, i2c: "I2c", address: int = _I2C_ADDRESS) -> None:
        self._i2c = i2c
        self._address = address
        self._status = bytearray(1)
        self._buffer = bytearray(_I2C_MAX_BYTES)
        self._view = memoryview(self._buffer)

    def send(self, frame: bytes, wake: bool) -> bool:
        """Send a frame; whether the chip acknowledged it (its address alone wakes it)."""
        try:
            self._i2c.writeto(self._address, frame)
        except OSError:
            return False
        return True

    def receive(self, frames: "Frames", most: int) -> int:
        """Feed one frame of at most `most` bytes if it is ready; how many bytes."""
        try:
            self._i2c.readfrom_into(self._address, self._status)
            if self._status[0] != _I2C_READY:
                return 0
            count = min(most + 1, _I2C_MAX_BYTES)
            self._i2c.readfrom_into(self._address, self._view[:count])
        except OSError:
            return 0
        frames.clear()
        frames.feed(self._buffer, 1, count)
        return count - 1
