"""The flash chip's diary, and power cuts in the middle of an operation."""

from collections.abc import Callable

from rp2040py.peripherals.ssi import (
    CMD_BLOCK_ERASE,
    CMD_PAGE_PROGRAM,
    CMD_SECTOR_ERASE,
    FLASH_BLOCK_SIZE,
    FLASH_PAGE_SIZE,
    FLASH_SECTOR_SIZE,
    RPSSI,
)
from rp2040py.rp2040 import RP2040

from emulated_pico.models.timebase import Timebase

_ERASED = 0xFF
_ADDRESS_BYTES = 4  # operation and 24 bit address
_SIZES = {
    CMD_SECTOR_ERASE: FLASH_SECTOR_SIZE,
    CMD_BLOCK_ERASE: FLASH_BLOCK_SIZE,
    CMD_PAGE_PROGRAM: FLASH_PAGE_SIZE,
}


class FlashChip:
    """`log` of (ms at the start, "erase" or "program", address in the chip)."""

    def __init__(self, time: Timebase, power_fails: Callable[[], None]) -> None:
        self.log: list[tuple[float, str, int]] = []
        self._time = time
        self._power_fails = power_fails
        self._operations_left = 0  # until the cut, 0 = none planned
        self._done_part = 1.0

    def attach(self, mcu: RP2040) -> None:
        """Power on, with the patches in place."""
        ssi = mcu.ssi
        apply = ssi._apply_command

        def apply_and_log() -> None:
            sent = ssi._tx_buffer
            if sent and sent[0] in _SIZES and len(sent) >= _ADDRESS_BYTES and ssi._write_enabled:
                address = int.from_bytes(sent[1:_ADDRESS_BYTES], "big")
                kind = "program" if sent[0] == CMD_PAGE_PROGRAM else "erase"
                self.log.append((self._time.now_ms, kind, address))
                if self._cut_now():
                    self._tear(ssi, address)
                    self._power_fails()
                    return
            apply()

        ssi._apply_command = apply_and_log

    def power_off(self) -> None:
        """A planned cut is done with."""
        self._operations_left = 0

    def cut_at(self, operation: int, done_part: float) -> None:
        """Let the power fail in the `operation`-th erase or program from now (1 = the next).

        `done_part` of the bytes, from the lowest address on, are erased or programmed by then.
        Real cells may also end in between; this is the torn write a file system must survive.
        """
        if operation < 1 or not 0 <= done_part <= 1:
            raise ValueError("the operation counts from 1, its done part is 0 to 1")
        self._operations_left = operation
        self._done_part = done_part

    def _cut_now(self) -> bool:
        if not self._operations_left:
            return False
        self._operations_left -= 1
        return not self._operations_left

    def _tear(self, ssi: RPSSI, address: int) -> None:
        flash, sent = ssi.rp2040.flash, ssi._tx_buffer
        if sent[0] == CMD_PAGE_PROGRAM:
            data = sent[_ADDRESS_BYTES : _ADDRESS_BYTES + FLASH_PAGE_SIZE]
            for i in range(int(len(data) * self._done_part)):
                flash[address + i] &= data[i]
        else:
            begin = address - address % _SIZES[sent[0]]
            count = int(_SIZES[sent[0]] * self._done_part)
            flash[begin : begin + count] = bytes((_ERASED,)) * count
