"""Facts worth asking two orders about: defaults, single changes, and what makes each rule bite."""

from collections.abc import Iterable, Iterator
from itertools import product

from gatescan.core.law import fact_names as fn
from gatescan.core.law import names
from gatescan.core.law.facts import (
    F_AMOUNT_DKK,
    F_CATEGORY,
    F_INSTITUTION,
    F_PERMISSION_BY,
    F_PERMISSION_STATUS,
    F_SEAL_BROKEN,
    F_SEALED,
    NO_CATEGORY,
    bitmap,
    defaults,
)
from gatescan_host.rules.compiled import CompiledOrder
from gatescan_host.rules.days import day_after
from gatescan_host.rules.language import Test
from gatescan_host.rules.rulebook import PLACES, FlatRule
from gatescan_host.rules.satisfy import FIRST_DAY, satisfy

_COUNTED = 1000  # cash that is not counted is looked at, whatever else holds
_GRANTED = 1  # of permission.status: it needs `by` as well


class Variations:
    """The values of each fact that can make a difference to one of these orders."""

    def __init__(self, orders: Iterable[CompiledOrder]) -> None:
        self._orders = tuple(orders)
        self._bounds: dict[int, set[int]] = {}
        self._rules: list[tuple[CompiledOrder, FlatRule, frozenset[int]]] = []
        for order in self._orders:
            for rule in (*order.collected, *order.duties):
                read: set[int] = set()
                for test in _tests(order, [part.test for part in order.parts(rule)]):
                    read.update(test.facts)
                    self._bound(order, test)
                self._rules.append((order, rule, frozenset(read - set(PLACES))))

    def _bound(self, order: CompiledOrder, test: Test) -> None:
        """Note the boundary of a comparison: a number, or the order's defaults of a switch."""
        found: set[object] = {test.right} if test.right_fact is None else set()
        if test.right_fact is not None:
            for institution in range(len(names.INSTITUTIONS)):
                vector = defaults()
                vector[F_INSTITUTION] = institution
                found.add(order.value(vector, test.right_fact))
        for fact in test.summed:
            self._bounds.setdefault(fact, set()).update(n for n in found if isinstance(n, int))

    def matrix(self) -> Iterator[list]:
        """The defaults in every institution, channel and category."""
        sizes = (len(names.INSTITUTIONS), len(names.CHANNELS), len(names.CATEGORIES))
        for place in product(*map(range, sizes)):
            vector = defaults()
            vector[:3] = place
            yield vector

    def singles(self, bases: Iterable[list]) -> Iterator[list]:
        """Each of `bases` with one fact changed, of those that a rule of its place reads."""
        for vector in bases:
            read: set[int] = set()
            for _, rule, facts in self._rules:
                if rule.fits_place(vector):
                    read |= facts
            yield from self.changed(vector, read)

    def witnesses(self) -> Iterator[list]:
        """Facts under which each rule bites, in every institution and channel and for the last and
        a middle one of its categories; and these facts with one changed, of those that the rule
        or a duty reads.
        """
        seen = set()
        of_duties = frozenset[int]().union(
            *(facts for _, rule, facts in self._rules if rule.phase == "duties"))
        for order, rule, facts in self._rules:
            if rule.phase == "duties":
                continue
            categories = sorted(rule.fits[2])
            for place in product(rule.fits[0], rule.fits[1],
                                 {categories[-1], categories[len(categories) // 2]}):
                vector = defaults()
                vector[:3] = place
                vector[F_AMOUNT_DKK] = _COUNTED
                found = satisfy(order, rule, vector)
                if found is not None and (facts, *found) not in seen:
                    seen.add((facts, *found))
                    yield found
                    yield from self.changed(found, facts | of_duties)

    def changed(self, vector: list, facts: Iterable[int]) -> Iterator[list]:
        """The facts with one of `facts` changed to each of its values and to unknown."""
        for fact in sorted(facts):
            for value in self.values(fact, vector):
                other = list(vector)
                other[fact] = value
                if value == _GRANTED and fact == F_PERMISSION_STATUS:
                    for who in range(len(fn.FACTS[F_PERMISSION_BY][2] or ())):
                        other = [*other]
                        other[F_PERMISSION_BY] = who
                        yield other
                elif other != vector and not (other[F_SEALED] and other[F_SEAL_BROKEN]):
                    yield other

    def values(self, fact: int, vector: list) -> list:
        """The values to try: all codes, both answers, both sides of every boundary, unknown."""
        _, kind, table = fn.FACTS[fact]
        if kind == fn.CODE:
            return [None, *range(len(table or ()))]
        if kind == fn.BOOL:
            return [None, False, True]
        if kind == fn.CATEGORY_LIST:
            return [None, NO_CATEGORY, bitmap([vector[F_CATEGORY]])]
        bounds = self._bounds.get(fact, set())
        if kind == fn.DATE:
            return [None, *sorted({day_after(day, step) for day in bounds or {FIRST_DAY}
                                   for step in (-1, 0, 1)})]
        here = vector[fact] if isinstance(vector[fact], int) else 0
        return [None, *sorted({number + step for number in (0, here, *bounds)
                               for step in (-1, 0, 1) if number + step >= 0})]


def _tests(order: CompiledOrder, tests: Iterable[Test]) -> Iterator[Test]:
    """These tests and those of the terms that they name."""
    for test in tests:
        yield test
        if test.kind == "term":
            for way in order.ways(test.subject):
                yield from _tests(order, [part.test for part in way])


