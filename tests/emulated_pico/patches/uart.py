"""UART: interrupts, receive timeout, DMA request, overrun, sending, baud rate.

Sources: RP2040 datasheet 4.2 (UART), 2.15 (clocks); ARM PL011 manual 2.4.2, 3.3.
"""

from rp2040py.peripherals.clocks import CLK_PERI_CTRL, RPClocks
from rp2040py.peripherals.uart import RPUART, TXFE, UARTDR, UARTFR, UARTTXINTR
from rp2040py.rp2040 import RP2040

_DMACR = 0x48
_DMACR_RX = 0x01
_RX_TIMEOUT = 1 << 6  # RTRIS
_OVERRUN = 1 << 10  # OERIS
_TIMEOUT_BITS = 32
_BYTE_BITS = 10  # start, eight, stop
_BUSY = 1 << 3  # of UARTFR
_AUXSRC_SHIFT, _AUXSRC_MASK = 5, 0x7
_USB_PLL_HZ, _ROSC_HZ, _XOSC_HZ = 48_000_000, 6_500_000, 12_000_000


def calm_tx_interrupt(uart: RPUART) -> None:
    """Raise the transmit interrupt when a byte has gone out, not at every look.

    0.3.6 sets it again on every check, so a program that enables it and clears it by ICR, as
    MicroPython's `machine.UART()` does, is interrupted for ever and never comes back.
    """
    write = uart.write_uint32

    def check_interrupts() -> None:
        uart.rp2040.set_interrupt(uart.irq, bool(uart._interrupt_status & uart._interrupt_mask))

    def write_uint32(offset: int, value: int) -> None:
        write(offset, value)
        if offset == UARTDR:
            uart._interrupt_status |= UARTTXINTR
            check_interrupts()

    uart.check_interrupts = check_interrupts
    uart.write_uint32 = write_uint32


def raise_rx_timeout(uart: RPUART) -> None:
    """Raise the receive timeout 32 bit times after the last byte; 0.3.6 knows none.

    Without it `UART.IRQ_RXIDLE` never comes. It is raised even if the bytes were fetched in the
    meantime, because the model interrupts at every byte and not at the FIFO's trigger level.
    """
    feed, reset = uart.feed_byte, uart.reset

    def fire() -> None:
        uart._interrupt_status |= _RX_TIMEOUT
        uart.check_interrupts()

    alarm = uart.rp2040.clock.create_alarm(fire)

    def feed_byte(value: int) -> None:
        feed(value)
        if uart.baud_divider:
            alarm.schedule(_TIMEOUT_BITS * 1e9 / uart.baud_rate)

    def reset_with_timeout() -> None:
        alarm.cancel()
        reset()

    uart.feed_byte = feed_byte
    uart.reset = reset_with_timeout


def request_rx_dma(uart: RPUART) -> None:
    """Ask the DMA for a transfer while received bytes wait and UARTDMACR.RXDMAE is set.

    0.3.6 never raises the request, so a DMA channel paced by it never moves a byte.
    """
    feed, read, write, reset = uart.feed_byte, uart.read_uint32, uart.write_uint32, uart.reset
    dma_control = 0

    def update() -> None:
        if dma_control & _DMACR_RX and not uart.rx_fifo.empty:
            uart.rp2040.dma.set_dreq(uart.dreq.rx)
        else:
            uart.rp2040.dma.clear_dreq(uart.dreq.rx)

    def feed_byte(value: int) -> None:
        feed(value)
        update()

    def read_uint32(offset: int) -> int:
        if offset == _DMACR:
            return dma_control
        value = read(offset)
        if offset == UARTDR:
            update()
        return value

    def write_uint32(offset: int, value: int) -> None:
        nonlocal dma_control
        if offset == _DMACR:
            dma_control = value & 0x7
            update()
        else:
            write(offset, value)

    def reset_with_dma() -> None:
        nonlocal dma_control
        dma_control = 0
        reset()
        update()

    uart.feed_byte, uart.read_uint32 = feed_byte, read_uint32
    uart.write_uint32, uart.reset = write_uint32, reset_with_dma


def count_overruns(uart: RPUART) -> None:
    """Count the bytes that found the FIFO of 32 full, in `uart.lost_bytes`, and flag an overrun.

    0.3.6 drops them as silicon does, but nothing tells: no flag, no count.
    """
    feed = uart.feed_byte
    uart.lost_bytes = 0

    def feed_byte(value: int) -> None:
        if uart.rx_fifo.full:
            uart.lost_bytes += 1
            uart._interrupt_status |= _OVERRUN
            uart.check_interrupts()
        else:
            feed(value)

    uart.feed_byte = feed_byte


def take_send_time(uart: RPUART) -> None:
    """Let the flags say that the UART still sends, for ten bit times a byte.

    0.3.6 has sent everything at once, so a program that waits for the end before it changes the
    speed, and one that does not, look the same. The FIFO never fills; bytes leave at once.
    """
    read, write, reset = uart.read_uint32, uart.write_uint32, uart.reset
    clock = uart.rp2040.clock
    done_ns = 0.0

    def read_uint32(offset: int) -> int:
        value = read(offset)
        if offset == UARTFR and clock.nanos < done_ns:
            return value & ~TXFE | _BUSY
        return value

    def write_uint32(offset: int, value: int) -> None:
        nonlocal done_ns
        write(offset, value)
        if offset == UARTDR and uart.baud_divider:
            done_ns = max(clock.nanos, done_ns) + _BYTE_BITS * 1e9 / uart.baud_rate

    def reset_with_sender() -> None:
        nonlocal done_ns
        done_ns = 0.0
        reset()

    uart.read_uint32, uart.write_uint32 = read_uint32, write_uint32
    uart.reset = reset_with_sender


def follow_peripheral_clock(mcu: RP2040) -> None:
    """Let `clk_peri` follow its source, so that a UART's baud rate is the one programmed.

    0.3.6 leaves it at 125 MHz; MicroPython runs it from the 48 MHz USB PLL, so 9600 baud reads
    as 25,000.
    """
    clocks: RPClocks = mcu.clocks
    write, reset = clocks.write_uint32, clocks.reset

    def select(control: int) -> None:
        source = control >> _AUXSRC_SHIFT & _AUXSRC_MASK
        named = {2: _USB_PLL_HZ, 3: _ROSC_HZ, 4: _XOSC_HZ}
        mcu.clk_peri = named.get(source, mcu.clk_sys)

    def write_uint32(offset: int, value: int) -> None:
        write(offset, value)
        if offset == CLK_PERI_CTRL:
            select(value)

    def reset_with_source() -> None:
        reset()
        select(0)

    clocks.write_uint32, clocks.reset = write_uint32, reset_with_source
