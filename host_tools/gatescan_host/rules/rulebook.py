"""An order as flat rules in the order of precedence, ready to be encoded or examined."""

from collections.abc import Iterator
from dataclasses import dataclass

from gatescan.core.law import fact_names as fn
from gatescan.core.law import names
from gatescan.core.law.facts import F_CATEGORY, F_CHANNEL, F_INSTITUTION
from gatescan_host.rules import citation_pack
from gatescan_host.rules.language import Conjunction, Language, Test
from gatescan_host.rules.orders import Case, Loc, OrderFile, Rule

PHASES = ("scope", "collect", "duties")
PLACES = (F_INSTITUTION, F_CHANNEL, F_CATEGORY)  # known in every evaluation


@dataclass(frozen=True)
class FlatRule:
    """One case of one provision."""

    name: str  # id, part and case
    provision: str
    phase: str
    group: int
    citation: int
    verdict: int | None
    authority: int | None
    obligations: tuple[int, ...]
    marks: int
    stop: bool
    alone: bool
    tests: Conjunction  # without those that `fits` says already
    fits: tuple[frozenset[int], frozenset[int], frozenset[int]]  # institution, channel, category
    loc: Loc

    def fits_place(self, vector: list) -> bool:
        """Whether institution, channel and category of a facts vector are the rule's."""
        return all(vector[fact] in fit for fact, fit in zip(PLACES, self.fits, strict=True))


@dataclass(frozen=True)
class Rulebook:
    """The rules and terms of an order with all names resolved."""

    file: OrderFile
    language: Language
    rules: tuple[FlatRule, ...]
    terms: tuple[tuple[Conjunction, ...], ...]

    def tests(self) -> Iterator[Test]:
        """Every test of every rule and of every way of a term."""
        for rule in self.rules:
            yield from rule.tests
        for ways in self.terms:
            for way in ways:
                yield from way


def everything(fact: int) -> frozenset[int]:
    """All codes of a fact."""
    return frozenset(range(len(fn.FACTS[fact][2] or ())))


def build(file: OrderFile) -> Rulebook:
    """Resolve an order; raises OrderError for anything that has no meaning."""
    language = Language(file)
    terms: list[tuple[Conjunction, ...]] = []
    for name, ways in file.order.terms.items():
        terms.append(tuple(language.conjunction(way, ("terms", name, number))
                           for number, way in enumerate(ways)))
    _check_terms(language, terms)
    rules: list[FlatRule] = []
    seen: dict[str, Loc] = {}
    for phase, listed in file.order.phases():
        for number, rule in enumerate(listed):
            cases = rule.cases or {"": Case(then=rule.then)}  # type: ignore[arg-type]
            for case_name, case in cases.items():
                loc: Loc = (phase, number, "cases", case_name) if case_name else (phase, number)
                flat = _flat(language, terms, phase, rule, case_name, case, loc)
                if flat.name in seen:
                    raise file.error(loc, f"the rule {flat.name} is there twice",
                                     "give one of them another part")
                seen[flat.name] = loc
                rules.append(flat)
    rules.sort(key=lambda r: (PHASES.index(r.phase), r.group, r.citation, r.name))
    return Rulebook(file, language, tuple(rules), tuple(terms))


def _check_terms(language: Language, terms: list[tuple[Conjunction, ...]]) -> None:
    """A term may use only terms that are defined before it, so none uses itself."""
    for number, ways in enumerate(terms):
        name = language.terms[number]
        if not ways:
            raise language.file.error(("terms", name), f"{name} has no way to hold", "give one")
        for way in ways:
            if any(test.kind == "term" and test.subject >= number for test in way):
                raise language.file.error(("terms", name), f"{name} uses a later term",
                                          "define the other one first")


def _flat(language: Language, terms: list[tuple[Conjunction, ...]], phase: str, rule: Rule,
          case_name: str, case: Case, loc: Loc) -> FlatRule:
    file, order, then = language.file, language.file.order, case.then
    if rule.group not in order.precedence:
        raise file.error((*loc[:2], "group"), f"there is no group {rule.group}",
                         "list it under precedence")
    duty = phase == "duties"
    if duty == (then.verdict is not None):
        raise file.error((*loc, "then"), "a verdict is given in scope and collect, not in duties",
                         "correct `then`")
    try:
        packed = citation_pack.pack(rule.citation)
    except citation_pack.CitationError as wrong:
        raise file.error((*loc[:2], "citation"), str(wrong), "correct the citation") from wrong
    tests = (language.conjunction(rule.when, (*loc[:2], "when"), duty)
             + language.conjunction(case.when, (*loc, "when"), duty))
    fits = tuple(_fit(tests, terms, place) for place in PLACES)
    if not all(fits):
        raise file.error(loc, f"the rule {rule.id} {rule.part} {case_name} can never bite",
                         "its sets of institutions, channels or categories exclude each other")
    authority = None
    obligations = list(then.obligations)
    if then.authority is not None:
        authority = language.code(names.AUTHORITIES, then.authority, (*loc, "then"), "authority")
        if then.authority in order.asks:
            obligations.append(order.asks[then.authority])
    if (then.verdict == "hold_for_decision") != (authority is not None):
        raise file.error((*loc, "then"), "a hold, and only a hold, names who decides",
                         "give an authority to hold_for_decision")
    return FlatRule(
        name=".".join(filter(None, (rule.id, rule.part, case_name))),
        provision=rule.id,
        phase=phase,
        group=order.precedence.index(rule.group),
        citation=packed,
        verdict=None if duty else language.code(
            names.VERDICTS, then.verdict, (*loc, "then"), "verdict"),
        authority=authority,
        obligations=tuple(language.code(names.OBLIGATIONS, name, (*loc, "then"), "obligation")
                          for name in obligations),
        marks=_marks(language, packed, then.marks, then.without, (*loc, "then")),
        stop=then.stop,
        alone=then.alone,
        tests=tuple(t for t in tests if not (t.kind == "in" and t.subject in PLACES)),
        fits=(fits[0], fits[1], fits[2]),
        loc=loc,
    )


def _fit(tests: Conjunction, terms: list[tuple[Conjunction, ...]], place: int) -> frozenset[int]:
    """The codes of `place` for which the tests can hold."""
    fit = everything(place)
    for test in tests:
        if test.kind == "in" and test.subject == place:
            fit = fit - test.codes if test.negated else fit & test.codes
        elif test.kind == "term" and not test.negated:
            ways = [_fit(way, terms, place) for way in terms[test.subject]]
            fit &= frozenset[int]().union(*ways)
    return fit


def _marks(language: Language, packed: int, given: list[str], without: list[str],
           loc: Loc) -> int:
    bits = 0
    for number, (name, cited) in enumerate(language.file.order.marks.items()):
        try:
            by_citation = any(
                citation_pack.covers(citation_pack.pack(text), packed) for text in cited
            )
        except citation_pack.CitationError as wrong:
            raise language.file.error(("marks", name), str(wrong), "correct it") from wrong
        if name in given or (by_citation and name not in without):
            bits |= 1 << number
    for name in (*given, *without):
        language.code(tuple(language.marks), name, loc, "mark")
    return bits


def facts_used(book: Rulebook) -> frozenset[int]:
    """The facts that any rule or term reads."""
    return frozenset(PLACES).union(*(test.facts for test in book.tests()))
