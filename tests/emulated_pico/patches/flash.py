"""Flash: erasing and programming take their time.

Typical times of the Pico's W25Q16JV (datasheet rev. K, 9.6): sector erase 45 ms, 64 KB block
erase 150 ms, page program 0.4 ms.
"""

from rp2040py.peripherals.ssi import CMD_BLOCK_ERASE, CMD_PAGE_PROGRAM, CMD_SECTOR_ERASE, RPSSI

DURATION_NS = {
    CMD_SECTOR_ERASE: 45_000_000,
    CMD_BLOCK_ERASE: 150_000_000,
    CMD_PAGE_PROGRAM: 400_000,
}


def take_flash_time(ssi: RPSSI) -> None:
    """Let the clock run on after each flash operation; 0.3.6 does them in no time.

    The core stands still meanwhile (MicroPython has interrupts off and waits), but alarms fire:
    bytes arrive at the UART and the DMA fetches them, as on silicon.
    """
    apply = ssi._apply_command

    def apply_in_time() -> None:
        operation = ssi._tx_buffer[0] if ssi._tx_buffer else None
        enabled = ssi._write_enabled
        apply()
        if enabled and operation in DURATION_NS:
            ssi.rp2040.clock.tick(DURATION_NS[operation])

    ssi._apply_command = apply_in_time
