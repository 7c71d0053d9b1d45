"""Every way to break one thing of an order: its rules, terms, sets, switches and doubts.

A rule is broken as it is resolved (rulebook.FlatRule); what rules share is broken as it is written
and resolved again, so that what follows from it (where a rule fits) follows here too.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import partial

from gatescan.core.law import citation, names
from gatescan.core.law import fact_names as fn
from gatescan_host.rules import rulebook
from gatescan_host.rules.language import COMPARISONS, Conjunction, Test
from gatescan_host.rules.orders import OrderFile
from gatescan_host.rules.rulebook import PHASES, PLACES, FlatRule, Rulebook, everything
from proof import mutants_shared

PLACE_NAMES = ("institution", "channel", "category")
Places = tuple[frozenset[int], frozenset[int]]
ANYWHERE: Places = (everything(PLACES[0]), everything(PLACES[1]))


@dataclass(frozen=True)
class Mutant:
    """One change; `rule` is a rule by name, or what of the order was changed."""

    kind: str
    rule: str
    change: str
    book: Callable[[], Rulebook]  # raises OrderError where the change is refused
    places: Places  # institutions and channels in which an answer may change

    @property
    def name(self) -> str:
        """The mutant in one text, the same in every run."""
        return f"{self.kind}: {self.rule}: {self.change}"


def mutants(book: Rulebook) -> Iterator[Mutant]:
    """Every mutant of an order, in an order that never changes."""
    for rule in book.rules:
        yield Mutant("rule deleted", rule.name, "deleted", partial(_changed, book, rule, None),
                     rule.fits[:2])
        for kind, change, new in _of_rule(book, rule):
            yield Mutant(kind, rule.name, change, partial(_changed, book, rule, new),
                         (rule.fits[0] | new.fits[0], rule.fits[1] | new.fits[1]))
    for kind, what, change, order in mutants_shared.written(book.file.order):
        file = OrderFile(book.file.path, {}, order)
        yield Mutant(kind, what, change, partial(rulebook.build, file), ANYWHERE)


def _changed(book: Rulebook, rule: FlatRule, new: FlatRule | None) -> Rulebook:
    """The order with `new`, or nothing, in the place of a rule; sorted as rulebook.build does."""
    rules = [other for other in book.rules if other is not rule]
    rules += [] if new is None else [new]
    rules.sort(key=lambda r: (PHASES.index(r.phase), r.group, r.citation, r.name))
    return replace(book, rules=tuple(rules))


def _of_rule(book: Rulebook, rule: FlatRule) -> Iterator[tuple[str, str, FlatRule]]:
    if rule.verdict is not None:
        for step in (1, -1):
            verdict = rule.verdict + step
            if 0 <= verdict < len(names.VERDICTS):
                yield "verdict", names.VERDICTS[verdict], replace(rule, verdict=verdict)
        for group in (rule.group - 1, rule.group + 1):
            yield "group", f"{group}", replace(rule, group=max(group, 0))
        place = book.rules.index(rule)
        other = next(one.citation for one in (*book.rules[place:], *book.rules)
                     if one.citation != rule.citation)
        yield "citation", citation.format(other), replace(rule, citation=other)
        yield "stop", str(not rule.stop), replace(rule, stop=not rule.stop)
        yield "alone", str(not rule.alone), replace(rule, alone=not rule.alone)
    if rule.authority is not None:
        for who, name in enumerate(names.AUTHORITIES):
            if who != rule.authority:
                yield "authority", name, replace(rule, authority=who)
    for code in rule.obligations:
        left = tuple(other for other in rule.obligations if other != code)
        yield "obligation dropped", names.OBLIGATIONS[code], replace(rule, obligations=left)
    more = next(code for code, name in enumerate(names.OBLIGATIONS)
                if name in ("KEEP_3M", "HAND_BACK") and code not in rule.obligations)
    yield "obligation added", names.OBLIGATIONS[more], replace(
        rule, obligations=(*rule.obligations, more))
    for bit in range(8):
        if rule.marks >> bit & 1:
            yield "mark dropped", book.language.marks[bit], replace(
                rule, marks=rule.marks & ~(1 << bit))
    for kind, change, tests in _of_tests(rule.tests):
        yield kind, change, replace(rule, tests=tests)
    for number, codes in enumerate(rule.fits):
        table = fn.FACTS[PLACES[number]][2] or ()
        every = everything(PLACES[number])
        if codes == every:
            continue
        yield "test dropped", PLACE_NAMES[number], _fitting(rule, number, every)
        yield "test negated", PLACE_NAMES[number], _fitting(rule, number, every - codes)
        for kind, code, changed in _sets(codes, every):
            yield kind, f"{PLACE_NAMES[number]} {table[code]}", _fitting(rule, number, changed)


def _sets(codes: frozenset[int], every: frozenset[int],
          ) -> Iterator[tuple[str, int, frozenset[int]]]:
    """One code less and one more: the first of the set, and the first code after it."""
    first = min(codes)
    if len(codes) > 1:
        yield "code removed", first, codes - {first}
    rest = every - codes
    if rest:
        after = min((code for code in rest if code > first), default=min(rest))
        yield "code added", after, codes | {after}


def _fitting(rule: FlatRule, number: int, codes: frozenset[int]) -> FlatRule:
    fits = [*rule.fits]
    fits[number] = codes
    return replace(rule, fits=(fits[0], fits[1], fits[2]))


def _of_tests(tests: Conjunction) -> Iterator[tuple[str, str, Conjunction]]:
    for number, test in enumerate(tests):
        before, after = tests[:number], tests[number + 1:]
        yield "test dropped", _text(test), (*before, *after)
        yield "test negated", _text(test), (
            *before, replace(test, negated=not test.negated), *after)
        for kind, detail, other in _of_test(test):
            yield kind, f"{detail}{_text(test)}", (*before, other, *after)


def _of_test(test: Test) -> Iterator[tuple[str, str, Test]]:
    if test.kind in ("in", "verdict"):
        table = names.VERDICTS if test.kind == "verdict" else fn.FACTS[test.subject][2] or ()
        for kind, code, codes in _sets(test.codes, frozenset(range(len(table)))):
            yield kind, f"{table[code]} in ", replace(test, codes=codes)
    if test.kind == "mark":
        yield "first mark", "flipped in ", replace(test, first=not test.first)
    if test.kind == "compare":
        # > and >= are 0 and 1, < and <= are 2 and 3
        yield "comparison", "", replace(test, comparison=test.comparison ^ 1)
        for step in (1, -1) if test.right_fact is None else ():
            right = _moved(test, step)
            if right >= 0:
                yield "number", f"{step:+} in ", replace(test, right=right)


def _moved(test: Test, step: int) -> int:
    if fn.FACTS[test.summed[0]][1] != fn.DATE:
        return test.right + step
    day = date(test.right // 10000, test.right // 100 % 100, test.right % 100)
    near = day + timedelta(days=step)
    return near.year * 10000 + near.month * 100 + near.day


def _text(test: Test) -> str:
    """The test in words."""
    if test.kind == "compare":
        left = " + ".join(fn.FACTS[fact][0] for fact in test.summed)
        right = test.right if test.right_fact is None else fn.FACTS[test.right_fact][0]
        return f"{left} {COMPARISONS[test.comparison]} {right}"
    sign = "not " if test.negated else ""
    if test.kind in ("verdict", "mark", "term"):
        return f"{sign}{test.kind} {sorted(test.codes) or test.subject}"
    codes = fn.FACTS[test.subject][2] or ()
    listed = " ".join(codes[code] for code in sorted(test.codes))
    return f"{sign}{test.kind} {fn.FACTS[test.subject][0]} {listed}".rstrip()
