"""A seeded draw of broken orders: a case or a proof notices each that changes an answer."""

import random
from collections.abc import Iterator

import pytest

from proof import mutations
from proof.mutants import mutants

DRAWN = 60


@pytest.fixture(scope="module")
def judge() -> Iterator[mutations.Judge]:
    found = mutations.Judge()
    assert found.recorded, "the order has changed: run tests/proof/mutations.py --record"
    yield found


def test_our_cases_hold(judge: mutations.Judge) -> None:
    policy = judge.policy
    wrong = [case.id for case in judge.cases if not case.answered(policy.evaluate(case.vector))]
    assert not wrong


def test_a_broken_order_is_noticed(judge: mutations.Judge, rng: random.Random) -> None:
    drawn = rng.sample(list(mutants(judge.book)), DRAWN)
    left = [fate for fate in map(judge.fate, drawn) if fate.fate == "survived"]
    assert not left, [fate.mutant for fate in left]


def test_nothing_is_on_record_that_nobody_notices(judge: mutations.Judge) -> None:
    assert not [name for name, fate in judge.recorded.items() if fate == "survived"]


def test_most_are_noticed_by_a_case(judge: mutations.Judge, rng: random.Random) -> None:
    """Or the list of what need not be noticed has swallowed the test."""
    drawn = rng.sample([mutant for mutant in mutants(judge.book)
                        if mutant.kind in ("rule deleted", "authority", "verdict")], DRAWN)
    fates = [judge.fate(mutant).fate for mutant in drawn]
    assert fates.count("cases") >= DRAWN - 6, fates
