"""Every scenario case of the law model, on both engines."""

import pytest

from gatescan_host.rules import codes

CASES = codes.cases()


@pytest.fixture(scope="module", params=["host", "sim"])
def answers(request, ask) -> dict[str, dict]:
    listed = ask([case["facts"] for case in CASES], request.param)
    return {case["id"]: answer for case, answer in zip(CASES, listed, strict=True)}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_case(answers, case: dict) -> None:
    answer, expect = answers[case["id"]], case["expect"]
    assert answer["verdict"] == expect["verdict"], case["why"]
    assert answer["authority"] == expect["authority"], case["why"]
    assert set(answer["obligations"]) == set(expect["obligations"]), case["why"]
    assert answer["cit"][0] == expect["cit"][0], case["why"]
    assert set(expect["cit"]) <= set(answer["cit"]), case["why"]
    assert set(answer["session"]) == set(expect["session"]), case["why"]
    for listed in ("obligations", "cit", "session"):
        assert len(set(answer[listed])) == len(answer[listed])
