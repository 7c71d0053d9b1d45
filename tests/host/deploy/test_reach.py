"""Ports without a board, with a busy or a silent one: sentence and exit code."""

import os
import threading
from collections.abc import Callable, Iterator

import pytest

from gatescan_host.deploy import banner, deployment, reach
from gatescan_host.deploy.image import Image
from gatescan_host.errors import Exit, GatescanError
from gatescan_host.link.transport import open_port
from gatescan_host.simulator.wires import Pty
from host_side import gatescan, is_sentence, own_home  # noqa: F401 - a fixture, by name

DEPLOY = ("deploy", "--board", "rpi_pico", "--port")


@pytest.fixture(autouse=True)
def nothing_compiled(monkeypatch):
    monkeypatch.setattr(deployment, "image", lambda board: Image({}, {}))  # takes a second


@pytest.fixture
def wire() -> Iterator[Callable[[Callable[[bytes], bytes]], str]]:
    """The path of a port at whose other end `answer` turns what it hears into what it says."""
    ends: list[tuple[Pty, threading.Thread]] = []
    stop = threading.Event()

    def start(answer: Callable[[bytes], bytes]) -> str:
        pty = Pty()

        def serve() -> None:
            while not stop.wait(0.002):
                try:
                    said = answer(os.read(pty.master, 4096))
                    if said:
                        os.write(pty.master, said)
                except OSError:
                    continue

        thread = threading.Thread(target=serve)
        thread.start()
        ends.append((pty, thread))
        return pty.path

    yield start
    stop.set()
    for pty, thread in ends:
        thread.join()
        pty.close()


@pytest.mark.parametrize("port", ["/dev/no-such-port", "/dev/null", "socket://127.0.0.1:1"])
@pytest.mark.parametrize("words", [DEPLOY, ("maintenance", "--port")], ids=lambda w: w[0])
def test_no_device_is_3(port, words):
    done = gatescan(*words, port)
    assert done.code == Exit.NO_DEVICE, done
    assert done.out == "" and is_sentence(done.err)


def test_no_board_connected_is_3_and_two_are_a_question(monkeypatch):
    monkeypatch.setattr("gatescan_host.link.ports.candidates", list)
    done = gatescan("deploy", "--board", "rpi_pico")
    assert done.code == Exit.NO_DEVICE, done
    monkeypatch.setattr("gatescan_host.link.ports.candidates", lambda: ["/dev/a", "/dev/b"])
    done = gatescan("deploy", "--board", "rpi_pico")
    assert done.code == Exit.USAGE, done
    assert "2 boards are connected (/dev/a, /dev/b): choose one with --port" in done.err
    monkeypatch.setattr("gatescan_host.link.ports.candidates", lambda: ["/dev/a"])
    assert reach.find(None) == "/dev/a"


def test_usage_is_2():
    for words in (("deploy",), ("deploy", "--board", "toaster"), ("deploy", "--board")):
        done = gatescan(*words)
        assert done.code == Exit.USAGE, done
        assert done.out == "" and "Traceback" not in done.err


def test_a_port_that_somebody_holds_is_4(wire):
    path = wire(lambda heard: b"")
    holder = open_port(path)
    try:
        done = gatescan(*DEPLOY, path)
    finally:
        holder.close()
    assert done.code == Exit.BUSY, done
    assert "in use by another program" in done.err


def test_something_that_says_nothing_is_8(wire, monkeypatch):
    monkeypatch.setattr(reach, "_SCANNER_S", 0.1)
    done = gatescan(*DEPLOY, wire(lambda heard: b""))
    assert done.code == Exit.TIMEOUT, done
    assert "Neither MicroPython's prompt nor a scanner answers" in done.err
    assert "hold its BACK button" in done.err


def test_something_that_babbles_is_8_as_well(wire, monkeypatch):
    monkeypatch.setattr(reach, "_SCANNER_S", 0.1)
    done = gatescan(*DEPLOY, wire(lambda heard: heard))
    assert done.code == Exit.TIMEOUT, done


class Words:
    """A console that says its words one after the other, then nothing."""

    said: tuple[bytes, ...] = ()

    def __init__(self, address: str) -> None:
        self._left = list(self.said)

    def heard(self) -> bytes:
        return self._left.pop(0) if self._left else b""

    def close(self) -> None:
        pass


class Report:
    """A scanner that answers with `told`, or not at all."""

    told: dict | None = None

    def __init__(self, address: str, timeout_s: float) -> None:
        pass

    def __enter__(self) -> "Report":
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def status(self) -> dict:
        if self.told is None:
            raise GatescanError("The scanner does not answer: wait.", Exit.TIMEOUT)
        return self.told


@pytest.fixture
def board(monkeypatch):
    """Replace console and link of the restarted board; returns a call that sets both."""
    monkeypatch.setattr(banner, "Prompt", Words)
    monkeypatch.setattr(banner, "ScannerLink", Report)
    monkeypatch.setattr(banner, "_START_S", 0.5)
    monkeypatch.setattr(banner, "_QUIET_S", 0.1)
    monkeypatch.setattr(banner, "_PAUSE_S", 0.01)

    def behaves(said: tuple[bytes, ...], told: dict | None) -> None:
        monkeypatch.setattr(Words, "said", said)
        monkeypatch.setattr(Report, "told", told)

    return behaves


def test_a_scanner_that_starts_is_known_by_its_report(board):
    report = {"board": "rpi_pico", "build": "0123abcd", "device": "ff"}
    board((b"Gatescan 0.1.0 on rpi", b"_pico\r\nready, device ff\r\n"), report)
    assert banner.await_scanner("port", "rpi_pico", "0123abcd") == report
    board((), report)  # its words passed before we listened
    assert banner.await_scanner("port", "rpi_pico", "0123abcd") == report


@pytest.mark.parametrize("other", [{"board": "esp32_s3"}, {"build": "00000000"}, {"build": None}])
def test_another_build_than_was_copied_is_told(board, other):
    board((b"ready, device ff",), {"board": "rpi_pico", "build": "0123abcd", **other})
    with pytest.raises(GatescanError, match=r"runs build .*not 0123abcd for rpi_pico") as refused:
        banner.await_scanner("port", "rpi_pico", "0123abcd")
    assert refused.value.exit_code is Exit.FAILED


def test_a_firmware_that_does_not_start_is_told_with_its_last_words(board):
    fault = (b"Traceback (most recent call last):\r\n  File \"main.py\"\r\nImportError: no module"
             b"\r\nMicroPython v1.28.0 on 2026\r\nType \"help()\"\r\n>>> ")  # fmt: skip
    board((fault,), None)
    with pytest.raises(GatescanError, match="'ImportError: no module'") as late:
        banner.await_scanner("port", "rpi_pico", "0123abcd")
    assert late.value.exit_code is Exit.TIMEOUT
    board((), None)
    with pytest.raises(GatescanError, match="it said nothing") as late:
        banner.await_scanner("port", "rpi_pico", "0123abcd")
    assert late.value.exit_code is Exit.TIMEOUT
