"""Host tools as they are, on the emulated board's serial port."""

import subprocess
import sys
import time
from collections.abc import Callable

import pytest
import serial

from emulated_pico.machine import EmulatedPico

SUM = """
import sys
print('listening')
while True:
    line = sys.stdin.readline()
    if line.strip() == 'end':
        break
    print('sum', sum(map(int, line.split())), time.ticks_ms())
"""


@pytest.fixture
def board(running: Callable[..., EmulatedPico]) -> EmulatedPico:
    board = running(SUM)
    assert board.wait_console("listening", 600)
    return board


def test_pyserial_talks_and_time_keeps_behind_the_wall(board: EmulatedPico) -> None:
    with board.fork() as remote, remote.serve_pty() as path:
        begin_ms, begin_s = remote.now_ms, time.monotonic()
        with serial.Serial(path, timeout=20) as port:
            for a in range(5):
                port.write(f"{a} {a}\r".encode())
                while not (line := port.readline()).startswith(b"sum"):
                    assert line, "no answer in 20 s"
                assert int(line.split()[1]) == 2 * a
                time.sleep(0.05)
        wall_ms = (time.monotonic() - begin_s) * 1000
        passed_ms = remote.now_ms - begin_ms
        assert 0 < passed_ms <= wall_ms + 15
        # A quiet board keeps up, on a loaded computer too: sleeping costs nothing to compute.
        begin_ms, begin_s = remote.now_ms, time.monotonic()
        time.sleep(0.5)
        passed_ms = remote.now_ms - begin_ms
        wall_ms = (time.monotonic() - begin_s) * 1000
        assert 100 < passed_ms <= wall_ms + 15


def test_the_governor_sleeps(board: EmulatedPico) -> None:
    with board.fork() as remote, remote.serve_pty():
        before = child_cpu_s(remote._child)
        time.sleep(1)
        assert child_cpu_s(remote._child) - before < 0.6, "it spins"


def child_cpu_s(process: int) -> float:
    """Processor seconds of a process so far (proc(5), fields 14 and 15, in 1/100 s)."""
    with open(f"/proc/{process}/stat") as f:
        fields = f.read().rpartition(") ")[2].split()
    return (int(fields[11]) + int(fields[12])) / 100


def test_a_tool_that_hangs_on_reads_an_error(board: EmulatedPico) -> None:
    with board.fork() as remote:
        with remote.serve_pty() as path:
            port = serial.Serial(path, timeout=5)
        with pytest.raises((serial.SerialException, OSError)):
            for _ in range(3):
                port.write(b"x")
                port.read(1)
        port.close()


def test_mpremote_reads_a_file_and_runs_a_line(board: EmulatedPico) -> None:
    board.link_write(b"end\r")
    assert board.wait_console(">>> ", 600)
    with board.fork() as remote, remote.serve_pty() as path:
        done = subprocess.run(
            [
                sys.executable, "-m", "mpremote", "connect", path, "resume",
                "exec", "print(6 * 7)", "+", "fs", "cat", ":main.py",
            ],
            capture_output=True, text=True, timeout=120, check=False,
        )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("42")
    assert "print('listening')" in done.stdout
