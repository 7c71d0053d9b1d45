"""Facts that make a rule bite: the changes to given facts under which its conditions hold."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice

from gatescan.core.law import fact_names as fn
from gatescan.core.law.conditions_format import (
    C_GREATER,
    C_GREATER_EQUAL,
    C_LESS,
    C_LESS_EQUAL,
    NO,
    YES,
)
from gatescan.core.law.facts import F_CATEGORY, F_SEAL_BROKEN, F_SEALED, NO_CATEGORY, bitmap
from gatescan_host.rules.compiled import CompiledOrder, Part
from gatescan_host.rules.days import day_after
from gatescan_host.rules.language import Test
from gatescan_host.rules.rulebook import PLACES, FlatRule

_TRIES = 200  # ways looked at before a rule counts as out of reach
_STARTS = (0, 1000)  # what a number is taken for before it is compared
FIRST_DAY = 20000101
_OPPOSITE = {C_GREATER: C_LESS_EQUAL, C_LESS_EQUAL: C_GREATER,
             C_GREATER_EQUAL: C_LESS, C_LESS: C_GREATER_EQUAL}
_BEYOND = {C_GREATER: 1, C_GREATER_EQUAL: 0, C_LESS: -1, C_LESS_EQUAL: 0}


def satisfy(order: CompiledOrder, rule: FlatRule, vector: list) -> list | None:
    """The facts nearest to `vector` under which `rule` (no duty) bites at the same place.

    None where its place is another one or no such facts were found; the place is never changed.
    """
    if not rule.fits_place(vector):
        return None
    best: list | None = None
    for found in islice(_all(order, order.parts(rule), vector), _TRIES):
        order.begin(found)
        if order.state(rule) != YES or (found[F_SEALED] and found[F_SEAL_BROKEN]):
            continue
        if best is None or len(changes(vector, found)) < len(changes(vector, best)):
            best = found
    return best


def changes(old: list, new: list) -> dict[int, object]:
    """The facts (by number) whose values differ, with the new values."""
    return {fact: value for fact, value in enumerate(new) if value != old[fact]}


def _all(order: CompiledOrder, parts: tuple[Part, ...], vector: list) -> Iterator[list]:
    """Facts under which every part holds."""
    if not parts:
        yield vector
        return
    for found in _one(order, parts[0].test, vector):
        yield from _all(order, parts[1:], found)


def _one(order: CompiledOrder, test: Test, vector: list) -> Iterator[list]:
    """Facts under which one test holds; `vector` itself where it does already."""
    if test.kind == "term":
        yield from _term(order, test, vector)
        return
    if _holds(order, test, vector):
        yield vector
    elif test.kind == "compare":
        yield from _compare(order, test, vector)
    elif test.subject not in PLACES:
        for value in _values(test, vector):
            yield _with(vector, test.subject, value)


def _term(order: CompiledOrder, test: Test, vector: list) -> Iterator[list]:
    ways = order.ways(test.subject)
    if not test.negated:
        for way in ways:
            yield from _all(order, way, vector)
        return
    held = next((way for way in ways if not _broken(order, way, vector)), None)
    if held is None:
        yield vector
        return
    for part in held:
        for found in _one(order, _turned(part.test), vector):
            if found != vector:
                yield from _term(order, test, found)


def _broken(order: CompiledOrder, way: tuple[Part, ...], vector: list) -> bool:
    order.begin(vector)
    return any(order.holds(part) == NO for part in way)


def _turned(test: Test) -> Test:
    """The test that holds where `test` does not."""
    if test.kind == "compare":
        return replace(test, comparison=_OPPOSITE[test.comparison])
    return replace(test, negated=not test.negated)


def _holds(order: CompiledOrder, test: Test, vector: list) -> bool:
    """Whether a test other than of a term holds; the rule as a whole is asked again at the end."""
    value = order.value(vector, test.subject)
    if test.kind == "compare":
        total, right = _sides(order, test, vector)
        if total is None or right is None:
            return False
        return {C_GREATER: total > right, C_GREATER_EQUAL: total >= right,
                C_LESS: total < right, C_LESS_EQUAL: total <= right}[test.comparison]
    if test.kind == "null":
        return (value is None) != test.negated
    if value is None:
        return False
    if test.kind == "in":
        return (value in test.codes) != test.negated
    if test.kind == "is":
        return bool(value) != test.negated
    assert isinstance(value, bytes)  # a list of categories
    category = vector[F_CATEGORY]
    return bool(value[category >> 3] >> (category & 7) & 1) != test.negated


def _values(test: Test, vector: list) -> list:
    """Values of its fact under which a test holds."""
    _, kind, table = fn.FACTS[test.subject]
    if test.kind == "null":
        if not test.negated:
            return [None]
        return [True, False] if kind == fn.BOOL else [0 if kind == fn.CODE else 1]
    if test.kind == "is":
        return [not test.negated]
    if test.kind == "in":
        return [code for code in range(len(table or ())) if (code in test.codes) != test.negated]
    return [NO_CATEGORY if test.negated else bitmap([vector[F_CATEGORY]])]


def _sides(order: CompiledOrder, test: Test, vector: list) -> tuple[int | None, int | None]:
    """Sum and right side of a comparison; None where a fact of theirs is null."""
    summed = [order.value(vector, fact) for fact in test.summed]
    right = test.right if test.right_fact is None else order.value(vector, test.right_fact)
    numbers = [value for value in summed if isinstance(value, int)]
    return (sum(numbers) if len(numbers) == len(summed) else None,
            right if isinstance(right, int) else None)


def _compare(order: CompiledOrder, test: Test, vector: list) -> Iterator[list]:
    """Facts at the boundary of a comparison that does not hold yet."""
    for fact in test.facts:
        if order.value(vector, fact) is None:
            for start in (FIRST_DAY,) if fn.FACTS[fact][1] == fn.DATE else _STARTS:
                yield from _one(order, test, _with(vector, fact, start))
            return
    total, right = _sides(order, test, vector)
    assert total is not None and right is not None
    for fact in test.summed:
        old = order.value(vector, fact)
        assert isinstance(old, int)
        wanted = old + right + _BEYOND[test.comparison] - total
        if fn.FACTS[fact][1] == fn.DATE:
            wanted = day_after(right, _BEYOND[test.comparison])
        if wanted >= 0:
            yield _with(vector, fact, wanted)
    if test.right_fact is not None and total - _BEYOND[test.comparison] >= 0:
        yield _with(vector, test.right_fact, total - _BEYOND[test.comparison])


def _with(vector: list, fact: int, value: object) -> list:
    changed = list(vector)
    changed[fact] = value
    return changed
