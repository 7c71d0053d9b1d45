"""Sets blocks of a bare chip up as the Pico SDK does, for tests without a program."""

from rp2040py.peripherals.uart import RPUART, UARTCR, UARTDR, UARTFBRD, UARTIBRD, UARTLCR_H
from rp2040py.rp2040 import RP2040

USB_PLL = 2 << 5  # CLK_PERI_CTRL.AUXSRC
RAM_AT = 0x1000  # where `dma_from_uart` writes, from the start of SRAM
DMACR, RXDMAE = 0x48, 1  # of the UART
_DMA, _UART1, _SRAM = 0x50000000, 0x40038000, 0x20000000
_READ, _WRITE, _COUNT, _CTRL_TRIGGER = 0x00, 0x04, 0x08, 0x0C
_ENABLE, _WRITE_STEPS, _REQUEST_SHIFT = 1, 1 << 5, 15
_FIFOS_8N1, _ON = 0x70, 0x301


def uart1_on(chip: RP2040, baud: int = 9600) -> RPUART:
    """UART1 for `baud` on a peripheral clock of 48 MHz, FIFOs on."""
    line = chip.uart[1]
    divisor = 8 * 48_000_000 // baud
    line.write_uint32(UARTIBRD, divisor >> 7)
    line.write_uint32(UARTFBRD, ((divisor & 0x7F) + 1) // 2)
    line.write_uint32(UARTLCR_H, _FIFOS_8N1)
    line.write_uint32(UARTCR, _ON)
    return line


def dma_from_uart(chip: RP2040, line: RPUART, count: int) -> None:
    """DMA channel 0: `count` bytes from UART1 to RAM_AT, paced by the UART's request."""
    line.write_uint32(DMACR, RXDMAE)
    chip.write_uint32(_DMA + _READ, _UART1 + UARTDR)
    chip.write_uint32(_DMA + _WRITE, _SRAM + RAM_AT)
    chip.write_uint32(_DMA + _COUNT, count)
    request = line.dreq.rx << _REQUEST_SHIFT
    chip.write_uint32(_DMA + _CTRL_TRIGGER, _ENABLE | _WRITE_STEPS | request)
