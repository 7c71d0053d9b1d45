"""The cases that a broken order has to fail: those of the law model, its matrix, and our own."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from gatescan.core.law import citation, names
from gatescan.core.law.facts import F_CHANNEL, F_INSTITUTION
from gatescan.core.law.policy import Outcome, Policy
from gatescan_host.rules import codes, orders, wording
from gatescan_host.rules.compiler import compile_order
from host.rules.test_matrix import CELLS

LISTS = ("obligations", "session")


@dataclass(frozen=True)
class Scenario:
    """Facts as a vector and what has to be answered; None: the case does not say it."""

    id: str
    vector: list
    verdict: int
    first: str
    cited: frozenset[str]
    authority: int | None
    raised: tuple[frozenset[int], frozenset[int]] | None

    @property
    def place(self) -> tuple[int, int]:
        """Institution and channel."""
        return self.vector[F_INSTITUTION], self.vector[F_CHANNEL]

    def answered(self, outcome: Outcome) -> bool:
        """Whether the outcome is what the case expects."""
        if (outcome.verdict != self.verdict
                or citation.format(outcome.citations[0]) != self.first):
            return False
        if self.raised is None:
            return True
        return (outcome.authority == self.authority
                and (set(outcome.obligations), set(outcome.session)) == self.raised
                and self.cited <= {citation.format(one) for one in outcome.citations})


def scenarios() -> list[Scenario]:
    """All cases: the 174 of the law model, the 204 cells of its matrix, and our own."""
    policy = Policy(compile_order("dk-2009"))
    cells = [{"id": f"matrix {number}", "facts": facts, "expect": {"verdict": verdict,
                                                                   "cit": [cited]}}
             for number, (facts, verdict, cited) in enumerate(CELLS)]
    return [_scenario(case, policy) for case in (
        *codes.cases(), *orders.cases_of("dk-2009"), *cells)]


def _scenario(case: dict[str, Any], policy: Policy) -> Scenario:
    vector = wording.vector_of_case(case, policy)
    expect = case["expect"]
    who = expect.get("authority")
    return Scenario(
        case["id"], vector, names.VERDICTS.index(expect["verdict"]), expect["cit"][0],
        frozenset(expect["cit"]), -1 if who is None else names.AUTHORITIES.index(who),
        (_codes(expect["obligations"]), _codes(expect["session"]))
        if "session" in expect else None)


def _codes(listed: Iterable[str]) -> frozenset[int]:
    return frozenset(names.OBLIGATIONS.index(name) for name in listed)
