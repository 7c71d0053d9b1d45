"""Our own cases, one a rule and more, on both engines; expectations come from the law model."""


import pytest

from gatescan_host.rules import codes, orders

CASES = orders.cases_of("dk-2009")


@pytest.mark.parametrize("engine", ["host", "sim"])
def test_every_own_case(ask, engine: str) -> None:
    wrong = []
    given = [case for case in CASES if "unknown" not in case]  # a line of `rules eval` has no way
    for case, answer in zip(given, ask([case["facts"] for case in given], engine), strict=True):
        expect = case["expect"]
        same = all(answer[part] == expect[part] for part in ("verdict", "authority"))
        same &= all(set(answer[part]) == set(expect[part]) for part in ("obligations", "session"))
        if not same or answer["cit"][0] != expect["cit"][0]:
            wrong.append((case["id"], case["why"], expect, answer))
    assert not wrong, wrong


def test_an_own_case_says_why() -> None:
    ids = [case["id"] for case in (*CASES, *codes.cases())]
    assert len(set(ids)) == len(ids)
    assert all(case["why"] for case in CASES)
