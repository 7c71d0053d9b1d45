"""The suite's target for real boards, run as its users run it, on scanners that we can watch."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from gatescan_host.errors import Exit
from gatescan_host.simulator.scanner import SimulatedScanner

ROOT = Path(__file__).resolve().parents[3]
_LIMIT_S = 240


def command(port: str, rig: str, *options: str) -> list[str]:
    return [sys.executable, "-m", "pytest", "tests/hil", "--target", port, "--rig", rig,
            "-p", "no:cacheprovider", "-q", *options]  # fmt: skip


def environment(tmp_path: Path) -> dict[str, str]:
    """The suite's logs and keys stay in this test's own folder."""
    return {**os.environ, "GATESCAN_HIL_LOGS": str(tmp_path / "hil")}


def run(tmp_path: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command(*words), cwd=ROOT, env=environment(tmp_path), text=True,
                          capture_output=True, timeout=_LIMIT_S)  # fmt: skip


@pytest.fixture
def state(tmp_path: Path) -> Path:
    return tmp_path / "scanner"


def test_a_scanner_with_a_loopback_wire_and_nothing_else(state, tmp_path):
    """From factory-new; then a second run, which needs the key that the first one has kept."""
    chosen = "in_a_visit or own_thing or pulled or restart or rfid"
    with SimulatedScanner(state, stop_window_ms=20, joined=True) as scanner:
        done = run(tmp_path, scanner.ports.link, "sim_loopback", "-rs", "-k", chosen)
        assert done.returncode == 0, done.stdout + done.stderr
        assert "rig sim_loopback has no rfid: connect an RDM6300" in done.stdout
        done = run(tmp_path, scanner.ports.link, "sim_loopback", "-k", "echo or registered_to")
        assert done.returncode == 0, done.stdout + done.stderr
        for key in (tmp_path / "hil" / "keys").glob("*.key"):
            key.unlink()
        done = run(tmp_path, scanner.ports.link, "sim_loopback", "-k", "echo")
    assert done.returncode == Exit.NOT_AUTHORISED
    assert "has keys that this checkout does not hold" in done.stdout


def test_nothing_is_run_on_the_wrong_board(state, tmp_path):
    with SimulatedScanner(state, stop_window_ms=20) as scanner:
        done = run(tmp_path, scanner.ports.link, "pico_loopback")
    assert done.returncode == pytest.ExitCode.INTERNAL_ERROR
    assert "the scanner is a simulator, but the rig has a rpi_pico: choose another rig" in (
        done.stdout
    )
    assert "passed" not in done.stdout and "." not in done.stdout.split("!")[0]


def test_nothing_is_run_where_nobody_answers(tmp_path):
    done = run(tmp_path, str(tmp_path / "no-port"), "pico_loopback")
    assert done.returncode == Exit.NO_DEVICE
    assert "There is no scanner at" in done.stdout and "Traceback" not in done.stdout


def test_a_person_is_asked_and_waited_for(state, tmp_path):
    """Somebody reads the requests on the terminal and carries them out at the gate."""
    chosen = "rfid or next_card or (refuse_handout and in_a_visit)"
    with SimulatedScanner(state, stop_window_ms=20) as scanner:
        words = command(scanner.ports.link, "sim_person", "-k", chosen)
        with subprocess.Popen(
            words, cwd=ROOT, env=environment(tmp_path), text=True,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        ) as suite:  # fmt: skip
            assert suite.stderr is not None and suite.stdout is not None
            asked = [_obeyed(scanner, line) for line in suite.stderr if line.startswith(">>>")]
            told = suite.stdout.read()
    assert suite.returncode == 0, told
    assert set(asked) == {"scan", "hold", "press"}


def _obeyed(scanner: SimulatedScanner, line: str) -> str:
    """Do what `>>> Please ...` asks for, as slowly as a person; returns the verb."""
    verb, *words = line.removeprefix(">>> Please ").strip(" .\n").split()
    time.sleep(0.5)
    if verb == "scan":
        scanner.barcode(words[0])
    elif verb == "hold":
        scanner.present(words[2])
    else:
        scanner.press(words[0].lower())
    return verb
