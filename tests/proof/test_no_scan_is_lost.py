"""Codes that come in while flash is written are all logged; without the DMA ring some are not."""

import random

import pytest

from proof import scans

COUNT = 50


@pytest.mark.parametrize("baud", scans.BAUDS)
def test_every_code_is_logged_once(baud: int, rng: random.Random):
    outcome = scans.run(baud, COUNT, rng.randrange(1 << 32))
    assert (outcome.lost, outcome.corrupted) == ([], 0), outcome
    assert len(outcome.sent) == COUNT
    # or it proves nothing: flash was erased under codes, tables were synced, a segment was full
    assert scans.LEFT < COUNT
    assert outcome.hit_by_erase and outcome.syncs, outcome
    assert outcome.condition == "ok", "the scanner ended without a table"
    # Two codes in one look would be taken for one burst of lines, and refused.
    assert outcome.late_ms < scans.GAP_MS[0], outcome


def test_without_the_remedy_codes_are_lost():
    outcome = scans.run(115_200, COUNT, seed=1, remedy=False)
    assert outcome.hit_by_erase, outcome
    assert outcome.lost, "the plain UART lost nothing: is flash timing still emulated?"
    assert outcome.fifo_lost_bytes, outcome
