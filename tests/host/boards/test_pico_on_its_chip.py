"""What only the chip can tell, on the emulated Pico: why it started, whether a line is held."""

import pytest

from emulated_pico import stock
from emulated_pico.machine import EmulatedPico
from emulated_pico.parts import Parts
from gatescan_host.build_id import shipped_sources
from gatescan_host.deploy.boards import target
from gatescan_host.deploy.compile import compile_source, compiled_name

# The board's own files and what they import, and nothing else: emulated time is dear.
NEEDED = (
    "board.py", "pins.py", "uart_dma.py", "gatescan/__init__.py", "gatescan/core/__init__.py",
    "gatescan/core/compat.py", "gatescan/drivers/__init__.py",
)  # fmt: skip
BUSES = ("gatescan/drivers/i2c_bus", "gatescan/drivers/usb_link")

RESTARTS = b"""
import machine
import board
with open("log", "a") as file:
    file.write(board.reset_cause() + "\\n")
starts = open("log").read().split()
if len(starts) == 1:
    board.reset()
if len(starts) == 2:
    board.watchdog(60000)
    machine.WDT(timeout=20)
    while True:
        pass
print("starts", *starts)
"""
LINES = b"""
import board
uart = board.barcode_uart(), board.rfid_uart()
print("lines", board.line_held("barcode"), board.line_held("rfid"), uart[0].readinto(bytearray(9)))
"""


def started(main: bytes, parts: Parts) -> EmulatedPico:
    """A board with `main` as its main.py, switched on."""
    march = target("rpi_pico").march
    files = {
        compiled_name(path): compile_source(path, source.read_bytes(), march)
        for path, source in shipped_sources("rpi_pico").items()
        if path in NEEDED or path.startswith(BUSES)
    }
    assert {compiled_name(path) for path in NEEDED} <= set(files), sorted(files)
    pico = EmulatedPico(stock.image(), {**files, "main.py": main}, None, parts)
    pico.power_on()
    return pico


def printed(main: bytes, word: str, parts: Parts) -> str:
    """The line beginning with `word` that the board prints with `main` as its main.py."""
    pico = started(main, parts)
    found = pico.run_until(lambda: f"{word} " in pico.console and ">>>" in pico.console, 5000)
    assert found, pico.console
    return next(line for line in pico.console.splitlines() if line.startswith(word))


def test_power_reset_and_watchdog_are_told_apart() -> None:
    """MicroPython alone calls the second one a watchdog too, and the self-test would complain."""
    assert printed(RESTARTS, "starts", Parts()) == "starts power_on reset watchdog"


@pytest.mark.parametrize("barcode", [True, False])
def test_a_missing_reader_is_seen_on_its_line(barcode: bool) -> None:
    """And the look at the line is no byte to the UART."""
    said = printed(LINES, "lines", Parts(barcode=barcode, rfid=not barcode))
    assert said == f"lines {barcode} {not barcode} None"
