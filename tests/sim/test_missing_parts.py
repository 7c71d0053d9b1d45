"""What is missing at the start is shown, sounded and reported, and the rest works on."""

import time

import pytest

from gatescan_host.doctor.finding import Result
from gatescan_host.doctor.parts import findings
from gatescan_host.link import messages
from gatescan_host.link.provisioning import unlock
from sim import rig


def _shown_at_start(gate: rig.Gate) -> list[str]:
    """The lines of the screen that gives way to the idle screen."""
    screen = gate.scanner.wait_for("screen", where=lambda event: event["light"] != "fault")
    return list(screen["lines"])


@pytest.mark.parametrize(
    ("reader", "line"), [("barcode", "No barcode reader"), ("rfid", "No card reader")]
)
def test_a_reader_that_is_not_there(extra_gate, reader, line):
    gate = extra_gate(unplugged=(reader,), rtc_utc=int(time.time()))
    assert gate.status()["missing"] == [reader]
    lines = _shown_at_start(gate)
    assert lines[0] == "READY" and lines[-1] == line
    shown = gate.cli("status")
    assert f"missing    {reader}" in shown.out
    doctor = gate.cli("doctor", "--json")
    assert doctor.code == 1
    assert [s["what"] for s in doctor.answer["steps"] if s["result"] == "fail"] == [reader]
    with gate.link() as link:
        unlock(link, gate.key_file)
        found = {f.what: f for f in findings(link.ask(messages.Selftest()).parts)}
    assert found[reader].result is Result.FAIL and "plug" in found[reader].remedy
    other = {"barcode": "rfid", "rfid": "barcode"}[reader]
    assert found[other].result is Result.LOOK


def test_it_is_seen_and_heard_before_the_idle_screen(extra_gate):
    seen: list[dict] = []
    gate = extra_gate(unplugged=("rfid",), rtc_utc=int(time.time()), watch=seen.append)
    _shown_at_start(gate)
    faults = [e for e in seen if e["event"] == "screen" and e["light"] == "fault"]
    assert faults[0]["tone"] == "fault"
    assert "READER" in faults[0]["lines"] and "No card reader" in faults[0]["lines"]


def test_the_other_reader_works_on(extra_gate):
    gate = extra_gate(unplugged=("rfid",), rtc_utc=int(time.time()))
    assert gate.scan(rig.VODKA)["verdict"] == "refuse_handout"


def test_a_reader_that_was_only_slow_is_not_missing_any_more(extra_gate):
    """An engine that starts later than the scanner: its first scan takes the line away."""
    gate = extra_gate(unplugged=("barcode",), rtc_utc=int(time.time()))
    assert _shown_at_start(gate)[-1] == "No barcode reader"
    gate.scan(rig.VODKA)
    rig.until(lambda: gate.status()["missing"] == [])
    time.sleep(0.3)
    gate.scanner.forget_events()
    gate.scanner.press("back")
    screen = gate.scanner.wait_for("screen")
    assert screen["lines"] == ["READY", "Scan the visit card"]


def test_a_button_that_is_held_down_by_something(extra_gate):
    gate = extra_gate(held="ok", rtc_utc=int(time.time()))
    assert gate.status()["missing"] == ["button_ok"]
    assert _shown_at_start(gate)[-1] == "OK button is stuck"
    gate.scanner.press("ok")  # and let go
    rig.until(lambda: gate.status()["missing"] == [])
    assert gate.allows()


def test_all_there(shared_gate):
    assert shared_gate.status()["missing"] == []
    assert "missing" not in shared_gate.cli("status").out
