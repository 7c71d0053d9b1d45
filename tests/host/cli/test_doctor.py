"""`gatescan doctor` with nothing connected, with a scanner, and with what may be in between."""

import os
import threading
from types import SimpleNamespace

import pytest

from gatescan_host.doctor import computer, steps
from gatescan_host.errors import Exit
from gatescan_host.link.session import ScannerLink
from gatescan_host.simulator.wires import Pty
from sim import rig

_BANNER = b"\r\nMicroPython v1.28.0 on 2026-04-09; Raspberry Pi Pico with RP2040\r\n>>> "


@pytest.fixture
def plugged(monkeypatch):
    """Say which serial ports there are, and which USB devices."""

    def plug(*ports: str, devices: tuple[computer.UsbDevice, ...] = ()) -> None:
        listed = [SimpleNamespace(device=port, vid=0x2E8A, pid=0x0005) for port in ports]
        monkeypatch.setattr("serial.tools.list_ports.comports", lambda: listed)
        monkeypatch.setattr(computer, "usb_devices", lambda: list(devices))

    return plug


def _steps(done: rig.Done) -> dict[str, tuple[str, str, str]]:
    """What -> result, said, remedy."""
    assert "Traceback" not in done.err
    return {s["what"]: (s["result"], s["said"], s["remedy"]) for s in done.answer["steps"]}


def test_nothing_connected(plugged):
    plugged()
    done = rig.gatescan("doctor", "--json")
    assert done.code == Exit.NO_DEVICE and done.answer["ok"] is False
    found = _steps(done)
    assert found["python"][0] == "pass" and found["usb"][0] == "fail"
    plain = rig.gatescan("doctor")
    assert plain.code == Exit.NO_DEVICE and "1 fail" in plain.out and "-> Plug it in" in plain.out


def test_only_a_pico_in_its_loader(plugged):
    plugged(devices=(computer.UsbDevice(0x2E8A, 0x0003),))
    done = rig.gatescan("doctor", "--json")
    assert done.code == Exit.NO_DEVICE and ".uf2" in _steps(done)["usb"][2]


def test_a_sound_scanner_is_found_by_itself(plugged, gate):
    plugged(gate.port)
    done = rig.gatescan("doctor", "--json", "--device-key", gate.key_file)
    found = _steps(done)
    assert done.code == Exit.OK and done.answer["ok"], found
    assert gate.scanner_id in found["scanner"][1]
    assert {result for result, _, _ in found.values()} == {"pass"}
    seq = gate.status()["journal"]["seq"]
    rig.gatescan("doctor", "--port", gate.port)
    assert gate.status()["journal"]["seq"] == seq, "looking leaves no trace in the log"


def test_without_the_key_it_says_so_and_goes_on(shared_gate):
    found = _steps(rig.gatescan("doctor", "--json", "--port", shared_gate.port))
    assert found["key"][0] == "look" and found["table"][0] == "pass"


def test_the_key_of_another_scanner(gate, tmp_path):
    wrong = tmp_path / "wrong.key"
    wrong.write_bytes(bytes(range(32)))
    done = rig.gatescan("doctor", "--json", "--port", gate.port, "--device-key", wrong)
    assert done.code == Exit.NOT_AUTHORISED
    assert _steps(done)["key"][0] == "fail" and _steps(done)["log"][0] == "pass"


def test_a_port_that_somebody_holds(shared_gate):
    with ScannerLink(shared_gate.port):
        done = rig.gatescan("doctor", "--json", "--port", shared_gate.port)
    assert done.code == Exit.BUSY
    assert "in use" in _steps(done)["port"][1]


def test_a_port_that_may_not_be_opened(monkeypatch, shared_gate):
    monkeypatch.setattr(os, "access", lambda *_: False)
    done = rig.gatescan("doctor", "--json", "--port", shared_gate.port)
    assert done.code == Exit.NO_DEVICE and "dialout" in _steps(done)["port"][2]


@pytest.mark.parametrize("port", ["/dev/no-such-port", "/dev/null", "socket://127.0.0.1:1"])
def test_a_port_that_is_none(port):
    done = rig.gatescan("doctor", "--json", "--port", port)
    assert done.code == Exit.NO_DEVICE and "Traceback" not in done.err, done


@pytest.mark.parametrize(
    ("banner", "word", "code"),
    [(_BANNER, "gatescan deploy --board rpi_pico", Exit.FAILED), (b"", "BOOTSEL", Exit.TIMEOUT),
     (b"21.5\r\n", "Another program", Exit.TIMEOUT)],
    ids=["prompt", "silence", "program"],
)  # fmt: skip
def test_something_else_answers(monkeypatch, banner, word, code):
    monkeypatch.setattr(steps, "_ANSWER_S", 0.1)
    pty = Pty()
    stop = threading.Event()

    def serve() -> None:
        while not stop.wait(0.005):
            try:
                heard = os.read(pty.master, 512)
            except OSError:
                continue
            if banner and b"\x02" in heard:
                os.write(pty.master, banner)

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        done = rig.gatescan("doctor", "--json", "--port", pty.path)
    finally:
        stop.set()
        thread.join()
        pty.close()
    assert done.code == code, done
    result, _, remedy = _steps(done)["scanner"]
    assert result == "fail" and word in remedy


def test_two_boards_one_of_them_silent(plugged, gate, tmp_path):
    """Each is looked at; the one that fails decides how it ends."""
    plugged(gate.port, str(tmp_path / "gone"))
    done = rig.gatescan("doctor", "--json", "--device-key", gate.key_file)
    assert done.code == Exit.NO_DEVICE
    said = [step["said"] for step in done.answer["steps"]]
    assert any(gate.scanner_id in text for text in said)
    assert any("there is no" in text for text in said)


def test_a_new_scanner(new_gate):
    done = rig.gatescan("doctor", "--json", "--port", new_gate.port)
    found = _steps(done)
    assert done.code == Exit.NOT_AUTHORISED, "the first thing that is wrong"
    assert "provision" in found["key"][2] and found["clock"][0] == found["table"][0] == "fail"


def test_selftest_without_a_scanner(plugged):
    plugged()
    done = rig.gatescan("selftest")
    assert done.code == Exit.NO_DEVICE and done.out == "" and rig.is_sentence(done.err)


def test_selftest_on_a_scanner_with_older_firmware(gate, monkeypatch):
    """It does not know the command: a sentence that says what to do."""
    from gatescan_host.link import messages

    monkeypatch.setattr(messages.Selftest, "_COMMAND_ID", 99)
    done = gate.cli("selftest")
    assert done.code == Exit.FAILED and "update its firmware" in done.err
