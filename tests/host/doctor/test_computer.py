"""The way from the computer to the port, from what the system lists."""

import os
import re
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from gatescan_host.doctor import computer
from gatescan_host.doctor.finding import Result
from gatescan_host.errors import Exit
from gatescan_host.link import ports as serial_ports

ROOT = Path(__file__).resolve().parents[3]


def _port(device: str, vid: int | None, pid: int | None) -> SimpleNamespace:
    """A port as serial.tools.list_ports gives it."""
    return SimpleNamespace(device=device, vid=vid, pid=pid)


PICO = _port("/dev/ttyACM0", 0x2E8A, 0x0005)
BUILT_IN = _port("/dev/ttyS0", None, None)


def _sys(folder: Path, devices: dict[str, tuple[str, str, str]]) -> Path:
    """A copy of /sys/bus/usb/devices with `devices`: folder -> vendor, product, name."""
    for name, (vid, pid, product) in devices.items():
        one = folder / name
        one.mkdir(parents=True)
        if vid:
            (one / "idVendor").write_text(vid + "\n")
            (one / "idProduct").write_text(pid + "\n")
        if product:
            (one / "product").write_text(product + "\n")
    return folder


def test_nothing_connected():
    (finding,) = computer.boards([BUILT_IN], [])
    assert (finding.result, finding.exit_code) == (Result.FAIL, Exit.NO_DEVICE)
    assert "cable" in finding.remedy


def test_a_pico_with_micropython():
    (finding,) = computer.boards([BUILT_IN, PICO], [])
    assert finding.result is Result.PASS and "/dev/ttyACM0" in finding.said


def test_every_identity_that_is_looked_for_has_a_name():
    for vid, pid in serial_ports.IDENTITIES:
        (finding,) = computer.boards([_port("/dev/x", vid, pid)], [])
        assert finding.result is Result.PASS


def test_a_pico_in_its_loader_has_no_port_but_is_seen(tmp_path):
    root = _sys(tmp_path, {
        "usb1": ("1d6b", "0002", "xHCI Host Controller"), "1-1": ("2e8a", "0003", "RP2 Boot"),
        "1-1:1.0": ("", "", ""), "1-2": ("zzzz", "1", ""),
    })  # fmt: skip
    devices = computer.usb_devices(root)
    assert (0x2E8A, 0x0003) in devices and len(devices) == 2
    (finding,) = computer.boards([], devices)
    assert finding.result is Result.FAIL and finding.exit_code is Exit.NO_DEVICE
    assert ".uf2" in finding.remedy and "gatescan deploy" in finding.remedy
    both = computer.boards([PICO], devices)
    assert [f.result for f in both] == [Result.PASS, Result.FAIL]


def test_no_list_of_usb_devices():
    assert computer.usb_devices(Path("/no/such/folder")) == []


@pytest.mark.parametrize(
    ("vid", "pid", "word"),
    [(0x2E8A, 0x000A, "Pico SDK"), (0x239A, 0x80F4, "CircuitPython"), (0x2E8A, 0x000C, "probe")],
)
def test_boards_with_something_else(vid, pid, word):
    (finding,) = computer.boards([_port("/dev/ttyACM3", vid, pid)], [])
    assert finding.result is Result.LOOK and word in finding.said
    assert "MicroPython" in finding.remedy


def test_a_port_that_is_not_there(tmp_path):
    finding = computer.port(str(tmp_path / "ttyACM9"))
    assert (finding.result, finding.exit_code) == (Result.FAIL, Exit.NO_DEVICE)


def test_a_port_that_may_not_be_opened(tmp_path, monkeypatch):
    path = tmp_path / "ttyACM0"
    path.write_text("")
    assert computer.port(str(path)).result is Result.PASS
    monkeypatch.setattr(os, "access", lambda *_: False)  # root may open everything
    finding = computer.port(str(path))
    assert finding.result is Result.FAIL and "permission denied" in finding.said
    assert "dialout" in finding.remedy
    rules = re.search(r"boards/\S+\.rules", finding.remedy)
    assert rules and (ROOT / rules[0]).is_file(), "the rule that it names is there"


def test_who_holds_a_port(tmp_path):
    """Another process has the file open: its name and number are told."""
    path = tmp_path / "ttyACM0"
    path.write_text("")
    assert computer.holders(str(path)) == []
    code = f"f = open({str(path)!r}); print('open', flush=True); input()"
    with subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE,
                          stdout=subprocess.PIPE) as other:  # fmt: skip
        assert other.stdout is not None and other.stdin is not None
        other.stdout.readline()
        (name,) = computer.holders(str(path))
        finding = computer.held(str(path))
        other.stdin.write(b"\n")
        other.stdin.close()
        other.wait(timeout=10)
        other.stdout.close()
    assert str(other.pid) in name and "python" in name
    assert finding.exit_code is Exit.BUSY and name in finding.said
    assert "another program" in computer.held(str(path), tmp_path).said


def test_packages():
    assert computer.packages().result is Result.PASS
    finding = computer.packages(["typer", "no-such-package>=2", "cbor2; extra == 'test'"])
    assert finding.result is Result.FAIL and "no-such-package" in finding.said
    assert "cbor2" not in finding.said and "make install" in finding.remedy


def test_an_old_python(monkeypatch):
    monkeypatch.setattr(computer, "_PYTHON", (99, 0))
    assert "Python" in computer.packages().remedy
