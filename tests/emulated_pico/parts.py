"""What is wired to the Pico, as data; the pins come from boards/rpi_pico/pins.csv."""

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

PINS = Path(__file__).resolve().parents[2] / "boards" / "rpi_pico" / "pins.csv"


@dataclass(frozen=True)
class Parts:
    """Which parts are there. What is absent is not wired at all."""

    display: bool = True
    barcode: bool = True
    rfid: bool = True
    light: bool = True
    sounder: bool = True
    buttons: bool = True
    loopback: bool = False  # a wire from the barcode line's TX to its RX, instead of an engine


@cache
def pins() -> dict[str, int]:
    """Name -> GPIO number."""
    with PINS.open(encoding="utf-8", newline="") as f:
        return {row["name"]: int(row["gpio"]) for row in csv.DictReader(f)}


def uart_of(gpio: int) -> int:
    """Number of the UART that a pin belongs to (RP2040 datasheet 1.4.3, function F2)."""
    return (gpio + 4) // 8 % 2


def i2c_of(gpio: int) -> int:
    """Number of the I2C block of a pin (datasheet 1.4.3, function F3)."""
    return gpio // 2 % 2
