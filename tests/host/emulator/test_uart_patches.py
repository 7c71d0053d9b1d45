"""Why each UART patch is needed: the same registers with and without it."""

import pytest
from rp2040py.peripherals.clocks import CLK_PERI_CTRL
from rp2040py.peripherals.uart import (
    UARTDR,
    UARTFR,
    UARTICR,
    UARTIMIS,
    UARTIMSC,
    UARTIRIS,
)
from rp2040py.rp2040 import RP2040

from emulated_pico.patches import uart as patches
from emulated_pico.registers import (
    DMACR,
    RAM_AT,
    RXDMAE,
    USB_PLL,
    dma_from_uart,
    uart1_on,
)

TXIM = 1 << 5
OERIS, RTRIS = 1 << 10, 1 << 6
RXFE = 1 << 4


@pytest.mark.parametrize("patched", [False, True])
def test_a_cleared_tx_interrupt_stays_clear(chip: RP2040, patched: bool) -> None:
    line = uart1_on(chip)
    if patched:
        patches.calm_tx_interrupt(line)
    line.write_uint32(UARTIMSC, TXIM)
    line.raw_write_value = 0x7FF
    line.write_uint32(UARTICR, 0x7FF)
    # Unpatched the interrupt is back at once: its handler would run for ever.
    assert bool(line.read_uint32(UARTIMIS) & TXIM) is not patched
    line.write_uint32(UARTDR, 0x55)
    assert line.read_uint32(UARTIMIS) & TXIM, "a byte that has gone out must interrupt"


@pytest.mark.parametrize("patched", [False, True])
def test_a_pause_after_bytes_raises_the_receive_timeout(chip: RP2040, patched: bool) -> None:
    patches.follow_peripheral_clock(chip)
    chip.clocks.write_uint32(CLK_PERI_CTRL, USB_PLL)
    line = uart1_on(chip)
    if patched:
        patches.raise_rx_timeout(line)
    line.feed_byte(0x41)
    line.feed_byte(0x42)
    chip.clock.tick(31.5e9 / 9600)
    assert not line.read_uint32(UARTIRIS) & RTRIS, "32 bit times have not passed"
    chip.clock.tick(1e9 / 9600)
    assert bool(line.read_uint32(UARTIRIS) & RTRIS) is patched


@pytest.mark.parametrize("patched", [False, True])
def test_the_dma_fetches_received_bytes(chip: RP2040, patched: bool) -> None:
    line = uart1_on(chip)
    if patched:
        patches.request_rx_dma(line)
    dma_from_uart(chip, line, 200)
    sent = bytes(range(1, 101))  # three times what the FIFO holds
    for value in sent:
        line.feed_byte(value)
        chip.clock.tick(10e9 / 9600)
    moved = bytes(chip.sram[RAM_AT : RAM_AT + len(sent)])
    assert (moved == sent) is patched
    assert bool(line.read_uint32(UARTFR) & RXFE) is patched


def test_the_dma_waits_for_its_enable_bit(chip: RP2040) -> None:
    line = uart1_on(chip)
    patches.request_rx_dma(line)
    dma_from_uart(chip, line, 4)
    line.write_uint32(DMACR, 0)
    line.feed_byte(0x41)
    chip.clock.tick(1e6)
    assert not line.read_uint32(UARTFR) & RXFE, "taken although RXDMAE is off"
    line.write_uint32(DMACR, RXDMAE)
    chip.clock.tick(1e6)
    assert line.read_uint32(UARTFR) & RXFE


@pytest.mark.parametrize("patched", [False, True])
def test_bytes_beyond_the_fifo_are_lost_and_counted(chip: RP2040, patched: bool) -> None:
    line = uart1_on(chip)
    if patched:
        patches.count_overruns(line)
    for value in range(40):
        line.feed_byte(value)
    kept = []
    flagged = line.read_uint32(UARTIRIS) & OERIS
    while not line.read_uint32(UARTFR) & RXFE:
        kept.append(line.read_uint32(UARTDR))
    assert kept == list(range(32)), "silicon keeps the first 32"
    assert getattr(line, "lost_bytes", None) == (8 if patched else None)
    assert bool(flagged) is patched


@pytest.mark.parametrize("patched", [False, True])
def test_the_baud_rate_is_the_one_programmed(chip: RP2040, patched: bool) -> None:
    if patched:
        patches.follow_peripheral_clock(chip)
    chip.clocks.write_uint32(CLK_PERI_CTRL, USB_PLL)
    line = uart1_on(chip, 9600)
    # Unpatched it comes out 125/48 too high: 25,000.
    assert (abs(line.baud_rate - 9600) <= 10) is patched
    if patched:
        chip.clocks.write_uint32(CLK_PERI_CTRL, 0)
        assert abs(line.baud_rate - 25_000) <= 10, "fed by the 125 MHz system clock"


def test_a_reset_of_the_block_stops_timeout_and_dma(chip: RP2040) -> None:
    line = uart1_on(chip)
    patches.raise_rx_timeout(line)
    patches.request_rx_dma(line)
    dma_from_uart(chip, line, 8)
    chip.dma.reset()
    line.feed_byte(0x41)
    assert chip.dma.dreq[line.dreq.rx]
    line.reset()
    assert not chip.dma.dreq[line.dreq.rx]
    chip.clock.tick(1e9)
    assert not line.read_uint32(UARTIRIS) & RTRIS
