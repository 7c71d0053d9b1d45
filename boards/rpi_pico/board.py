"""Raspberry Pi Pico: the only place of this board that imports `machine`. Wiring: WIRING.md."""

import sys
import time

import machine
import neopixel
import pins
import rp2
from uart_dma import DmaUart

from gatescan.core.compat import const
from gatescan.drivers.usb_link_rp2 import Rp2UsbLink

NAME = "rpi_pico"
PANEL_ROWS = 5  # lines on a page: 5 on the 2.42 inch panel, 3 on a smaller one
BARCODE_BAUD = 9600
RFID_BAUD = 9600

_I2C_HZ = const(400_000)
_I2C_TIMEOUT_US = const(50_000)  # a picture takes 23 ms; a panel that blocks must not hold us
_NFC_I2C_HZ = const(100_000)  # with wires of half a metre and a reader that stretches the clock
_NFC_I2C_TIMEOUT_US = const(25_000)  # its longest frame takes 10 ms
_NFC_SPI_HZ = const(4_000_000)
_BARCODE_RING_BITS = const(10)  # 1 kB: two codes of the longest kind
_RFID_RING_BITS = const(8)
_WATCHDOG_MAX_MS = const(8388)  # RP2040-E1: a 24 bit counter that loses two a microsecond
_WATCHDOG_REASON = const(0x40058008)  # RP2040 datasheet 4.7.6
_REASON_FORCE = const(2)
_PADS = const(0x4001C004)  # RP2040 datasheet 2.19.6.3: GPIO0, four bytes a pad
_PAD_PULLS = const(0x0C)
_PAD_PULL_DOWN = const(0x04)
_GPIO_IN = const(0xD0000004)  # RP2040 datasheet 2.3.1.7
_SETTLE_US = const(10)  # the pull against half a metre of wire; half a bit at 9600 baud is 52


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
        0,
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


def barcode_uart() -> DmaUart:
    """The barcode engine's line; `readinto` never waits and flash writes lose nothing.

    `set_baud` changes its speed.
    """
    uart = machine.UART(
        1, BARCODE_BAUD, tx=machine.Pin(pins.BARCODE_TX), rx=_pulled_up(pins.BARCODE_RX)
    )
    return DmaUart(1, uart, _BARCODE_RING_BITS)


def rfid_uart() -> DmaUart:
    """The RFID reader's line, like the barcode engine's."""
    uart = machine.UART(0, RFID_BAUD, tx=machine.Pin(pins.RFID_TX), rx=_pulled_up(pins.RFID_RX))
    return DmaUart(0, uart, _RFID_RING_BITS)


def line_held(reader: str) -> bool:
    """Whether something drives the line from the "barcode" or "rfid" reader: high while idle.

    Its pull points down meanwhile, too short for the UART to see the beginning of a byte.
    """
    gpio = pins.BARCODE_RX if reader == "barcode" else pins.RFID_RX
    memory, pad = machine.mem32, _PADS + 4 * gpio
    up = memory[pad]
    down = up & ~_PAD_PULLS | _PAD_PULL_DOWN
    state = machine.disable_irq()
    memory[pad] = down
    time.sleep_us(_SETTLE_US)
    levels = memory[_GPIO_IN]
    memory[pad] = up
    machine.enable_irq(state)
    return bool(levels >> gpio & 1)


def rtc() -> machine.RTC:
    """The clock; it restarts at 2021-01-01 without power (drivers/clock.py finds out)."""
    return machine.RTC()


def link() -> Rp2UsbLink:
    """The serial link to the host."""
    return Rp2UsbLink()


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
    """Either "power_on", "watchdog" (perhaps after the BOOTSEL loader too) or "reset"."""
    if machine.reset_cause() != machine.WDT_RESET:
        return "power_on"
    # A commanded restart goes through the watchdog too; only this register tells them apart.
    return "reset" if machine.mem32[_WATCHDOG_REASON] & _REASON_FORCE else "watchdog"


def storage_path() -> str:
    """Folder of the flash file system, ending in a slash."""
    return "/"


def sha256_code() -> object:
    """SHA-256 in Thumb code; it stays in the RAM as long as somebody holds it."""
    import sha256_thumb

    del sys.modules["sha256_thumb"]
    return sha256_thumb


def block_decoder() -> object:
    """`advance` of core/table/decode_plain.py in Thumb code; it stays in the RAM."""
    from decode_thumb import advance

    return advance


def flash() -> rp2.Flash:
    """The flash that the file system lies on: blocks of 4096 bytes, programs of 256."""
    return rp2.Flash()


# The simulator reports screens and verdicts through this hook; a real board has no audience.
observe = None


def _freed(sda_gpio: int, scl_gpio: int) -> "tuple[machine.Pin, machine.Pin]":
    """The pins of an I2C bus, freed where a device held it."""
    sda = _pulled_up(sda_gpio)
    if not sda.value():
        from gatescan.drivers import i2c_bus  # seldom needed

        scl = machine.Pin(scl_gpio, machine.Pin.OPEN_DRAIN, machine.Pin.PULL_UP, value=1)
        i2c_bus.free(sda.value, scl.value, time.sleep_us)
    return (machine.Pin(sda_gpio), machine.Pin(scl_gpio))


def _pulled_up(gpio: int) -> machine.Pin:
    # An unplugged reader must read as silence, not as noise.
    return machine.Pin(gpio, machine.Pin.IN, machine.Pin.PULL_UP)
