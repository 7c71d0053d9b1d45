"""Every verdict of the demonstration's site, as a guard meets it: word, light, tone, provision."""

import pytest

from gatescan.core.screens import en
from host_side import RADIO, SPREAD, UNKNOWN, VODKA

PHONE = "885909727827"
MEDICINE = "5024071270372"
ILLEGAL = "9520001001000"
OTHER_CARD = "2A00C0FFE2"  # visit card of inmate-c21d
OWN_RADIO, OTHERS_PLAYER = "2A00D15C01", "2A00D15C02"  # RFID tags of registered things

VERDICTS = [
    # code or sheet:<name of a command>, word, light, tone, what the screen must cite or say
    pytest.param(SPREAD, "✓ YES", "allow", "allow", ("§ 1, stk. 1",), id="allow"),
    pytest.param(RADIO, "FIRST:", "after", "after", ("§ 6",), id="allow_after"),
    pytest.param(UNKNOWN, "INSPECT", "inspect", "inspect", ("§ 30",), id="manual_inspection"),
    pytest.param("sheet:DKK500", "ACCOUNT", "money", "after", ("§ 22",), id="to_account"),
    pytest.param(MEDICINE, "‖ HOLD", "hold", "hold", ("§",), id="hold_for_decision"),
    pytest.param(VODKA, "✕ NO", "refuse", "refuse", ("§",), id="refuse_handout"),
    pytest.param(ILLEGAL, "✕REPORT", "report", "report", ("§",), id="refuse_and_report"),
    pytest.param("sheet:CAT04", "✕ NO", "refuse", "refuse", ("§",), id="by_the_printed_sheet"),
    pytest.param("VF-REG-0003", "✕ NO", "refuse", "refuse", ("§ 8",), id="registered_to_another"),
]


@pytest.mark.needs("barcode")
@pytest.mark.parametrize(("code", "word", "light", "tone", "text"), VERDICTS)
def test_in_a_visit(gate, code, word, light, tone, text):
    scanner = gate.scanner
    gate.open_visit()
    mark = scanner.scan(gate.code(code))
    seen = scanner.shows(mark, word=word, light=light, tone=tone, text=text)
    if light != "allow":
        assert "allow" not in seen.every_light, "something looked like an answer before it was one"


def test_every_word_of_a_verdict_is_reached():
    words = {parameters.values[1] for parameters in VERDICTS}
    # LIMIT and STORE are no verdicts of the Copenhagen prisons; OUTSIDE is tested below.
    assert words == set(en.VERDICTS) - {"LIMIT", "STORE", "OUTSIDE"}


@pytest.mark.needs("barcode")
@pytest.mark.parametrize(("code", "word", "light"), [
    (SPREAD, "CARD?", "inspect"), (RADIO, "CARD?", "inspect"), (UNKNOWN, "INSPECT", "inspect"),
    (VODKA, "✕ NO", "refuse"), (ILLEGAL, "✕REPORT", "report"),
])  # fmt: skip
def test_before_the_visit_card_nothing_is_cleared(gate, code, word, light):
    scanner = gate.scanner
    mark = scanner.scan(code)
    seen = scanner.shows(mark, word=word, light=light)
    assert not {"allow", "after"} & seen.every_light


@pytest.mark.needs("barcode", "screen")
def test_the_visitors_own_thing_is_outside_and_only_the_next_one(gate):
    scanner = gate.scanner
    gate.open_visit()
    scanner.shows(scanner.scan(gate.command("VISITOR")), word="VISITOR")
    scanner.shows(scanner.scan(PHONE), word="OUTSIDE", light="inspect", tone="inspect",
                  text=["no permission"])  # fmt: skip
    scanner.shows(scanner.scan(PHONE), word="✕ NO", light="refuse", tone="refuse")


@pytest.mark.needs("rfid")
def test_cards_and_registered_things_by_rfid(gate):
    scanner = gate.scanner
    gate.open_visit_by_card()
    scanner.shows(scanner.present(OWN_RADIO), word="✓ YES", light="allow", tone="allow")
    scanner.shows(scanner.present(OTHERS_PLAYER), word="✕ NO", light="refuse", text=["§ 8"])


@pytest.mark.needs("rfid", "buttons")
def test_the_next_card_ends_the_visit_before(gate):
    """First what remains to be done for the first inmate, then the visit of the second one."""
    scanner = gate.scanner
    gate.open_visit_by_card()
    scanner.shows(scanner.present(OWN_RADIO), word="✓ YES")
    scanner.shows(scanner.present(OTHER_CARD), word="CLOSED", text=["Inmate signs"])
    scanner.shows(scanner.press("ok"), word="VISIT", light="ready")
    scanner.shows(scanner.present(OWN_RADIO), word="✕ NO", light="refuse")
