"""`gatescan sim` as a program of its own: ports, events, orders, view, and how it ends."""

import json
import os
import pty
import select
import signal
import struct
import subprocess
import termios
import time
from collections.abc import Iterator
from fcntl import ioctl
from pathlib import Path
from typing import Any

import pytest

from sim import rig

_LIMIT_S = 20.0


class Program:
    """A running `gatescan sim`; its events come as JSON lines."""

    def __init__(self, *options: str, home: Path) -> None:
        self.process = subprocess.Popen(
            rig.command("sim", *options), env=rig.environment(GATESCAN_HOME=str(home)),
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, bufsize=0,
        )  # fmt: skip
        self._rest = b""

    def line(self, limit_s: float = _LIMIT_S) -> dict[str, Any]:
        """The next line on stdout."""
        deadline = time.monotonic() + limit_s
        while b"\n" not in self._rest:
            left = max(0.0, deadline - time.monotonic())
            assert select.select([self.process.stdout], [], [], left)[0], "no line came"
            part = os.read(self.process.stdout.fileno(), 65536)  # type: ignore[union-attr]
            assert part, "stdout ended"
            self._rest += part
        one, _, self._rest = self._rest.partition(b"\n")
        event: dict[str, Any] = json.loads(one)
        return event

    def event(self, kind: str) -> dict[str, Any]:
        """The next event of a kind."""
        while True:
            event = self.line()
            if event["event"] == kind:
                return event

    def end(self, number: int = signal.SIGTERM) -> tuple[int, str]:
        """Stop it; returns exit code and stderr. Must take less than 3 seconds."""
        self.process.send_signal(number)
        self.process.wait(timeout=3)
        err = self.process.stderr.read().decode()  # type: ignore[union-attr]
        return self.process.returncode, err

    def clean_up(self) -> None:
        """Leave no process behind, whatever the test did."""
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        for stream in (self.process.stdout, self.process.stderr):
            stream.close()  # type: ignore[union-attr]


@pytest.fixture
def program(tmp_path: Path) -> Iterator[Any]:
    started: list[Program] = []

    def start(*options: str) -> Program:
        started.append(Program(*options, home=tmp_path))
        return started[-1]

    yield start
    for one in started:
        one.clean_up()


def _write(path: str, data: bytes) -> None:
    """As any script would: a plain open of the pty."""
    with open(path, "wb", buffering=0) as line:
        line.write(data)


def test_first_line_names_the_ports_and_a_gtin_gives_a_verdict_event(program):
    sim = program("--events", "--demo-table")
    ports = sim.line()
    assert ports["event"] == "ports"
    assert set(ports) == {"event", "link", "barcode", "rfid", "control", "state_dir"}
    assert all(Path(ports[name]).exists() for name in ("link", "barcode", "rfid", "control"))
    assert Path(ports["state_dir"]).is_dir()
    _write(ports["barcode"], rig.VODKA.encode() + b"\r")
    verdict = sim.event("verdict")
    assert verdict["verdict"] == "refuse_handout"
    assert verdict["cit"][0] == "§ 2, stk. 1, nr. 3"
    assert verdict["tag"] == rig.VODKA.zfill(14)
    assert (verdict["light"], verdict["tone"]) == ("refuse", "refuse")
    assert isinstance(verdict["t_ms"], int)
    assert verdict["obligations"]
    _write(ports["barcode"], rig.UNKNOWN.encode() + b"\r")
    screen = sim.event("screen")
    assert len(screen["lines"]) >= 2
    assert sim.event("verdict")["verdict"] == "manual_inspection"
    code, err = sim.end(signal.SIGINT)
    assert code == 0
    assert "Traceback" not in err
    assert not Path(ports["state_dir"]).exists(), "the temporary folder was left behind"


def test_without_a_table_every_scan_says_inspect_by_hand(program):
    sim = program("--events")
    ports = sim.line()
    for code in (rig.SPREAD, rig.VODKA, rig.UNKNOWN, "no code at all", rig.SEAL):
        _write(ports["barcode"], code.encode() + b"\r")
        assert sim.event("verdict")["verdict"] == "manual_inspection", code
    assert sim.end(signal.SIGTERM)[0] == 0


def test_nothing_but_the_ports_is_printed_without_events(program):
    sim = program()
    ports = sim.line()
    _write(ports["barcode"], rig.SPREAD.encode() + b"\r")
    time.sleep(0.3)
    assert sim.end()[0] == 0
    assert sim._rest == b"" and sim.process.stdout.read() == b""


def test_a_reader_that_goes_away_ends_the_program_without_a_traceback(program):
    sim = program("--events")
    ports = sim.line()
    sim.process.stdout.close()
    for _ in range(3):
        try:
            _write(ports["barcode"], rig.SPREAD.encode() + b"\r")
        except OSError:
            break  # it has ended already and taken its ptys with it
        time.sleep(0.2)
    sim.process.wait(timeout=5)
    err = sim.process.stderr.read().decode()
    assert "Traceback" not in err and "Exception" not in err, err


def test_state_folder_keeps_table_and_events_over_two_runs(program, tmp_path):
    state = tmp_path / "state"
    sim = program("--events", "--demo-table", "--state", str(state))
    sim.line()
    assert sim.end()[0] == 0
    sim = program("--events", "--state", str(state))
    ports = sim.line()
    assert ports["state_dir"] == str(state)
    done = rig.gatescan("status", "--port", ports["link"], "--json")
    report = done.answer
    assert report["boot"] == 2
    assert report["table"]["items"] > 0
    assert report["condition"] == "clock_not_set"
    assert sim.end()[0] == 0


def _order(path: str, order: Any) -> dict[str, Any]:
    """Write one order to the control pty and read its answer."""
    text = order if isinstance(order, bytes) else json.dumps(order).encode()
    with open(path, "r+b", buffering=0) as control:
        control.write(text + b"\n")
        line = b""
        deadline = time.monotonic() + 5
        while not line.endswith(b"\n"):
            assert select.select([control], [], [], deadline - time.monotonic())[0], "no answer"
            line += control.read(4096) or b""
    answer: dict[str, Any] = json.loads(line)
    return answer


def test_orders_on_the_control_pty_are_answered(program):
    sim = program("--events", "--demo-table")
    ports = sim.line()
    control = ports["control"]
    assert _order(control, {"do": "memory"}) == {"ok": True}
    assert sim.event("memory")["free"] > 0
    assert _order(control, {"do": "present", "uid": rig.CARD}) == {"ok": True}
    assert sim.event("screen")["tone"] == "visit"
    _write(ports["barcode"], rig.RADIO.encode() + b"\r")
    assert sim.event("verdict")["verdict"] == "allow_after"
    assert _order(control, {"do": "press", "button": "ok"}) == {"ok": True}
    assert sim.event("screen")["light"] == "seal", "the first step: put the seal on"
    assert _order(control, {"do": "press", "button": "back"}) == {"ok": True}
    assert sim.event("screen")["light"] == "ready"
    for wrong in (
        {"do": "dance"}, {"nothing": 1}, {"do": "press", "button": "red"}, b"no json", b"[1]",
        {"do": "kill", "task": "nobody"}, {"do": "present", "uid": "xyz"}, b"7",
        {"do": "press", "button": "ok", "ms": "long"}, {"do": "present", "uid": "00"},
    ):  # fmt: skip
        answer = _order(control, wrong)
        assert answer["ok"] is False, wrong
        assert answer["error"]
    assert _order(control, {"do": "power_cut"}) == {"ok": True}
    answer = _order(control, {"do": "memory"})
    assert answer["ok"] is False and "power" in answer["error"]
    assert _order(control, {"do": "power_on"}) == {"ok": True}
    assert sim.event("ready")["condition"] == "clock_not_set"
    assert _order(control, {"do": "power_on"}) == {"ok": True}
    _write(ports["barcode"], rig.VODKA.encode() + b"\r")
    assert sim.event("verdict")["verdict"] == "refuse_handout"
    assert _order(control, {"do": "quit"}) == {"ok": True}
    sim.process.wait(timeout=3)
    assert sim.process.returncode == 0
    err = sim.process.stderr.read().decode()
    assert "Traceback" not in err, err


class Terminal:
    """`gatescan sim --view` in a pseudo terminal."""

    def __init__(self, home: Path) -> None:
        self.master, slave = pty.openpty()
        ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 140, 0, 0))
        environment = rig.environment(GATESCAN_HOME=str(home), TERM="xterm-256color")
        self.process = subprocess.Popen(
            rig.command("sim", "--demo-table", "--view"), env=environment,
            stdin=slave, stdout=slave, stderr=subprocess.PIPE, start_new_session=True,
        )  # fmt: skip
        os.close(slave)
        self.shown = ""

    def see(self, text: str, limit_s: float = _LIMIT_S) -> None:
        """Wait until `text` has been drawn since the last call."""
        deadline = time.monotonic() + limit_s
        while text not in self.shown:
            left = max(0.0, deadline - time.monotonic())
            assert select.select([self.master], [], [], left)[0], f"{text!r} was never drawn"
            self.shown += os.read(self.master, 65536).decode(errors="ignore")
        self.shown = self.shown.partition(text)[2]

    def type(self, text: str) -> None:
        """Press keys."""
        os.write(self.master, text.encode())

    def end(self) -> int:
        """Drain until it ends; returns the exit code."""
        deadline = time.monotonic() + 5
        while self.process.poll() is None and time.monotonic() < deadline:
            if select.select([self.master], [], [], 0.05)[0]:
                try:
                    self.shown += os.read(self.master, 65536).decode(errors="ignore")
                except OSError:
                    break
        return self.process.wait(timeout=3)


def test_view_shows_the_screen_takes_keys_and_ends(tmp_path):
    terminal = Terminal(tmp_path)
    try:
        terminal.see('"event": "ports"')
        terminal.see("Gatescan")
        terminal.see("⠛")  # braille: the panel's own pixels
        terminal.type(rig.VODKA)
        terminal.see("> " + rig.VODKA)
        terminal.type("\r")
        terminal.see("Hz")  # the refusal is heard
        terminal.type("o")
        terminal.type("b")
        terminal.type("u")
        terminal.see("POWER OFF")
        terminal.type("q")
        assert terminal.end() == 0
        assert "Traceback" not in terminal.process.stderr.read().decode()
    finally:
        terminal.process.kill()
        terminal.process.wait()
        terminal.process.stderr.close()
        os.close(terminal.master)
