"""All patches on one freshly built device."""

from rp2040py.device import MicroPythonDevice

from emulated_pico import version
from emulated_pico.patches import flash, i2c, uart, usb


def apply(device: MicroPythonDevice) -> None:
    """Patch a device that has not run yet. Raises RuntimeError for another rp2040py."""
    version.require()
    mcu = device.mcu
    uart.follow_peripheral_clock(mcu)
    for line in mcu.uart:
        uart.calm_tx_interrupt(line)
        uart.raise_rx_timeout(line)
        uart.request_rx_dma(line)
        uart.count_overruns(line)
        uart.take_send_time(line)
    for bus in mcu.i2c:
        i2c.take_byte_time(bus)
    usb.hold_empty_packets(device.cdc, mcu.clock)
    flash.take_flash_time(mcu.ssi)
