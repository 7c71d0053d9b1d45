"""A display that is pulled, loose or dead: light and tone go on, the picture comes back."""

import time

import pytest

from gatescan.core.screens import Screen
from gatescan.drivers.display import compose
from gatescan_host.simulator.scanner import Event
from sim import rig

_BACK_S = 8.0  # a picture is back by then
_SLOW_MS = 400  # what a held bus may cost a scan


def _picture(event: Event) -> bytes:
    """The picture of a "screen" event."""
    frame = bytearray(1024)
    big, *lines = event["lines"]
    compose(frame, Screen(big, tuple(lines), event["light"], event["tone"]))
    return bytes(frame)


def _plug(gate: rig.Gate, plug: str) -> None:
    gate.order({"do": "display", "plug": plug})


def _screen_of(gate: rig.Gate, code: str) -> Event:
    gate.scanner.forget_events()
    gate.scanner.barcode(code)
    return gate.scanner.wait_for("screen")


@pytest.mark.parametrize("plug", ["out", "stuck"])
def test_pulled_in_the_middle_of_work(shared_gate, plug):
    """Light and tone say the verdict; the picture is there again after the plug is."""
    gate = shared_gate
    restarts = gate.status()["restarts"]
    _plug(gate, plug)
    begun_s = time.monotonic()
    event = gate.scan(rig.VODKA)
    assert event["verdict"] == "refuse_handout"
    assert (event["light"], event["tone"]) == ("refuse", "refuse")
    assert event["latency_ms"] < _SLOW_MS
    rig.until(lambda: gate.scanner.light == (200, 0, 0))
    while time.monotonic() < begun_s + 3:
        assert gate.status()["missing"] == ["display"]
        time.sleep(0.2)
    screen = _screen_of(gate, rig.UNKNOWN)
    assert gate.status()["restarts"] == restarts
    _plug(gate, "in")
    rig.until(lambda: not gate.status()["missing"], _BACK_S)
    assert gate.scanner.frame == _picture(screen)


def test_a_loose_plug_needs_no_next_scan(shared_gate):
    """Out and in again between two looks: the panel acknowledges, but has forgotten everything."""
    gate = shared_gate
    screen = _screen_of(gate, rig.VODKA)
    rig.until(lambda: gate.scanner.frame == _picture(screen))
    gate.scanner.order({"do": "display", "plug": "out"})
    _plug(gate, "in")
    assert gate.scanner.frame == bytes(1024), "dark after the loss of power"
    rig.until(lambda: gate.scanner.frame == _picture(screen), _BACK_S)


def test_a_scan_right_after_a_loose_plug_lights_the_panel(shared_gate):
    gate = shared_gate
    _screen_of(gate, rig.VODKA)
    gate.scanner.order({"do": "display", "plug": "out"})
    _plug(gate, "in")
    screen = _screen_of(gate, rig.UNKNOWN)
    rig.until(lambda: gate.scanner.frame == _picture(screen), 1.0)


def test_looking_after_the_display_changes_nothing_else(shared_gate):
    """No tone sounds again, no new screen is counted, while the panel is set up anew."""
    gate = shared_gate
    _screen_of(gate, rig.VODKA)
    time.sleep(1.5)  # its tone is over
    gate.scanner.forget_events()
    _plug(gate, "out")
    _plug(gate, "in")
    rig.until(lambda: gate.scanner.frame != bytes(1024), _BACK_S)
    kinds = [gate.scanner.events.get_nowait()["event"] for _ in range(gate.scanner.events.qsize())]
    assert "sound" not in kinds and "screen" not in kinds


def test_absent_at_the_start_it_is_told_and_may_come_later(extra_gate):
    gate = extra_gate(no_display=True)
    fault = gate.scanner.wait_for("sound", where=lambda event: event["hz"] > 0)
    assert fault["hz"] == 400, "a display that is missing is heard: nobody can read it"
    assert gate.status()["missing"] == ["display"]
    shown = gate.cli("status")
    assert shown.code == 0 and "missing    display" in shown.out
    gate.set_time()
    assert gate.allows()
    _plug(gate, "in")
    rig.until(lambda: not gate.status()["missing"], _BACK_S)
    assert gate.scanner.frame != bytes(1024)
    assert "missing" not in gate.cli("status").out
