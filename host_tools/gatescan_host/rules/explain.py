"""Why a set of facts has its verdict, provision by provision: `rules explain`, as data."""

from collections.abc import Iterable
from typing import Any

from gatescan.core.law import citation, facts_json, jsonl, names, strict_json
from gatescan.core.law import fact_names as fn
from gatescan.core.law.conditions_format import NO, UNKNOWN, YES
from gatescan.core.law.facts import F_CATEGORY, F_POLICY, NULLABLE
from gatescan_host.errors import Exit, GatescanError
from gatescan_host.rules import codes, wording
from gatescan_host.rules.compiled import Part
from gatescan_host.rules.exceptions import LiftedBy, exceptions
from gatescan_host.rules.rulebook import PLACES, FlatRule, Rulebook, everything
from gatescan_host.rules.trace import Bite, Tracer

LANGUAGES = ("da", "en")


class Explainer:
    """Explains the answers of one order in one language."""

    def __init__(self, book: Rulebook, lang: str) -> None:
        """`lang` is da or en. Raises OrderError for an order that cannot be compiled."""
        self._tracer = Tracer(book)
        self._file = book.file
        self._lang = lang

    def line(self, text: str, unknown: Iterable[str] = ()) -> tuple[dict[str, Any] | str, bool]:
        """Explain one line of `rules eval`, or its facts alone, and whether that could be done.

        `unknown` names facts that are not known, as on a scanner without fresh lists. What could
        not be explained gives the line of `rules eval` instead: manual inspection and a sentence.
        Raises GatescanError for a name in `unknown` that is no fact which can be unknown.
        """
        request = _request(text)
        policy = self._tracer.order.policy
        answer, ok = jsonl.evaluate_line(policy, request)
        if not ok:
            return answer, False
        given = strict_json.loads(request)
        assert isinstance(given, strict_json.JsonObject)
        listed = given.get("facts")
        assert isinstance(listed, strict_json.JsonObject)
        vector = facts_json.read(listed, policy)
        for name in unknown:
            vector[_unknowable(name)] = None
        return {"id": given.get("id"), **self.explain(vector)}, True

    def explain(self, vector: list) -> dict[str, Any]:
        """The explanation of a facts vector, ready for JSON; raises TraceError for a fault.

        Keys of `rules eval`, and: order, facts (that are not their defaults), text (the verdict in
        words), authority_text, silent (no provision bites), unknown, rules, exceptions, duties.
        """
        trace = self._tracer.trace(vector)
        outcome = trace.outcome
        raised: dict[int, list[Bite]] = {}
        for bite in trace.bites:
            for code in bite.raised:
                raised.setdefault(code, []).append(bite)
        authority = names.AUTHORITIES[outcome.authority] if outcome.authority >= 0 else None
        rules = [self._rule(vector, bite) for bite in trace.bites]
        return {
            "order": self._file.order.order_id,
            "facts": wording.facts(wording.different(vector)),
            "verdict": names.VERDICTS[outcome.verdict],
            "text": self._text("verdicts", names.VERDICTS[outcome.verdict]),
            "authority": authority,
            "authority_text": authority and self._text("authorities", authority),
            "obligations": [names.OBLIGATIONS[code] for code in outcome.obligations],
            "cit": [citation.format(packed) for packed in outcome.citations],
            "session": [names.OBLIGATIONS[code] for code in outcome.session],
            "silent": not any(rule["counts"] for rule in rules),
            "unknown": list(dict.fromkeys(name for rule in rules for name in rule["unknown"])),
            "rules": rules,
            "exceptions": [self._exception(lifted)
                           for lifted in exceptions(self._tracer, vector, trace)],
            "duties": [self._duty(code, raised[code])
                       for code in (*outcome.obligations, *outcome.session)],
        }

    def _text(self, kind: str, code: str) -> str:
        return wording.display(kind, code, self._lang)

    def _gloss(self, rule: FlatRule) -> str:
        gloss = self._file.rule(rule.loc).gloss
        return gloss.da if self._lang == "da" else gloss.en

    def _rule(self, vector: list, bite: Bite) -> dict[str, Any]:
        """One rule that bites: what it says, what it does and which facts made it bite."""
        order = self._tracer.order
        parts = order.parts(bite.rule)
        verdict = names.VERDICTS[bite.verdict] if bite.verdict >= 0 else None
        return {
            "rule": bite.rule.name,
            "line": self._file.line(bite.rule.loc),
            "provision": bite.rule.provision,
            "citation": citation.format(bite.citation),
            "gloss": self._gloss(bite.rule),
            "verdict": verdict,
            "text": verdict and self._text("verdicts", verdict),
            "authority": names.AUTHORITIES[bite.authority] if bite.authority >= 0 else None,
            "effect": bite.effect,
            "counts": bite.effect not in ("guess", "outranked", "spare"),
            "first": bite.first,
            "doubtful": bite.doubtful,
            "because": [*self._place(vector, bite.rule),
                        *(self._because(vector, part) for part in parts
                          if order.holds(part) == YES)],
            "unknown": list(dict.fromkeys(
                fn.FACTS[fact][0] for part in parts if order.holds(part) >= UNKNOWN
                for fact in self._unknown(vector, part))),
            "raises": [names.OBLIGATIONS[code] for code in bite.raised],
        }

    @staticmethod
    def _place(vector: list, rule: FlatRule) -> list[dict[str, Any]]:
        """Institution, channel and category, those that the rule does not hold for altogether."""
        read = {fact: vector[fact] for fact, fit in zip(PLACES, rule.fits, strict=True)
                if fit != everything(fact)}
        return [{"facts": wording.facts(read)}] if read else []

    def _because(self, vector: list, part: Part) -> dict[str, Any]:
        """A test that holds: its facts and their values, its term, what it asks of the verdict."""
        test, order = part.test, self._tracer.order.book.file.order
        if test.kind == "verdict":
            return {"verdict": [names.VERDICTS[code] for code in sorted(test.codes)],
                    "holds": not test.negated}
        if test.kind == "mark":
            return {"mark": [name for bit, name in enumerate(order.marks)
                             if test.subject >> bit & 1], "holds": not test.negated}
        found = wording.facts({
            fact: self._tracer.order.value(vector, fact) for fact in self._facts(part)})
        if test.kind == "term":
            return {"term": list(order.terms)[test.subject], "holds": not test.negated,
                    "facts": found}
        return {"facts": found}

    def _facts(self, part: Part) -> list[int]:
        """The facts that made a test come out as it does."""
        test, order = part.test, self._tracer.order
        if test.kind == "compare":
            return list(test.facts)
        if test.kind == "listed":
            return [test.subject, F_CATEGORY]
        if test.kind != "term":
            return [test.subject]
        found: list[int] = []
        for way in order.ways(test.subject):
            failed = next((inner for inner in way if order.holds(inner) == NO), None)
            if failed is None:
                return list(dict.fromkeys(fact for inner in way for fact in self._facts(inner)))
            found += self._facts(failed)
        return list(dict.fromkeys(found))

    def _unknown(self, vector: list, part: Part) -> list[int]:
        """The facts that leave a test undecided."""
        test, order = part.test, self._tracer.order
        if test.kind == "term":
            return [fact for way in order.ways(test.subject) for inner in way
                    if order.holds(inner) >= UNKNOWN for fact in self._unknown(vector, inner)]
        return [fact for fact in self._facts(part)
                if vector[fact] is None and fact not in NULLABLE and fact < F_POLICY]

    def _exception(self, lifted: LiftedBy) -> dict[str, Any]:
        """What would have lifted rules that bite, and who may grant it."""
        verdict = names.VERDICTS[lifted.then.outcome.verdict]
        return {
            "rule": lifted.rule.name,
            "citation": citation.format(lifted.rule.citation),
            "gloss": self._gloss(lifted.rule),
            "facts": wording.facts(lifted.changes),
            "granted_by": lifted.granted_by,
            "granted_by_text": lifted.granted_by and self._text("authorities", lifted.granted_by),
            "lifts": [rule.name for rule in lifted.lifts],
            "then": verdict,
            "then_text": self._text("verdicts", verdict),
        }

    def _duty(self, code: int, raised_by: list[Bite]) -> dict[str, Any]:
        """An obligation or session duty, with the provisions and rules that raise it."""
        name = names.OBLIGATIONS[code]
        return {"code": name, "level": codes.code("obligations", name)["level"],
                "text": self._text("obligations", name),
                "cit": list(dict.fromkeys(citation.format(bite.citation) for bite in raised_by)),
                "raised_by": [bite.rule.name for bite in raised_by]}


def _unknowable(name: str) -> int:
    fact = fn.index_of(name)
    if fact in PLACES or fact in NULLABLE or not 0 <= fact < F_POLICY:
        raise GatescanError(f"{name} is no fact that can be unknown: name one of provisions.json "
                            "that is no place, no switch and has no null.", Exit.USAGE)
    return fact


def _request(text: str) -> str:
    """The line of `rules eval` for `text`, which may be facts alone."""
    try:
        given = strict_json.loads(text)
    except strict_json.JsonError:
        return text
    if isinstance(given, strict_json.JsonObject) and not {"id", "facts"} & {
            name for name, _ in given.pairs}:
        return f'{{"facts": {text}}}'
    return text
