"""Formulas that fold what is plain, and the three-valued states that tests and rules have.

The rules of core/law/conditions.py: NO dominates, then the greatest doubt, else YES; a negation
leaves what is not known unknown.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import z3

Formula = Any  # bool or z3.BoolRef


def both(parts: Iterable[Formula]) -> Formula:
    """All of the parts."""
    left = []
    for part in parts:
        if part is False:
            return False
        if part is not True:
            left.append(part)
    return True if not left else left[0] if len(left) == 1 else z3.And(left)


def either(parts: Iterable[Formula]) -> Formula:
    """At least one of the parts."""
    left = []
    for part in parts:
        if part is True:
            return True
        if part is not False:
            left.append(part)
    return False if not left else left[0] if len(left) == 1 else z3.Or(left)


def negate(part: Formula) -> Formula:
    """The opposite."""
    return not part if isinstance(part, bool) else z3.Not(part)


def differ(one: Formula, other: Formula) -> Formula:
    """One of the two holds and the other does not."""
    if one is other:
        return False
    return either([both([one, negate(other)]), both([negate(one), other])])


@dataclass(frozen=True)
class State:
    """When a test is NO, when it is YES, and when it is in doubt n or a greater one."""

    no: Formula
    yes: Formula
    doubt: tuple[Formula, ...]  # falls from doubt 0 on

    def doubt_is(self, number: int) -> Formula:
        """In just this doubt."""
        greater = self.doubt[number + 1] if number + 1 < len(self.doubt) else False
        return both([self.doubt[number], negate(greater)])

    def negated(self) -> "State":
        """What is not known stays unknown."""
        return State(self.yes, self.no, self.doubt)


def conjunction(states: list[State], doubts: int) -> State:
    """All of the states: Conditions.holds."""
    no = either(state.no for state in states)
    return State(no, both(state.yes for state in states), tuple(
        both([negate(no), either(state.doubt[number] for state in states)])
        for number in range(doubts)))


def any_way(states: list[State], doubts: int) -> State:
    """One of the states: Conditions.term."""
    yes = either(state.yes for state in states)
    return State(both(state.no for state in states), yes, tuple(
        both([negate(yes), either(state.doubt[number] for state in states)])
        for number in range(doubts)))
