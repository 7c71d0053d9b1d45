"""Raspberry Pi Pico: the only place of this board that imports `machine`. Wiring: WIRING.md."""

import machine
import neopixel
import pins
from uart_dma import DmaUart
from usb_link import UsbLink

NAME = "rpi_pico"
PANEL_ROWS = 5  # lines on a page: 5 on the 2.42 inch panel, 3 on a smaller one
BARCODE_BAUD = 9600
RFID_BAUD = 9600

_I2C_HZ = 400_000
_I2C_TIMEOUT_US = 50_000  # a picture takes 23 ms; a panel that holds the bus must not hold us
_BARCODE_RING_BITS = 10  # 1 kB: two codes of the longest kind
_RFID_RING_BITS = 8
_WATCHDOG_MAX_MS = 8388  # RP2040 datasheet 4.7.2: 24 bit counter of half microseconds


def i2c_display() -> machine.I2C:
    """The bus of the panel."""
    return machine.I2C(
        0,
        sda=machine.Pin(pins.DISPLAY_SDA),
        scl=machine.Pin(pins.DISPLAY_SCL),
        freq=_I2C_HZ,
        timeout=_I2C_TIMEOUT_US,
    )


def light_pixel() -> neopixel.NeoPixel:
    """The signal light, one pixel."""
    return neopixel.NeoPixel(machine.Pin(pins.LIGHT), 1)


def sounder_pwm() -> machine.PWM:
    """The sounder, silent."""
    return machine.PWM(machine.Pin(pins.SOUNDER), freq=1000, duty_u16=0)


def button_pins() -> "tuple[machine.Pin, machine.Pin]":
    """The buttons (ok, back), low while pressed."""
    return (_pulled_up(pins.BUTTON_OK), _pulled_up(pins.BUTTON_BACK))


def barcode_uart() -> DmaUart:
    """The barcode engine's line; `readinto` never waits and flash writes lose nothing."""
    uart = machine.UART(
        1, BARCODE_BAUD, tx=machine.Pin(pins.BARCODE_TX), rx=_pulled_up(pins.BARCODE_RX)
    )
    return DmaUart(1, uart, _BARCODE_RING_BITS)


def rfid_uart() -> DmaUart:
    """The RFID reader's line."""
    uart = machine.UART(0, RFID_BAUD, tx=machine.Pin(pins.RFID_TX), rx=_pulled_up(pins.RFID_RX))
    return DmaUart(0, uart, _RFID_RING_BITS)


def rtc() -> machine.RTC:
    """The clock; it restarts at 2021-01-01 without power (drivers/clock.py finds out)."""
    return machine.RTC()


def link() -> UsbLink:
    """The serial link to the host."""
    return UsbLink()


def unique_id() -> bytes:
    """The flash chip's serial number, 8 bytes."""
    return machine.unique_id()


def watchdog(timeout_ms: int) -> machine.WDT:
    """Start the watchdog, at most 8388 ms; it cannot be stopped, only fed."""
    return machine.WDT(timeout=min(timeout_ms, _WATCHDOG_MAX_MS))


def reset() -> None:
    """Restart the board."""
    machine.reset()


def reset_cause() -> str:
    """Either "power_on" or "watchdog"; a commanded restart is a "watchdog" to the RP2040."""
    return "watchdog" if machine.reset_cause() == machine.WDT_RESET else "power_on"


def storage_path() -> str:
    """Folder of the flash file system, ending in a slash."""
    return "/"


# The simulator reports screens and verdicts through this hook; a real board has no audience.
observe = None


def _pulled_up(gpio: int) -> machine.Pin:
    # An unplugged reader must read as silence, not as noise.
    return machine.Pin(gpio, machine.Pin.IN, machine.Pin.PULL_UP)
