"""Which verdicts change between two orders: a table for a lawyer to sign off.

It compares answers, really asked for; that two orders have the same meaning it cannot prove.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import chain
from typing import Any

from gatescan.core.law import citation, names
from gatescan.core.law import fact_names as fn
from gatescan.core.law.facts import F_CATEGORY, bitmap, defaults
from gatescan.core.law.policy import Outcome, Policy
from gatescan_host.rules import codes, wording
from gatescan_host.rules.compiled import CompiledOrder
from gatescan_host.rules.rulebook import PLACES, Rulebook
from gatescan_host.rules.variations import Variations

Pair = tuple[Outcome, Outcome]
Place = tuple[int, int, int]
Codes = tuple[int, ...]
Facts = tuple[tuple[int, object], ...]  # those that are not their defaults, without the place
AnyOf = tuple[tuple[int, tuple[object, ...]], ...]  # the same, each with one of these values
ITS_CATEGORY = "its category"  # a list that names the item's own category, whichever that is
_PLAIN = defaults()


@dataclass(frozen=True)
class Row:
    """One change: it holds in all these places, for each of these values of the facts.

    Where the verdict changes, the duties that follow from it are left out.
    """

    institutions: Codes
    channels: Codes
    categories: Codes
    facts: AnyOf
    old: Outcome
    new: Outcome

    def of_verdict(self) -> bool:
        """Whether verdict, authority or first citation change, not the duties alone."""
        return _told(self.old) != _told(self.new)

    def named(self) -> dict[str, list]:
        """The values of each fact that is not its default, as JSON has them."""
        return {fn.FACTS[fact][0]: [wording.value(fact, value) for value in values]
                for fact, values in self.facts}

    def as_json(self) -> dict[str, Any]:
        """The row as plain data for --json."""
        return {
            "institutions": [names.INSTITUTIONS[code] for code in self.institutions],
            "channels": [names.CHANNELS[code] for code in self.channels],
            "categories": [names.CATEGORIES[code] for code in self.categories],
            "facts": self.named(),
            "verdict_changes": self.of_verdict(),
            "old": as_json(self.old), "new": as_json(self.new),
        }


@dataclass(frozen=True)
class Comparison:
    """All changes found between two orders, and how many combinations were asked for."""

    old: str
    new: str
    compared: int
    changed: int
    rows: tuple[Row, ...]

    def as_json(self) -> dict[str, Any]:
        """The comparison as plain data for --json."""
        return {"old": self.old, "new": self.new, "compared": self.compared,
                "changed": self.changed, "rows": [row.as_json() for row in self.rows]}


def compare(old: Rulebook, new: Rulebook,
            watch: Callable[[Iterator[list]], Iterable[list]] = iter) -> Comparison:
    """Ask both orders about all cases, the default matrix, both with single facts changed, and
    what makes each rule bite.

    `watch` may look at the combinations as they go by. Raises OrderError for an order that cannot
    be compiled.
    """
    orders = CompiledOrder(old), CompiledOrder(new)
    asked = _Asked(orders[0].policy, orders[1].policy)
    variations = Variations(orders)
    laws = [book for book in (old, new) if book.file.order.law]
    cases = [wording.vector_of(case["facts"]) for case in (codes.cases() if laws else ())]
    for vector in watch(chain(variations.matrix(), cases, variations.singles(variations.matrix()),
                              variations.singles(cases), variations.witnesses())):
        asked.ask(vector)
    return Comparison(old.file.order.order_id, new.file.order.order_id,
                      asked.compared, asked.changed, tuple(asked.rows()))


class _Asked:
    """Changes as they are found, each with the fewest facts that it needs."""

    def __init__(self, old: Policy, new: Policy) -> None:
        self._old, self._new = old, new
        self.changed = 0
        self._seen: set[tuple] = set()
        self._found: dict[tuple[Place, Pair], list[Facts]] = defaultdict(list)

    @property
    def compared(self) -> int:
        """How many different combinations were asked for."""
        return len(self._seen)

    def ask(self, vector: list) -> None:
        """Compare the two answers to a facts vector, once."""
        key = (*vector[:3], *wording.different(vector).items())
        if key in self._seen:
            return
        self._seen.add(key)
        pair = self._pair(vector)
        if pair is None:
            return
        self.changed += 1
        place: Place = (vector[0], vector[1], vector[2])
        known = self._found[place, pair]
        given = set(_facts(vector))
        if any(given.issuperset(fewer) for fewer in known):
            return
        fewest = list(vector)
        for fact, value in enumerate(vector):
            if fact not in PLACES and value != _PLAIN[fact]:
                fewest[fact] = _PLAIN[fact]
                if self._pair(fewest) != pair:
                    fewest[fact] = value
        known.append(_facts(fewest))

    def _pair(self, vector: list) -> Pair | None:
        """Both answers, None where they are the same."""
        old, new = self._old.evaluate(vector), self._new.evaluate(vector)
        if old == new:
            return None
        if _told(old) != _told(new):
            return (Outcome(old.verdict, old.authority, (), old.citations[:1], ()),
                    Outcome(new.verdict, new.authority, (), new.citations[:1], ()))
        pair = _sorted(old), _sorted(new)
        return None if pair[0] == pair[1] else pair

    def rows(self) -> Iterator[Row]:
        """The changes, those that come to the same put together; changed verdicts first."""
        alike: dict[tuple[Pair, Facts], set[Place]] = defaultdict(set)
        for (place, pair), listed in self._found.items():
            for facts in listed:
                alike[pair, facts].add(place)
        rows = _joined([Row(*sides, tuple((fact, (value,)) for fact, value in facts), *pair)
                        for (pair, facts), places in alike.items() for sides in _products(places)])
        rows.sort(key=lambda row: (not row.of_verdict(), len(row.facts), row.categories,
                                   row.institutions, row.channels, str(row.facts)))
        yield from rows


def _facts(vector: list) -> Facts:
    """The facts that are not their defaults; lists of the item's own category all alike."""
    own = bitmap([vector[F_CATEGORY]])
    return tuple((fact, ITS_CATEGORY if value == own else value)
                 for fact, value in wording.different(vector).items() if fact not in PLACES)


def _joined(rows: list[Row]) -> list[Row]:
    """The rows with those put together that differ in the value of one fact alone."""
    for fact in sorted({fact for row in rows for fact, _ in row.facts}):
        values: dict[Row, list[object]] = {}
        for row in rows:
            found = dict(row.facts).get(fact, ())
            rest = tuple((other, () if other == fact else given) for other, given in row.facts)
            values.setdefault(replace(row, facts=rest), []).extend(found)
        rows = [replace(row, facts=tuple(
            (other, tuple(sorted(found, key=_by_size)) if other == fact else given)
            for other, given in row.facts)) for row, found in values.items()]
    return rows


def _by_size(value: object) -> tuple[bool, int, str]:
    """Sorts the values of a fact: unknown first, numbers by size."""
    number = value if isinstance(value, int) else 0
    return value is not None, number, str(value)


def _sorted(outcome: Outcome) -> Outcome:
    """The answer as far as two orders are compared: the first citation, duties in any order."""
    return Outcome(outcome.verdict, outcome.authority, tuple(sorted(outcome.obligations)),
                   outcome.citations[:1], tuple(sorted(outcome.session)))


def _told(outcome: Outcome) -> tuple:
    return outcome.verdict, outcome.authority, outcome.citations[:1]


def as_json(outcome: Outcome) -> dict[str, Any]:
    """An answer with the keys of `rules eval`."""
    return {
        "verdict": names.VERDICTS[outcome.verdict],
        "authority": names.AUTHORITIES[outcome.authority] if outcome.authority >= 0 else None,
        "cit": [citation.format(packed) for packed in outcome.citations],
        "obligations": [names.OBLIGATIONS[code] for code in outcome.obligations],
        "session": [names.OBLIGATIONS[code] for code in outcome.session],
    }


def _products(places: set[Place]) -> list[tuple[Codes, Codes, Codes]]:
    """The places as few products of institutions, channels and categories."""
    categories: dict[tuple[int, int], set[int]] = defaultdict(set)
    for institution, channel, category in places:
        categories[institution, channel].add(category)
    channels: dict[tuple[int, Codes], set[int]] = defaultdict(set)
    for (institution, channel), found in categories.items():
        channels[institution, tuple(sorted(found))].add(channel)
    institutions: dict[tuple[Codes, Codes], set[int]] = defaultdict(set)
    for (institution, of_category), of_channel in channels.items():
        institutions[tuple(sorted(of_channel)), of_category].add(institution)
    return [(tuple(sorted(of_institution)), of_channel, of_category)
            for (of_channel, of_category), of_institution in institutions.items()]
