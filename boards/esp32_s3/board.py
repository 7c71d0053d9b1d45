"""ESP32-S3-DevKitC-1: the only place of this board that imports `machine`. Wiring: WIRING.md.

Not yet run on silicon: written against MicroPython 1.28's sources and its type stubs.
"""

import time

import esp32
import machine
import neopixel
import pins

from gatescan.core.compat import TYPE_CHECKING, const
from gatescan.drivers import i2c_bus
from gatescan.drivers.usb_link import UsbLink

if TYPE_CHECKING:
    from typing import Any

NAME = "esp32_s3"
PANEL_ROWS = 5  # lines on a page: 5 on the 2.42 inch panel, 3 on a smaller one
BARCODE_BAUD = 9600
RFID_BAUD = 9600

_I2C_HZ = const(400_000)
_I2C_TIMEOUT_US = const(50_000)  # a picture takes 23 ms; a panel that blocks must not hold us
_NFC_I2C_HZ = const(100_000)  # with wires of half a metre and a reader that stretches the clock
_NFC_I2C_TIMEOUT_US = const(25_000)  # its longest frame takes 10 ms
_NFC_SPI_HZ = const(4_000_000)
# Filled by an interrupt that runs from RAM (README.md), so nothing is lost while flash is written.
_BARCODE_RING_BYTES = const(1024)  # two codes of the longest kind
_RFID_RING_BYTES = const(256)  # eighteen cards
_SETTLE_US = const(10)  # the pull against half a metre of wire; half a bit at 9600 baud is 52


class Line:
    """A UART whose speed can be changed."""

    def __init__(self, uart: machine.UART) -> None:
        self._uart = uart
        self.readinto = uart.readinto
        self.write = uart.write

    def set_baud(self, baud: int) -> None:
        """Change the speed once all is sent, at most 1 s; what has arrived stays readable.

        With the driver in place `init` waits, then sets the divider and the same pins again
        (ports/esp32/machine_uart.c); no size of a buffer may be given, it would begin anew.
        """
        self._uart.init(baudrate=baud)


def i2c_display() -> machine.I2C:
    """The bus of the panel, freed where the panel held it; may be called again."""
    sda, scl = _freed(pins.DISPLAY_SDA, pins.DISPLAY_SCL)
    return machine.I2C(0, sda=sda, scl=scl, freq=_I2C_HZ, timeout=_I2C_TIMEOUT_US)


def nfc_i2c() -> machine.I2C:
    """The bus of an NFC reader, freed where the reader held it; may be called again."""
    sda, scl = _freed(pins.NFC_SDA, pins.NFC_SCL)
    return machine.I2C(1, sda=sda, scl=scl, freq=_NFC_I2C_HZ, timeout=_NFC_I2C_TIMEOUT_US)


def nfc_spi() -> "tuple[machine.SPI, machine.Pin]":
    """The bus of an NFC reader, mode 0, and its select pin: call it with the level."""
    cs = machine.Pin(pins.NFC_CS, machine.Pin.OUT, value=1)
    spi = machine.SPI(
        1,  # the chip's SPI2, on the pins that reach it without the GPIO matrix
        baudrate=_NFC_SPI_HZ,
        polarity=0,
        phase=0,
        sck=machine.Pin(pins.NFC_SCK),
        mosi=machine.Pin(pins.NFC_MOSI),
        miso=_pulled_up(pins.NFC_MISO),
    )
    return (spi, cs)


def nfc_reset() -> machine.Pin:
    """The pin that switches an NFC reader off: call it with the level, low = off."""
    return machine.Pin(pins.NFC_RESET, machine.Pin.OUT, value=1)


def light_pixel() -> neopixel.NeoPixel:
    """The signal light, one pixel."""
    return neopixel.NeoPixel(machine.Pin(pins.LIGHT), 1)


def sounder_pwm() -> machine.PWM:
    """The sounder, silent."""
    return machine.PWM(machine.Pin(pins.SOUNDER), freq=1000, duty_u16=0)


def button_pins() -> "tuple[machine.Pin, machine.Pin]":
    """The buttons (ok, back), low while pressed."""
    return (_pulled_up(pins.BUTTON_OK), _pulled_up(pins.BUTTON_BACK))


def barcode_uart() -> Line:
    """The barcode engine's line; `readinto` never waits (its timeout is 0 by default).

    `set_baud` changes its speed.
    """
    return Line(
        machine.UART(
            1,
            BARCODE_BAUD,
            tx=machine.Pin(pins.BARCODE_TX),
            rx=_pulled_up(pins.BARCODE_RX),
            rxbuf=_BARCODE_RING_BYTES,
        )
    )


def rfid_uart() -> Line:
    """The RFID reader's line, like the barcode engine's."""
    return Line(
        machine.UART(
            2,
            RFID_BAUD,
            tx=machine.Pin(pins.RFID_TX),
            rx=_pulled_up(pins.RFID_RX),
            rxbuf=_RFID_RING_BYTES,
        )
    )


def line_held(reader: str) -> bool:
    """Whether something drives the line from the "barcode" or "rfid" reader: high while idle.

    Its pull points down meanwhile, too short for the UART to see the beginning of a byte.
    """
    pin = machine.Pin(pins.BARCODE_RX if reader == "barcode" else pins.RFID_RX)
    pin.init(pull=machine.Pin.PULL_DOWN)
    time.sleep_us(_SETTLE_US)
    level = pin.value()
    pin.init(pull=machine.Pin.PULL_UP)
    return bool(level)


def rtc() -> machine.RTC:
    """The clock; it restarts at 2000-01-01 without power (drivers/clock.py finds out)."""
    return machine.RTC()


def link() -> UsbLink:
    """The serial link to the host, by the port marked USB."""
    return UsbLink()


def unique_id() -> bytes:
    """The chip's MAC address, 6 bytes."""
    return machine.unique_id()


def watchdog(timeout_ms: int) -> machine.WDT:
    """Start the watchdog; it cannot be stopped, only fed."""
    return machine.WDT(timeout=timeout_ms)


def reset() -> None:
    """Restart the board."""
    machine.reset()


def reset_cause() -> str:
    """Either "power_on" (also after a brown-out), "watchdog" or "reset" (also after a panic)."""
    cause = machine.reset_cause()
    if cause == machine.WDT_RESET:
        return "watchdog"
    return "power_on" if cause == machine.PWRON_RESET else "reset"


def storage_path() -> str:
    """Folder of the flash file system, ending in a slash."""
    return "/"


def sha256_code() -> None:
    """The image computes SHA-256 by hardware: no code of ours."""


def block_decoder() -> None:
    """The decoder in viper will do: no code of ours."""


def flash() -> esp32.Partition:
    """The flash that the file system lies on: blocks of 4096 bytes, any length programmed."""
    return esp32.Partition.find(esp32.Partition.TYPE_DATA, label="vfs")[0]


# The simulator reports screens and verdicts through this hook; a real board has no audience.
observe: "Any" = None


def _freed(sda_gpio: int, scl_gpio: int) -> "tuple[machine.Pin, machine.Pin]":
    """The pins of an I2C bus, freed where a device held it."""
    sda = _pulled_up(sda_gpio)
    if not sda.value():
        scl = machine.Pin(scl_gpio, machine.Pin.OPEN_DRAIN, machine.Pin.PULL_UP, value=1)
        i2c_bus.free(sda.value, scl.value, time.sleep_us)
    return (machine.Pin(sda_gpio), machine.Pin(scl_gpio))


def _pulled_up(gpio: int) -> machine.Pin:
    # An unplugged reader must read as silence, not as noise.
    return machine.Pin(gpio, machine.Pin.IN, machine.Pin.PULL_UP)
