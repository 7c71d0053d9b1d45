"""Why a byte on the I2C bus must take nine clocks."""

import pytest
from rp2040py.peripherals.i2c import (
    IC_DATA_CMD,
    IC_ENABLE,
    IC_FS_SCL_HCNT,
    IC_FS_SCL_LCNT,
    IC_RAW_INTR_STAT,
    IC_TAR,
    R_STOP_DET,
    R_TX_ABRT,
    RPI2C,
    STOP,
)
from rp2040py.rp2040 import RP2040

from emulated_pico.patches.i2c import bit_ns, take_byte_time


def bus(chip: RP2040, hz: int, acknowledged: bool) -> tuple[RPI2C, list[int]]:
    """I2C0 as the SDK sets it up for `hz`, and what a part on it receives."""
    i2c, received = chip.i2c[0], []
    period = chip.clk_sys // hz
    i2c.write_uint32(IC_FS_SCL_LCNT, period * 3 // 5)
    i2c.write_uint32(IC_FS_SCL_HCNT, period - period * 3 // 5)
    i2c.write_uint32(IC_TAR, 0x3C)
    i2c.write_uint32(IC_ENABLE, 1)

    def take(value: int) -> None:
        received.append(value)
        i2c.complete_write(True)

    i2c.on_connect = lambda address, mode: i2c.complete_connect(acknowledged)
    i2c.on_write_byte = take
    i2c.on_stop = lambda: i2c.complete_stop()
    return i2c, received


@pytest.mark.parametrize(("hz", "byte_us"), [(400_000, 22.5), (100_000, 90.0)])
@pytest.mark.parametrize("patched", [False, True])
def test_bytes_take_the_time_of_the_bus(
    chip: RP2040, hz: int, byte_us: float, patched: bool
) -> None:
    if patched:
        take_byte_time(chip.i2c[0])
    i2c, received = bus(chip, hz, acknowledged=True)
    for value in (1, 2, 3 | STOP):
        i2c.write_uint32(IC_DATA_CMD, value)
    chip.clock.tick(1)
    if not patched:
        assert received == [1, 2, 3], "unpatched three bytes take no time"
        return
    assert bit_ns(i2c) * 9 == pytest.approx(byte_us * 1000, rel=0.01)
    at_us = []
    while not i2c.read_uint32(IC_RAW_INTR_STAT) & R_STOP_DET:
        before = len(received)
        chip.clock.tick(100)
        at_us += [chip.clock.nanos / 1000] * (len(received) - before)
    # The address takes the first nine clocks.
    assert at_us == pytest.approx([byte_us, 2 * byte_us, 3 * byte_us], rel=0.02)
    assert chip.clock.nanos / 1000 == pytest.approx(4 * byte_us, rel=0.05)


def test_an_absent_part_is_told_after_the_address(chip: RP2040) -> None:
    take_byte_time(chip.i2c[0])
    i2c, received = bus(chip, 400_000, acknowledged=False)
    i2c.write_uint32(IC_DATA_CMD, 1 | STOP)
    chip.clock.tick(20_000)
    assert not i2c.read_uint32(IC_RAW_INTR_STAT) & R_TX_ABRT
    chip.clock.tick(10_000)
    assert i2c.read_uint32(IC_RAW_INTR_STAT) & R_TX_ABRT
    assert received == []


def test_a_reset_in_the_middle_leaves_the_bus_usable(chip: RP2040) -> None:
    take_byte_time(chip.i2c[0])
    i2c, received = bus(chip, 400_000, acknowledged=True)
    i2c.write_uint32(IC_DATA_CMD, 1 | STOP)
    chip.clock.tick(10_000)
    i2c.reset()
    chip.clock.tick(1e6)
    assert received == [], "a byte of before the reset went out after it"
    i2c, received = bus(chip, 400_000, acknowledged=True)
    i2c.write_uint32(IC_DATA_CMD, 7 | STOP)
    chip.clock.tick(1e6)
    assert received == [7]
