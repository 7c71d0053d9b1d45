"""The parts around the Pico, driven by small programs on the stock image."""

from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest
from rp2040py.external.ws2812 import LATCH_NANOS

from emulated_pico import flash_image
from emulated_pico.machine import EmulatedPico
from emulated_pico.parts import i2c_of, pins, uart_of

SOUND = """
from machine import PWM, Pin
pwm = PWM(Pin(14), freq=1000, duty_u16=0)
for hz in (2700, 650):
    pwm.freq(hz)
    pwm.duty_u16(32768)
    time.sleep_ms(30)
    pwm.duty_u16(0)
    time.sleep_ms(20)
"""


def test_pins_belong_to_the_blocks_that_the_board_uses() -> None:
    gpio = pins()
    assert uart_of(gpio["barcode_rx"]) == uart_of(gpio["barcode_tx"]) == 1
    assert uart_of(gpio["rfid_rx"]) == uart_of(gpio["rfid_tx"]) == 0
    assert i2c_of(gpio["display_sda"]) == i2c_of(gpio["display_scl"]) == 0


def test_the_sounder_is_heard_with_frequency_and_rhythm(
    running: Callable[..., EmulatedPico],
) -> None:
    board = running(SOUND)
    assert board.wait_console("done", 1000)
    heard = board.sounder.history
    assert [hz for _, hz in heard] == [2700, 0, 650, 0]
    steps = [later[0] - earlier[0] for earlier, later in pairwise(heard)]
    assert steps == pytest.approx([30, 20, 30], abs=1.5)


def test_an_absent_sounder_is_not_heard(running: Callable[..., EmulatedPico]) -> None:
    board = running(SOUND, sounder=False)
    assert board.wait_console("done", 1000)
    assert board.sounder.history == []


def test_the_light_shows_what_was_sent(running: Callable[..., EmulatedPico]) -> None:
    board = running("""
from neopixel import NeoPixel
from machine import Pin
pixel = NeoPixel(Pin(16), 1)
for colour in ((1, 128, 255), (1, 128, 255), (0, 0, 0), (255, 0, 3)):
    pixel[0] = colour
    pixel.write()
    time.sleep_ms(10)
""")
    assert board.wait_console("done", 1000)
    assert [colour for _, colour in board.light.history] == [(1, 128, 255), (0, 0, 0), (255, 0, 3)]
    assert board.light.colour == (255, 0, 3)
    assert board.light.history[-1][0] + LATCH_NANOS / 1e6 <= board.now_ms
    board.cut_power()
    assert board.light.colour == (0, 0, 0)


def test_buttons_pull_their_pins_low(running: Callable[..., EmulatedPico]) -> None:
    board = running("""
from machine import Pin
ok, back = (Pin(n, Pin.IN, Pin.PULL_UP) for n in (12, 13))
for i in range(4):
    print('pins', ok.value(), back.value())
    time.sleep_ms(20)
""")
    for press, said in (
        (lambda: None, "pins 1 1"), (board.ok.press, "pins 0 1"),
        (board.back.press, "pins 0 0"), (board.ok.release, "pins 1 0"),
    ):  # fmt: skip
        press()
        before = len(board.console)
        assert board.wait_console(said, 400, after=before), board.console
    board.cut_power()
    board.power_on()
    assert board.wait_console("pins 1 0", 400, after=len(board.console)), "BACK was let go"


def test_the_loopback_wire_brings_bytes_back(running: Callable[..., EmulatedPico]) -> None:
    board = running("""
from machine import UART, Pin
line = UART(1, 9600, tx=Pin(4), rx=Pin(5))
line.write(b'round')
time.sleep_ms(20)
print('back', line.read())
""", barcode=False, loopback=True)
    assert board.wait_console("back b'round'", 1000), board.console
    assert bytes(board.barcode.received) == b"round"


def test_an_absent_part_says_so(running: Callable[..., EmulatedPico]) -> None:
    board = running("pass", rfid=False, buttons=False)
    with pytest.raises(RuntimeError, match="no rfid"):
        board.rfid.send(b"x")
    with pytest.raises(RuntimeError, match="no ok button"):
        board.ok.press()


def test_the_watchdog_restarts_and_flash_is_kept(running: Callable[..., EmulatedPico]) -> None:
    board = running("""
import machine, os
if 'begun' in os.listdir():
    print('again', machine.reset_cause() == machine.WDT_RESET)
else:
    open('begun', 'w').close()
    machine.WDT(timeout=100)
    time.sleep(5)
    print('nobody bit')
""")
    assert board.wait_console("again True", 1500), board.console
    assert "nobody bit" not in board.console


@pytest.mark.parametrize(
    ("operation", "done_part", "found"),
    [
        (1, 0.5, b"\xff" * 2048 + b"\x00" * 2048),  # half erased
        (2, 0.25, bytes(range(64)) + b"\xff" * 4032),  # a quarter of a page
        (3, 1.0, bytes(range(256)) * 2 + b"\xff" * 3584),
    ],
)
def test_a_torn_write_leaves_the_part_that_was_done(
    uf2: Path, operation: int, done_part: float, found: bytes
) -> None:
    program = b"""
import rp2, time
time.sleep_ms(100)
rp2.Flash().writeblocks(351, bytes(range(256)) * 16)
print('written')
"""
    begin = 351 * flash_image.BLOCK_BYTES
    board = EmulatedPico(uf2, flash=flash_image.build({"main.py": program})[:begin] + bytes(4096))
    board.power_on()
    board.run_ms(50)  # mounting writes nothing
    assert board.flash_log == []
    board.cut_power_in_flash(operation, done_part)
    assert not board.wait_console("written", 1000)
    assert not board.powered
    assert len(board.flash_log) == operation
    assert board.flash_bytes()[begin:] == found
