"""What eyes and ears get: the idle screen, rhythms with a meaning, a panel that is gone."""

import pytest

from gatescan.core.screens.signals import LIGHTS
from hil.seen import played, rhythm
from host_side import CARD, SPREAD, VODKA

ILLEGAL = "9520001001000"
_TONE_MS = 6000  # the longest tone, with room


@pytest.mark.needs("screen")
def test_the_idle_screen_asks_for_the_visit_card_and_names_missing_readers(gate, rig):
    lines = gate.scanner.look(gate.scanner.mark()).lines
    assert lines[:2] == ("READY", "Scan the visit card")
    if rig.hands == "machine":
        assert ("No barcode reader" in lines) == (not rig.has("barcode"))
        assert ("No card reader" in lines) == (not rig.has("rfid"))


@pytest.mark.needs("barcode", "rhythm", "tone")
@pytest.mark.parametrize(("code", "tone"), [(VODKA, "refuse"), (ILLEGAL, "report")])
def test_the_tone_is_played_to_its_end(gate, code, tone):
    """Refuse and report begin alike: the number of pulses is the meaning."""
    scanner = gate.scanner
    mark = scanner.scan(code)
    scanner.shows(mark, light=tone, tone=tone)
    scanner.wait_until(lambda: played(scanner.heard(mark)) == tone, _TONE_MS)
    scanner.wait_ms(500)
    assert played(scanner.heard(mark)) == tone, scanner.heard(mark)


@pytest.mark.needs("barcode", "rhythm", "light")
@pytest.mark.parametrize(("code", "light"), [(VODKA, "refuse"), (ILLEGAL, "report")])
def test_the_light_tells_its_meaning_by_rhythm(gate, code, light):
    scanner = gate.scanner
    mark = scanner.scan(code)
    scanner.shows(mark, light=light)
    begun = scanner.mark()
    *_, on_ms, off_ms = LIGHTS[light]
    scanner.wait_ms(3.5 * (on_ms + off_ms))
    assert rhythm(scanner.lit(begun)) == (light,), scanner.lit(begun)


@pytest.mark.needs("barcode", "unplug", "light", "tone")
def test_with_the_panel_unplugged_light_and_tone_answer(gate):
    """And the verdict is logged, and the panel shows again once it is back."""
    scanner = gate.scanner
    gate.open_visit()
    gate.news()
    scanner.unplug_screen()
    mark = scanner.scan(VODKA)
    seen = scanner.hears(mark, light="refuse", tone="refuse")
    assert not seen.lines, "an unplugged panel is dark"
    verdicts = [event["verdict"] for event in gate.news() if event["kind"] == "scan"]
    assert verdicts == ["refuse_handout"]
    scanner.plug_screen()
    scanner.shows(scanner.scan(SPREAD), word="✓ YES", light="allow", limit_ms=8000)


@pytest.mark.needs("rfid", "light", "tone")
def test_a_visit_can_be_opened_by_ear(gate):
    """Nobody looks at the panel while talking: the tone says that the card was read."""
    scanner = gate.scanner
    scanner.hears(scanner.present(CARD), light="ready", tone="visit")


@pytest.mark.needs("console")
def test_nothing_went_wrong_unseen(gate):
    """A healthy start prints two lines and no traceback."""
    lines = [line for line in gate.scanner.console().splitlines() if line.strip()]
    assert [line.split()[0] for line in lines][:2] == ["Gatescan", "ready,"], lines
    assert "Traceback" not in gate.scanner.console()
