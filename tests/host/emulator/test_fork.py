"""A machine continued in a child: the same methods, the parent untouched, nothing hangs."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from emulated_pico import fork
from emulated_pico.machine import EmulatedPico

ROOT = Path(__file__).resolve().parents[3]
ECHO = """
from machine import UART, Pin
line = UART(1, 9600, tx=Pin(4), rx=Pin(5))
print('listening')
while True:
    got = line.read()
    if got:
        print('got', got)
    time.sleep_ms(5)
"""


@pytest.fixture
def board(running: Callable[..., EmulatedPico]) -> EmulatedPico:
    board = running(ECHO)
    assert board.wait_console("listening", 600)
    return board


def test_two_children_live_their_own_lives(board: EmulatedPico) -> None:
    begin_ms, said = board.now_ms, board.console
    for code in (b"111", b"222"):
        with board.fork() as remote:
            end_ms = remote.barcode.send(code)
            remote.run_ms(30)
            assert remote.console == f"{said}got {code!r}\r\n"
            assert remote.barcode.sent_ms == pytest.approx(end_ms)
            assert remote.now_ms == pytest.approx(begin_ms + 30, abs=0.01)
            assert remote.speed > 0
    assert (board.now_ms, board.console) == (begin_ms, said)
    assert board.barcode.sent_ms == 0
    board.barcode.send(b"333")
    assert board.run_until(lambda: "got b'333'" in board.console, 100)


def test_parts_are_reached_and_set(board: EmulatedPico) -> None:
    with board.fork() as remote:
        assert remote.panel.present
        remote.panel.present = False
        assert not remote.panel.present
        assert remote.panel.lines() == []
        remote.ok.press()
        assert remote.ok.pressed
        assert remote.flash_bytes() == board.flash_bytes()
        assert remote.parts == board.parts
    assert board.panel.present
    assert not board.ok.pressed


def test_conditions_are_looked_at_from_outside(board: EmulatedPico) -> None:
    with board.fork() as remote:
        remote.barcode.send(b"4")
        assert remote.run_until(lambda: "got b'4'" in remote.console, 100)
        begin_ms = remote.now_ms
        assert not remote.run_until(lambda: False, 20)
        assert remote.now_ms == pytest.approx(begin_ms + 20, abs=1.1)
        remote.barcode.send(b"5")
        assert remote.wait_console("got b'5'", 100)
        assert not remote.wait_console("never", 20)
        remote.cut_power()
        assert not remote.run_until(lambda: False, 1000)


def test_a_mistake_comes_back_as_what_it_is(board: EmulatedPico) -> None:
    with board.fork() as remote:
        with pytest.raises(AttributeError):
            remote.no_such_thing()
        remote.cut_power()
        with pytest.raises(RuntimeError, match="power is off"):
            remote.run_ms(1)
        remote.power_on()
        assert remote.wait_console("listening", 600, after=len(remote.console))
    with pytest.raises(RuntimeError, match="has ended"):
        remote.run_ms(1)


def test_a_child_that_does_not_answer_is_ended(
    board: EmulatedPico, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fork, "CALL_LIMIT_S", 0.3)
    with board.fork() as remote:
        child = remote._child
        os.kill(child, signal.SIGSTOP)
        begin = time.monotonic()
        with pytest.raises(TimeoutError, match="did not answer console"):
            _ = remote.console
        assert time.monotonic() - begin < 5
        with pytest.raises(ProcessLookupError):
            os.kill(child, 0)


def test_a_child_that_dies_is_told(board: EmulatedPico) -> None:
    with board.fork() as remote:
        os.kill(remote._child, signal.SIGKILL)
        with pytest.raises(RuntimeError, match="ended in"):
            remote.run_ms(10)


def test_the_child_dies_with_its_parent(uf2: Path) -> None:
    """Even in the middle of a long run, and though a sibling keeps the pipe's other end open."""
    script = f"""
import os, sys
sys.path[:0] = {[str(ROOT / name) for name in ("tests", "firmware", "host_tools")]!r}
from emulated_pico.machine import EmulatedPico
board = EmulatedPico({str(uf2)!r}, files={{"main.py": b"while True: pass"}})
board.power_on()
first = board.fork()
second = board.fork()
first._connection.send(("call", ("run_ms",), (10_000_000,), {{}}))
print(first._child, second._child, flush=True)
os._exit(0)
"""
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=True
    )
    children = [int(word) for word in done.stdout.split()]
    assert len(children) == 2
    end = time.monotonic() + 10
    while any(map(lives, children)):
        assert time.monotonic() < end, "a child outlived its parent"
        time.sleep(0.05)


def lives(process: int) -> bool:
    """Whether a process runs; one that nobody has collected yet does not."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(") ")[2][0] != "Z"
    except FileNotFoundError:
        return False
