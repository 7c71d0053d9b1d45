"""An order as it applies at one site: facts in, verdicts out, before any table is built."""

from collections.abc import Iterable, Mapping
from functools import cache, cached_property

from gatescan.core import codes
from gatescan.core.law import citation, fact_names, facts, names
from gatescan.core.law.policy import Outcome, Policy
from gatescan_host.rules import rulebook, select
from gatescan_host.rules.compiler import encode
from gatescan_host.rules.language import Conjunction
from gatescan_host.rules.rulebook import FlatRule, Rulebook
from gatescan_host.site.model import Site

Value = int | bool | frozenset[int] | None  # a list of categories is a set of their numbers
GRANTED = 1  # positions of the codes of permission.status
_ALLOWS = (codes.V_ALLOW, codes.V_ALLOW_AFTER)


@cache
def order_of(order_id: str) -> tuple[Rulebook, Policy]:
    """An order that comes with Gatescan, resolved and compiled; raises OrderError."""
    book = rulebook.build(select.shipped(order_id))
    return book, Policy(encode(book))


def categories(listed: Iterable[str]) -> frozenset[int]:
    """The numbers of category names."""
    return frozenset(names.CATEGORIES.index(name) for name in listed)


def switches(site: Site) -> dict[int, Value]:
    """The policy switches that the site sets, house rules among them, by the number of the fact.

    A house rule only adds: a category to those that are banned, or a smaller largest number.
    """
    out: dict[int, Value] = {}
    for key, value in site.policy.model_dump(exclude_none=True).items():
        number = fact_names.index_of(f"policy.{key}")
        out[number] = categories(value) if isinstance(value, list) else value
    banned = categories(name for rule in site.house_rules for name in rule.ban)
    if banned:
        before = out.get(facts.F_POLICY_HOUSE_BAN)
        out[facts.F_POLICY_HOUSE_BAN] = banned | (
            before if isinstance(before, frozenset) else frozenset()
        )
    largest = [rule.max_qty for rule in site.house_rules if rule.max_qty is not None]
    if largest:
        own = site.policy.house_max_qty
        out[facts.F_POLICY_HOUSE_MAX_QTY] = min(largest if own is None else [*largest, own])
    return out


class SiteLaw:
    """The order at this institution with these switches."""

    def __init__(self, order_id: str, institution: str, given: dict[int, Value]) -> None:
        """Raise OrderError when there is no such order or it is faulty."""
        self.book, self.policy = order_of(order_id)
        self.institution = names.INSTITUTIONS.index(institution)
        self.given = given

    @classmethod
    def of(cls, site: Site, order_id: str) -> "SiteLaw":
        """The law of a site file, one object for all files that agree; raises OrderError."""
        return _law(order_id, site.institution, tuple(sorted(switches(site).items())))

    def vector(self, category: int, channel: int = codes.CH_VISIT) -> list:
        """The facts of an ordinary item of this category, to be changed by the caller."""
        out = facts.defaults()
        out[facts.F_INSTITUTION] = self.institution
        out[facts.F_CHANNEL] = channel
        out[facts.F_CATEGORY] = category
        for number, value in self.given.items():
            out[number] = stored(value)
        return out

    def ask(self, vector: list, changes: Mapping[int, object]) -> Outcome:
        """The answer to `vector` with these facts changed."""
        asked = list(vector)
        for number, value in changes.items():
            asked[number] = value
        return self.policy.evaluate(asked)

    def readers(self, fact: int) -> list[FlatRule]:
        """The rules that read a fact, themselves or by a term, in the order of precedence."""
        return [rule for rule in self.book.rules if fact in self.reads(rule.tests)]

    def reads(self, tests: Conjunction) -> set[int]:
        """The facts that a conjunction depends on."""
        found: set[int] = set()
        for test in tests:
            if test.kind == "term":
                for way in self.book.terms[test.subject]:
                    found |= self.reads(way)
            found.update(test.facts)
        return found

    @cached_property
    def permitting(self) -> frozenset[int]:
        """Citations of the rules that hand something out only because it was permitted."""
        return self.exceptions(facts.F_PERMISSION_STATUS)

    def exceptions(self, fact: int) -> frozenset[int]:
        """Citations of the rules that hand something out only because `fact` says so."""
        return frozenset(
            rule.citation
            for rule in self.book.rules
            if rule.verdict in _ALLOWS and self._rests_on(rule.tests, fact)
        )

    def _rests_on(self, tests: Conjunction, fact: int) -> bool:
        for test in tests:
            if test.negated:
                continue
            if test.kind == "term":
                if all(self._rests_on(way, fact) for way in self.book.terms[test.subject]):
                    return True
            elif fact in test.summed or (test.kind == "in" and test.subject == fact):
                return True
        return False


@cache
def _law(order_id: str, institution: str, given: tuple[tuple[int, Value], ...]) -> SiteLaw:
    return SiteLaw(order_id, institution, dict(given))


def stored(value: Value) -> object:
    """A value as a facts vector holds it."""
    return facts.bitmap(sorted(value)) if isinstance(value, frozenset) else value


def cited(packed: Iterable[int]) -> str:
    """Citations for a sentence: `§ 8, stk. 2` or several, divided by semicolons."""
    return "; ".join(citation.format(one) for one in sorted(set(packed)))
