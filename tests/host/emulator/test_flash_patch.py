"""Why flash operations must take time: what arrives meanwhile shows whether a scan is lost."""

import pytest
from rp2040py.peripherals.ssi import (
    CMD_BLOCK_ERASE,
    CMD_PAGE_PROGRAM,
    CMD_SECTOR_ERASE,
    CMD_WRITE_ENABLE,
)
from rp2040py.rp2040 import RP2040

from emulated_pico.patches import flash, uart
from emulated_pico.registers import RAM_AT, dma_from_uart, uart1_on

CODE = bytes(range(33, 95))  # 62 bytes: 64.6 ms at 9600 baud
BYTE_NS = 10e9 / 9600


def command(chip: RP2040, *sent: int) -> None:
    """One flash command, framed by chip select as the boot ROM does it."""
    ssi = chip.ssi
    ssi._tx_buffer = bytearray()
    for value in sent:
        ssi._shift_byte(value)
    ssi._apply_command()


def erase_sector(chip: RP2040) -> None:
    command(chip, CMD_WRITE_ENABLE)
    command(chip, CMD_SECTOR_ERASE, 0x10, 0x00, 0x00)


@pytest.mark.parametrize("patched", [False, True])
@pytest.mark.parametrize(
    ("operation", "took_ms"),
    [(CMD_SECTOR_ERASE, 45), (CMD_BLOCK_ERASE, 150), (CMD_PAGE_PROGRAM, 0.4)],
)
def test_an_operation_takes_its_time(
    chip: RP2040, operation: int, took_ms: float, patched: bool
) -> None:
    if patched:
        flash.take_flash_time(chip.ssi)
    command(chip, CMD_WRITE_ENABLE)
    command(chip, operation, 0x10, 0x00, 0x00, 0x5A)
    assert chip.clock.nanos == (took_ms * 1e6 if patched else 0)
    assert chip.flash[0x100000] == (0x5A if operation == CMD_PAGE_PROGRAM else 0xFF)


def test_a_command_without_write_enable_does_nothing_and_takes_no_time(chip: RP2040) -> None:
    flash.take_flash_time(chip.ssi)
    chip.flash[0x100000] = 0
    command(chip, CMD_SECTOR_ERASE, 0x10, 0x00, 0x00)
    assert chip.flash[0x100000] == 0
    assert chip.clock.nanos == 0


def scan_during_erase(chip: RP2040, by_dma: bool) -> tuple[bytes, int]:
    """A code on UART1 during one sector erase: (bytes that can still be read, bytes lost)."""
    line = uart1_on(chip)
    uart.request_rx_dma(line)
    uart.count_overruns(line)
    if by_dma:
        dma_from_uart(chip, line, 200)
    left = list(CODE)

    def arrive() -> None:
        line.feed_byte(left.pop(0))
        if left:
            alarm.schedule(BYTE_NS)

    alarm = chip.clock.create_alarm(arrive)
    alarm.schedule(BYTE_NS)
    erase_sector(chip)
    # The program is back from the erase and fetches what is there; then the rest comes.
    kept = bytes(line.read_uint32(0) for _ in range(line.rx_fifo.item_count))
    while left:
        chip.clock.tick(BYTE_NS)
        kept += bytes(line.read_uint32(0) for _ in range(line.rx_fifo.item_count))
    return (bytes(chip.sram[RAM_AT : RAM_AT + len(CODE)]) if by_dma else kept), line.lost_bytes


def test_without_the_patch_an_erase_loses_nothing(chip: RP2040) -> None:
    assert scan_during_erase(chip, by_dma=False) == (CODE, 0)


def test_with_it_the_fifo_overflows_as_on_silicon(chip: RP2040) -> None:
    flash.take_flash_time(chip.ssi)
    kept, lost = scan_during_erase(chip, by_dma=False)
    # 43 bytes arrive in 45 ms, 32 of them find room.
    assert lost == 43 - 32
    assert kept == CODE[:32] + CODE[43:]


def test_with_it_the_dma_goes_on_and_loses_nothing(chip: RP2040) -> None:
    flash.take_flash_time(chip.ssi)
    assert scan_during_erase(chip, by_dma=True) == (CODE, 0)
