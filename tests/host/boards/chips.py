"""What a chip and its MicroPython 1.28 port allow: pins, peripherals, limits."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

RP2_WATCHDOG_MAX_MS = 8388  # machine_wdt.c: 0xffffff / 2 / 1000


def _rp2_uart_pin(uart: int, gpio: int, kind: str) -> bool:
    # ports/rp2/machine_uart.c, IS_VALID_TX and IS_VALID_RX; RP2040 datasheet 1.4.3, function F2
    return gpio & 3 == (0 if kind == "TX" else 1) and ((gpio + 4) & 8) >> 3 == uart


def _rp2_i2c_pin(bus: int, gpio: int, kind: str) -> bool:
    # RP2040 datasheet 1.4.3, function F3: even pins SDA, odd pins SCL, the buses take turns
    return gpio & 1 == (0 if kind == "SDA" else 1) and (gpio & 2) >> 1 == bus


def _rp2_spi_pin(bus: int, gpio: int, kind: str) -> bool:
    # ports/rp2/machine_spi.c, IS_VALID_SCK, _MOSI and _MISO; RP2040 datasheet 1.4.3, function F1
    return gpio & 3 == {"SCK": 2, "MOSI": 3, "MISO": 0}[kind] and (gpio & 8) >> 3 == bus


@dataclass(frozen=True)
class Port:
    """Where two ports differ."""

    name: str
    gpios: frozenset[int]
    uarts: range
    reset_causes: dict[str, int]
    uart_pin: Callable[[int, int, str], bool]
    i2c_pin: Callable[[int, int, str], bool]
    spi_pin: Callable[[int, int, str], bool]
    spis: range
    watchdog_max_ms: int
    unique_id: bytes


# RP2040: GP0 to GP22 and GP26 to GP28 leave the Pico (Pico datasheet, figure 2).
RP2 = Port(
    "rp2", frozenset({*range(23), 26, 27, 28}), range(2), {"PWRON_RESET": 1, "WDT_RESET": 3},
    _rp2_uart_pin, _rp2_i2c_pin, _rp2_spi_pin, range(2), RP2_WATCHDOG_MAX_MS, bytes(range(8)),
)  # fmt: skip
# ESP32-S3: 0, 3, 45, 46 choose how it starts; 19, 20 are USB; 26 to 37 flash and PSRAM; 39 to 42
# JTAG; 43, 44 the console; 38 and 48 the DevKit's own light. Any other pin reaches any peripheral.
ESP32S3 = Port(
    "esp32", frozenset({1, 2, *range(4, 19), 21, 47}), range(3),
    {"PWRON_RESET": 1, "HARD_RESET": 2, "WDT_RESET": 3, "DEEPSLEEP_RESET": 4, "SOFT_RESET": 5},
    lambda _uart, _gpio, _kind: True, lambda _bus, _gpio, _kind: True,
    lambda _bus, _gpio, _kind: True, range(1, 3), 1 << 30, bytes(range(6)),
)  # fmt: skip
