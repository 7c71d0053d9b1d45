"""What the patches change for a program: the stock image with and without one of them."""

from collections.abc import Callable
from pathlib import Path
from time import process_time

import pytest

from emulated_pico.machine import EmulatedPico
from emulated_pico.patches import uart, usb

ROOT = Path(__file__).resolve().parents[3]
OPEN_UART = """
from machine import UART, Pin
line = UART(1, 9600, tx=Pin(4), rx=Pin(5), rxbuf=256)
print('opened')
"""


@pytest.mark.parametrize("patched", [False, True])
def test_uart_opens(
    running: Callable[..., EmulatedPico], monkeypatch: pytest.MonkeyPatch, patched: bool
) -> None:
    if not patched:
        monkeypatch.setattr(uart, "calm_tx_interrupt", lambda line: None)
    board = running(OPEN_UART)
    # Without the patch the program is interrupted for ever inside UART().
    assert board.wait_console("opened", 170) is patched


@pytest.mark.parametrize("patched", [False, True])
def test_the_idle_interrupt_comes(
    running: Callable[..., EmulatedPico], monkeypatch: pytest.MonkeyPatch, patched: bool
) -> None:
    if not patched:
        monkeypatch.setattr(uart, "raise_rx_timeout", lambda line: None)
    board = running(OPEN_UART + """
line.irq(lambda u: print('idle', u.read()), UART.IRQ_RXIDLE)
print('listening')
time.sleep_ms(200)
""")
    assert board.wait_console("listening", 600)
    board.barcode.send(b"4006381333931\r")
    assert board.wait_console("done", 600)
    assert ("idle b'4006381333931\\r'" in board.console) is patched


@pytest.mark.parametrize("patched", [False, True])
def test_waiting_costs_no_computing(
    running: Callable[..., EmulatedPico], monkeypatch: pytest.MonkeyPatch, patched: bool
) -> None:
    if not patched:
        monkeypatch.setattr(usb, "hold_empty_packets", lambda cdc, clock: None)
    board = running("time.sleep_ms(120)")
    board.run_ms(110)
    mcu = board._on().mcu
    woken, execute = 0, mcu.usb_ctrl.endpoint_read_done

    def count(*args: object) -> None:
        nonlocal woken
        woken += 1
        execute(*args)

    mcu.usb_ctrl.endpoint_read_done = count
    board.run_ms(20)
    # Unpatched the host sends an empty packet every 10 us or so, and each wakes the program.
    assert woken == 0 if patched else woken > 500


WRITE_FLASH = """
import os
f = open('big', 'wb')
print('writing')
for i in range(3):
    f.write(bytes(4096))
f.close()
print('wrote')
time.sleep_ms(100)
print('read', line.read())
"""


def test_a_code_is_cut_by_flash_writes(running: Callable[..., EmulatedPico]) -> None:
    board = running(OPEN_UART + WRITE_FLASH)
    assert board.wait_console("writing", 600)
    code = bytes(range(33, 95))
    board.barcode.send(code)
    assert board.wait_console("done", 2000)
    assert board.barcode.lost > 0
    assert f"read {code!r}" not in board.console


@pytest.mark.parametrize("patched", [False, True])
def test_the_boards_dma_ring_keeps_a_code_through_flash_writes(
    uf2: Path, monkeypatch: pytest.MonkeyPatch, patched: bool
) -> None:
    if not patched:
        monkeypatch.setattr(uart, "request_rx_dma", lambda line: None)
    program = "import time\ntime.sleep_ms(100)" + OPEN_UART + """
from uart_dma import DmaUart
line = DmaUart(1, line, 8)
""" + WRITE_FLASH.replace("print('read', line.read())", """
buffer = bytearray(100)
count = line.readinto(buffer)
print('read', count and bytes(buffer[:count]))
""") + "print('done')"
    files = {
        "main.py": program.encode(),
        "uart_dma.py": (ROOT / "boards" / "rpi_pico" / "uart_dma.py").read_bytes(),
        "gatescan/core/compat.py": (
            ROOT / "firmware" / "gatescan" / "core" / "compat.py"
        ).read_bytes(),
    }
    board = EmulatedPico(uf2, files=files)
    board.power_on()
    assert board.wait_console("writing", 1000), board.console
    code = bytes(range(33, 95))
    board.barcode.send(code)
    assert board.wait_console("done", 2000), board.console
    # Unpatched the ring stays empty: nobody asks the DMA to fetch anything.
    assert (f"read {code!r}" in board.console) is patched
    assert (board.barcode.lost == 0) is patched


def test_a_reader_at_another_speed_is_not_understood(running: Callable[..., EmulatedPico]) -> None:
    board = running(OPEN_UART + "time.sleep_ms(100)\nprint('read', line.read())")
    board.barcode.send(b"too early")
    assert board.wait_console("opened", 600)
    assert board.barcode.unheard == len(b"too early")
    board.barcode.send(b"123", baud=115200)
    assert board.wait_console("done", 600)
    assert board.barcode.garbled == 3
    assert "read b'123'" not in board.console


def test_flash_survives_a_power_cut_and_ram_does_not(uf2: Path) -> None:
    program = b"""
import os, time
from machine import RTC
time.sleep_ms(100)
print('year', RTC().datetime()[0], os.listdir())
open('kept', 'w').close()
RTC().datetime((2026, 11, 21, 5, 12, 0, 0, 0))
time.sleep_ms(50)
print('set', RTC().datetime()[:3])
"""
    board = EmulatedPico(uf2, files={"main.py": program})
    board.power_on()
    assert board.wait_console("set (2026, 11, 21)", 1000)
    assert "year 2021 ['main.py']" in board.console
    board.cut_power()
    assert not board.powered
    with pytest.raises(RuntimeError, match="power is off"):
        board.run_ms(1)
    off_ms = board.now_ms
    board.power_on()
    assert board.wait_console("year 2021 ['kept', 'main.py']", 1000), board.console
    assert board.now_ms > off_ms


def test_time_for_a_stranger(running: Callable[..., EmulatedPico]) -> None:
    """Ten seconds of waiting cost less to compute, whichever build of the emulator runs."""
    board = running("time.sleep(10)")
    begin = process_time()
    assert board.wait_console("done", 11_000)
    assert process_time() - begin < 8
