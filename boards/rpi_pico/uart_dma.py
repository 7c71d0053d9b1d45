"""UART reception by DMA into a ring, so that no byte is lost while flash is written.

Flash writes keep interrupts off for 45 ms and more on the RP2040, and its UART holds 32 bytes
(MicroPython #17236). Registers: RP2040 datasheet 4.2.8 (UART), 2.5.3.1 (DREQ table).
"""

import rp2
import uctypes
from machine import UART, disable_irq, enable_irq, mem32

from gatescan.core.compat import const

_BASES = (0x40034000, 0x40038000)  # UART0, UART1
_DREQ_RX = (21, 23)
_DR = const(0x00)
_IMSC = const(0x38)  # interrupt mask
_IMSC_RX = const(0x50)  # RXIM and RTIM
_DMACR = const(0x48)
_DMACR_RX = const(0x01)
_TRIALS = const(3)


def _room(size: int) -> bytearray:
    """Memory with an address that is a multiple of `size`: the DMA wraps on addresses.

    Mostly it begins there; where the heap does not give that, it is twice as long.
    """
    held = []
    for _ in range(_TRIALS):
        memory = bytearray(size)
        beyond = uctypes.addressof(memory) % size
        if not beyond:
            return memory
        held += [memory, bytearray(size - beyond)]  # the next one lies behind them
    return bytearray(2 * size)


class DmaUart:
    """`readinto` never waits. More than the ring holds between two calls overwrites the oldest."""

    def __init__(self, number: int, uart: UART, ring_bits: int) -> None:
        size = 1 << ring_bits
        self._uart = uart  # kept, because it owns the pins and the baud rate
        self._base = _BASES[number]
        memory = _room(size)
        self._address = (uctypes.addressof(memory) + size - 1) & ~(size - 1)
        start = self._address - uctypes.addressof(memory)
        self._ring = memoryview(memory)[start : start + size]
        self._mask = size - 1
        self._at = 0
        self._quiet()
        self._dma = rp2.DMA()
        self._dma.config(
            read=self._base + _DR,
            write=self._address,
            count=0xFFFFFFFF,  # bytes; four days without a pause at 115,200 baud
            ctrl=self._dma.pack_ctrl(
                size=0,
                inc_read=False,
                inc_write=True,
                ring_size=ring_bits,
                ring_sel=True,
                treq_sel=_DREQ_RX[number],
                irq_quiet=True,
            ),
            trigger=True,
        )

    def readinto(self, buf: bytearray) -> "int | None":
        """Fill `buf` with what has arrived; None when nothing has."""
        at = self._at
        written = self._dma.write  # type: ignore[attr-defined]  # missing in the port's stubs
        ready = (written - self._address - at) & self._mask
        if not ready:
            return None
        count = min(ready, len(buf), self._mask + 1 - at)
        buf[:count] = self._ring[at : at + count]
        self._at = (at + count) & self._mask
        return count

    def write(self, data: bytes) -> "int | None":
        """Send `data` to the reader; waits while the UART's buffer is full."""
        count = self._uart.write(data)
        self._quiet()
        return count

    def set_baud(self, baud: int) -> None:
        """Change the speed once all is sent, at most 0.8 s; what has arrived stays readable.

        A byte that arrives at this moment is lost, as it is with any change of speed.
        """
        try:
            self._uart.flush()
        except OSError:
            pass  # it never got out; nobody can be told with it any more
        # `init` resets the whole block (ports/rp2/machine_uart.c, uart_init of the SDK): its FIFO
        # goes, which the DMA has emptied, and the driver receives again. Not before it is quiet.
        state = disable_irq()
        try:
            self._uart.init(baudrate=baud)
        finally:
            self._quiet()
            enable_irq(state)

    def _quiet(self) -> None:
        # The driver's own reception must not take bytes away from the DMA.
        mem32[self._base + _IMSC] &= ~_IMSC_RX
        mem32[self._base + _DMACR] = _DMACR_RX
