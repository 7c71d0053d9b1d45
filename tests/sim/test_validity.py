"""Time: expired, not yet valid, clock lost. Nothing is cleared; what is refused stays refused."""

import time

import pytest

from sim import rig

DAY_S = 86400


def _answers(gate: rig.Gate) -> tuple[str, str]:
    gate.open_visit()
    return gate.scan(rig.SPREAD)["verdict"], gate.scan(rig.VODKA)["verdict"]


@pytest.mark.parametrize(
    ("days", "condition"), [(15, "expired"), (-2, "expired"), (0.5, "ok")]
)  # fmt: skip
def test_a_table_clears_only_while_it_is_valid(
    gate: rig.Gate, days: float, condition: str
) -> None:
    gate.set_time(time.time() + days * DAY_S)
    assert gate.status()["condition"] == condition
    allowed = "allow" if condition == "ok" else "manual_inspection"
    assert _answers(gate) == (allowed, "refuse_handout")


def test_a_lost_clock_clears_nothing_until_it_is_set(gate: rig.Gate) -> None:
    gate.restart()
    assert gate.status()["condition"] == "clock_not_set"
    assert _answers(gate) == ("manual_inspection", "refuse_handout")
    gate.set_time()
    assert _answers(gate) == ("allow", "refuse_handout")


def test_the_screen_says_why(gate: rig.Gate) -> None:
    gate.restart()
    gate.open_visit()
    gate.scanner.forget_events()
    gate.scanner.barcode(rig.SPREAD)
    screen = gate.scanner.wait_for("screen")
    assert screen["lines"][1:3] == ["The clock is not set:", "inspect by hand"]
