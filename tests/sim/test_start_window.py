"""The moment after power-on in which a tool or a person can have the prompt instead."""

from collections.abc import Callable
from pathlib import Path

from gatescan_host.simulator.scanner import SimulatedScanner
from sim import rig


def test_ctrl_c_stops_a_factory_new_scanner(tmp_path: Path) -> None:
    scanner = SimulatedScanner(tmp_path / "new")
    try:
        scanner.power_on(wait=False)
        scanner.wait_for("screen")  # the start screen: the window is open
        wire = rig.Wire(scanner.ports.link)
        wire.send(b"\x03")
        assert scanner.wait_for("stopped")["code"] == 0
        wire.close()
        assert "stopped in the start window" in scanner.console_log.read_text()
    finally:
        scanner.close()


def test_ctrl_c_does_not_open_a_scanner_that_has_keys(flash_gate: rig.Gate) -> None:
    wire = rig.Wire(flash_gate.port)
    flash_gate.scanner.power_on(wait=False)
    flash_gate.scanner.wait_for("screen")
    wire.send(b"\x03" * 20)
    wire.close()
    flash_gate.scanner.wait_for("ready")
    flash_gate.set_time()
    assert flash_gate.allows()


def test_back_held_at_power_on_stops_any_scanner(
    equipped: Path, tmp_path: Path
) -> None:
    rig.copy_of(equipped, tmp_path / "held")
    scanner = SimulatedScanner(tmp_path / "held" / "scanner", held="back")
    try:
        scanner.power_on(wait=False)
        assert scanner.wait_for("stopped")["code"] == 0
    finally:
        scanner.close()


def test_ok_held_at_power_on_changes_nothing(extra_gate: Callable[..., rig.Gate]) -> None:
    gate = extra_gate(held="ok")
    gate.set_time()
    assert gate.allows()
