"""An MFRC522 at the other end of an SPI bus, register by register (data sheet rev 3.9)."""

from sim_nfc_tag import Air

from gatescan.core.compat import TYPE_CHECKING

if TYPE_CHECKING:
    Bytes = bytes | bytearray | memoryview

_COMMAND, _COM_IRQ, _ERROR = 0x01, 0x04, 0x06
_FIFO_DATA, _FIFO_LEVEL, _CONTROL, _BIT_FRAMING = 0x09, 0x0A, 0x0C, 0x0D
_MODE, _TX_CONTROL, _TX_ASK, _TIMER_MODE, _VERSION = 0x11, 0x14, 0x15, 0x2A, 0x37


class SimMfrc522:
    """`write_readinto` is the bus, `cs` its select pin and `reset` the pin NRSTPD.

    `plug`: "in", "out" (MISO floats high) or "dead" (answers, but no exchange ends).
    """

    def __init__(self, air: "Air | None" = None, version: int = 0x92) -> None:
        self.air = air or Air()
        self.plug = "in"
        self.version = version
        self.polls_before_end = 0  # how often ComIrqReg is read before an exchange is over
        self.resets = 0
        self._selected = False
        self._power_up()

    def _power_up(self) -> None:
        self._registers = bytearray(64)
        self._registers[_TX_CONTROL] = 0x80
        self._registers[_MODE] = 0x3F
        self._fifo = b""
        self._irq = self._error = self._last_bits = self._polls = 0
        self.air.field(False)

    def unplug(self, plug: str) -> None:
        """Take it off or put it back: without power the registers go."""
        self.plug = plug
        self._power_up()

    def cs(self, level: int) -> None:
        """The select pin, low = selected."""
        self._selected = not level

    def reset(self, level: int) -> None:
        """The pin NRSTPD, low = off."""
        if not level:
            self.resets += 1
            self._power_up()

    def write_readinto(self, out: "Bytes", into: "bytearray | memoryview") -> None:
        """One SPI transaction: address byte, then data; for reads an address byte each (8.1.2)."""
        for i in range(len(into)):
            into[i] = 0xFF
        if self.plug == "out" or not self._selected:
            return
        if out[0] & 0x80:
            for i in range(1, len(out)):
                into[i] = self._read(out[i - 1] >> 1 & 0x3F)
        else:
            for i in range(1, len(out)):
                self._write(out[0] >> 1 & 0x3F, out[i])

    def transfer(self, out: bytes) -> bytes:
        """The same, as one call that selects by itself."""
        into = bytearray(len(out))
        self.cs(0)
        self.write_readinto(out, into)
        self.cs(1)
        return bytes(into)

    def _read(self, register: int) -> int:
        if register == _VERSION:
            return self.version
        if register == _COM_IRQ:
            if self.plug == "dead":
                return 0
            if self._irq and self._polls < self.polls_before_end:
                self._polls += 1
                return 0
            return self._irq
        if register == _ERROR:
            return self._error
        if register == _CONTROL:
            return self._last_bits
        if register == _FIFO_LEVEL:
            return len(self._fifo)
        if register == _FIFO_DATA:
            byte, self._fifo = self._fifo[:1], self._fifo[1:]
            return byte[0] if byte else 0
        return self._registers[register]

    def _write(self, register: int, value: int) -> None:
        if register == _FIFO_DATA:
            self._fifo = (self._fifo + bytes((value,)))[:64]
            return
        if register == _FIFO_LEVEL and value & 0x80:
            self._fifo = b""
            return
        if register == _COM_IRQ:
            self._irq = self._irq | value & 0x7F if value & 0x80 else self._irq & ~value
            return
        if register == _COMMAND and value & 0x0F == 0x0F:
            self._power_up()
            return
        self._registers[register] = value
        if register == _TX_CONTROL:
            self.air.field(value & 3 == 3)
        elif register == _BIT_FRAMING and value & 0x80 and self._registers[_COMMAND] == 0x0C:
            self._transceive(value & 7)

    def _transceive(self, bits: int) -> None:
        frame, self._fifo = self._fifo, b""
        self._error = self._last_bits = self._polls = 0
        modulates = self._registers[_TX_ASK] & 0x40 and self._registers[_MODE] & 0x20
        answer = self.air.exchange(frame, bits) if modulates else None
        if answer is None:
            # TAuto: the timer starts after sending; without it nothing ever ends.
            self._irq |= 0x41 if self._registers[_TIMER_MODE] & 0x80 else 0x40
            return
        self._fifo, self._last_bits, collided = answer
        if collided:
            self._error |= 0x08
        self._irq |= 0x60
