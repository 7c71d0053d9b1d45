"""The prompt of a running scanner: for the holder of its key, logged, and once."""

from pathlib import Path

import pytest

from gatescan.app import maintenance
from gatescan_host.errors import Exit, GatescanError
from gatescan_host.link.provisioning import unlock
from gatescan_host.simulator.scanner import SimulatedScanner
from sim import rig


def test_a_stranger_does_not_get_it(shared_gate: rig.Gate, tmp_path: Path) -> None:
    boots = shared_gate.status()["boot"]
    with shared_gate.link() as link, pytest.raises(GatescanError) as refused:
        link.open_maintenance()
    assert refused.value.exit_code is Exit.NOT_AUTHORISED
    done = rig.gatescan("maintenance", "--port", shared_gate.port, home=tmp_path)
    assert done.code == Exit.NOT_AUTHORISED, done
    assert "hold its BACK button" in done.err and done.out == ""
    assert shared_gate.status()["boot"] == boots


def test_the_holder_of_the_key_gets_it_once_and_the_log_tells(gate: rig.Gate) -> None:
    boots = gate.status()["boot"]
    done = gate.cli("maintenance", "--json")
    assert done.code == Exit.OK, done
    assert done.answer["device"] == gate.scanner_id
    assert gate.scanner.wait_for("stopped")["code"] == 0
    assert "the prompt is open until the next restart" in gate.scanner.console_log.read_text()

    gate.scanner.power_on()
    assert gate.status()["boot"] == boots + 1, "the start that ended in the prompt was none"
    gate.set_time()
    assert gate.allows(), "keys and table are still there"
    gate.pull()
    assert [event["kind"] for event in gate.events()].count("maintenance") == 1


def test_a_new_scanner_has_nothing_to_guard(tmp_path: Path) -> None:
    scanner = SimulatedScanner(tmp_path / "new")
    try:
        scanner.power_on()
        done = rig.gatescan("maintenance", "--port", scanner.ports.link, home=tmp_path)
        assert done.code == Exit.OK, done
        assert scanner.wait_for("stopped")["code"] == 0
    finally:
        scanner.close()


def test_a_session_is_needed_even_after_one_was_closed(gate: rig.Gate) -> None:
    with gate.link() as link:
        unlock(link, gate.key_file)
    with gate.link() as link, pytest.raises(GatescanError):
        link.open_maintenance()
    assert gate.status()["provisioned"]


def test_the_folder_of_the_flash_ends_in_a_slash(tmp_path: Path) -> None:
    # Without it the note of one scanner lay outside its flash, where every other one found it.
    told = rig.flash_script(
        tmp_path,
        "os.chdir('/')\nimport vfs\nvfs.umount('/flash')\nimport board\n"
        f"board.setting = lambda name, default=None: {str(tmp_path / 'flash.bin')!r}\n"
        "print(board.storage_path())",
    )
    assert told.strip() == "/flash/"


@pytest.mark.parametrize("command", ["maintenance", "restart"])
def test_the_panel_does_not_go_on_showing_a_verdict(gate: rig.Gate, command: str) -> None:
    """Display and light keep their last picture while nobody drives them."""
    assert gate.allows()
    gate.scanner.forget_events()
    if command == "maintenance":
        gate.cli("maintenance")
    else:
        with gate.link() as link:
            unlock(link, gate.key_file)
            gate.scanner.forget_events()
            link.reset()
    shown = gate.scanner.wait_for("screen")
    assert shown["light"] == "inspect" and shown["tone"] == "silent"
    assert "inspect by hand" in shown["lines"]


def test_a_note_that_cannot_be_removed_opens_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else every start from then on would end in the prompt."""
    folder = f"{tmp_path}/"
    (tmp_path / "maintenance").write_bytes(b"\n")
    monkeypatch.setattr(maintenance.storage, "remove", lambda path: None)
    assert not maintenance.due(folder)
    monkeypatch.undo()
    assert maintenance.due(folder) and not maintenance.due(folder)
