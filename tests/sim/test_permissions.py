"""From the site file to the gate: what was permitted to one inmate is not to another."""

import time

import pytest

_MEDICINE = "05024071270372"
_CARD_7F3A = "2A00C0FFE1"  # no permission
_CARD_C21D = "2A00C0FFE2"  # medicine is permitted, § 2, stk. 1, nr. 9
_AWAY_S = 0.4  # a reader takes a card for gone after 300 ms


@pytest.mark.parametrize(
    ("card", "verdict"), [(_CARD_7F3A, "hold_for_decision"), (_CARD_C21D, "allow")]
)
def test_medicine_is_for_the_inmate_who_may_have_it(shared_gate, card, verdict):
    time.sleep(_AWAY_S)
    shared_gate.scanner.forget_events()
    shared_gate.scanner.present(card)
    shared_gate.scanner.wait_for("screen")
    event = shared_gate.scan(_MEDICINE)
    assert (event["verdict"], event["cit"][0]) == (verdict, "§ 2, stk. 1, nr. 9")
