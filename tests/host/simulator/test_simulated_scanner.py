"""The simulated scanner as a thing that tests rely on: power, restarts, events, its start."""

import time

import pytest

from gatescan_host.errors import GatescanError
from gatescan_host.simulator.picture import framed, to_lines
from sim import rig


def test_power_switched_on_twice_is_one_scanner(gate):
    """Two programs on one flash would ruin it."""
    process = gate.scanner._process
    gate.scanner.power_on()
    gate.scanner.power_on(wait=False)
    assert gate.scanner._process is process
    assert gate.status()["boot"] == 2


def test_power_off_twice_and_orders_without_power(gate):
    gate.scanner.power_cut()
    gate.scanner.power_cut()
    assert not gate.scanner.powered
    assert gate.scanner.light == (0, 0, 0) and gate.scanner.hz == 0
    for order in ({"do": "memory"}, {"do": "kill", "task": "link"}):
        with pytest.raises(GatescanError, match="no power"):
            gate.scanner.order(order)
    gate.scanner.forget_events()
    gate.scanner.power_on()
    assert gate.scan(rig.VODKA)["verdict"] == "refuse_handout"


def test_a_restart_and_a_power_cut_at_once_leave_no_process_behind(gate):
    """The firmware restarts by itself in the very moment in which its power goes."""
    for pause_s in (0.0, 0.002, 0.005, 0.01, 0.02, 0.05):
        with gate.link() as link:
            link.unlock(gate.key_file.read_bytes())
            link.reset()
        time.sleep(pause_s)
        gate.scanner.power_cut()
        assert gate.scanner._process is None
        gate.scanner.forget_events()
        gate.scanner.power_on()
    boots = gate.status()["boot"]
    time.sleep(0.2)
    assert gate.status()["boot"] == boots, "only one firmware counts"


def test_firmware_that_cannot_start_is_reported_at_once(gate):
    gate.scanner.power_cut()
    flash = gate.scanner.state_dir / "flash.bin"
    flash.unlink()
    flash.mkdir()
    gate.scanner.forget_events()
    with pytest.raises(GatescanError, match=r"stopped .*console\.log"):
        gate.scanner.power_on()


def test_events_that_nobody_takes_do_not_fill_the_memory(gate):
    size = gate.scanner.events.maxsize
    assert 0 < size <= 100_000
    for number in range(size + 10):
        gate.scanner._tell({"event": "filler", "number": number})
    assert gate.scanner.events.qsize() == size
    newest = [gate.scanner.events.get() for _ in range(size)][-1]
    assert newest["number"] == size + 9


def test_the_clock_is_lost_with_the_power_and_kept_by_a_battery(extra_gate):
    gate = extra_gate(rtc_utc=1_790_000_000)
    assert abs(gate.status()["utc"] - 1_790_000_000) < 30
    gate.restart()
    assert gate.status()["utc"] is None


def test_the_picture_is_the_panels_own_memory(gate):
    lines = to_lines(gate.scanner.frame)
    assert len(lines) == 16 and {len(line) for line in lines} == {64}
    assert any(line.strip("⠀") for line in lines), "something is drawn"
    assert len(framed(gate.scanner.frame)) == 18
    before = gate.scanner.frame
    gate.scan(rig.VODKA)
    assert gate.scanner.frame != before


def test_what_a_reader_sent_in_vain_is_lost_with_the_power(gate):
    """Half a code before a power cut must not become a whole one with what comes after."""
    gate.scanner.power_cut()
    gate.scanner.barcode(rig.VODKA[:7], end=b"")
    gate.scanner.forget_events()
    gate.scanner.power_on()
    assert gate.scan(rig.VODKA)["verdict"] == "refuse_handout"
