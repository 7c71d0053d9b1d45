"""What the rules at a place come to, as formulas: the joining of core/law/policy.py."""

from dataclasses import dataclass

from gatescan.core.codes import (
    V_ALLOW,
    V_ALLOW_AFTER,
    V_LIMIT_EXCEEDED,
    V_MANUAL_INSPECTION,
    V_OUT_OF_SCOPE,
    V_REFUSE_AND_REPORT,
)
from gatescan.core.law import names
from gatescan_host.rules import citation_pack
from gatescan_host.rules.language import Test
from gatescan_host.rules.proofs.logic import Formula, both, differ, either, negate
from gatescan_host.rules.proofs.place import Place
from gatescan_host.rules.rulebook import FlatRule

HANDED = (V_ALLOW, V_ALLOW_AFTER)


@dataclass(frozen=True)
class Hit:
    """A rule that bites, or may bite, and what it then brings."""

    rule: FlatRule
    bites: Formula
    verdict: int
    authority: int | None
    obligations: tuple[int, ...]
    marks: int
    citation: int
    alone: bool
    guess: bool = False  # it cites a provision that would by itself say something else


class Outcome:
    """The answer at a place; `without` leaves one rule out."""

    def __init__(self, place: Place, without: FlatRule | None = None) -> None:
        self.place = place
        self._without = without
        self.hits, permits = _hits(place, without)
        self.permits_in_doubt = either(permits)  # these do not bite
        self.any = either(hit.bites for hit in self.hits)
        # where none bites: what the first doubt cites (Policy.unsure)
        cited = place.book.file.order.doubts[0].citation
        self._unsure_citation = 0 if cited is None else citation_pack.pack(cited)
        self._at_least = [
            either([*(hit.bites for hit in self.hits if hit.verdict >= verdict),
                    negate(self.any) if verdict <= V_MANUAL_INSPECTION else False])
            for verdict in range(V_OUT_OF_SCOPE, V_REFUSE_AND_REPORT + 2)]
        self._joined = {id(hit): self._is_joined(hit) for hit in self.hits}
        self.firsts = self._first()
        self._duties: list[tuple[FlatRule, Formula]] | None = None

    def at_least(self, verdict: int) -> Formula:
        """The verdict is this one or a more restrictive one; manual inspection if none bites."""
        return self._at_least[verdict]

    def verdict_is(self, verdict: int) -> Formula:
        """The verdict is this one."""
        return both([self._at_least[verdict], negate(self._at_least[verdict + 1])])

    def joined(self, hit: Hit) -> Formula:
        """The hit is among those that win."""
        return self._joined[id(hit)]

    def _is_joined(self, hit: Hit) -> Formula:
        if hit.verdict in HANDED:  # worst can only be one of the two
            return both([hit.bites, negate(self._at_least[V_ALLOW_AFTER + 1])])
        return both([hit.bites, self.verdict_is(hit.verdict)])

    def _first(self) -> list[tuple[Hit, Formula]]:
        """The winners that count, each with the case that no other one comes before it.

        Guesses come after the others. One that counts only alone is taken where there is no other,
        the last of several.
        """
        found: list[tuple[Hit, Formula]] = []
        earlier: Formula = False
        counted = [hit for hit in self.hits if not hit.alone]
        counted.sort(key=lambda hit: hit.guess)
        for hit in (*counted, *(hit for hit in reversed(self.hits) if hit.alone)):
            found.append((hit, both([self.joined(hit), negate(earlier)])))
            earlier = either([earlier, self.joined(hit)])
        return found

    def authority_at_least(self, authority: int) -> Formula:
        """Somebody of this or a higher authority is to be asked."""
        return either(self.joined(hit) for hit in self.hits
                      if hit.authority is not None and hit.authority >= authority)

    def cited(self, citation: int) -> Formula:
        """The citation is displayed, first or further on."""
        limit = self.verdict_is(V_LIMIT_EXCEEDED)
        parts = [first for hit, first in self.firsts if hit.citation == citation and hit.alone]
        for hit in self.hits:
            if hit.citation == citation and not hit.alone:
                parts.append(self.joined(hit))
            if hit.citation == citation and hit.verdict == V_ALLOW_AFTER:
                parts.append(both([limit, hit.bites]))
        return either([*parts, self._unsure(citation)])

    def cited_first(self, citation: int) -> Formula:
        """The citation is the one to display."""
        return either([*(first for hit, first in self.firsts if hit.citation == citation),
                       self._unsure(citation)])

    def _unsure(self, citation: int) -> Formula:
        return negate(self.any) if citation == self._unsure_citation else False

    def raised(self, obligation: int) -> Formula:
        """The obligation, or duty towards the inmate, is raised."""
        limit = self.verdict_is(V_LIMIT_EXCEEDED)
        parts = [holds for duty, holds in self._raised_duties() if obligation in duty.obligations]
        for hit in self.hits:
            if obligation in hit.obligations:
                parts.append(both([hit.bites, self.verdict_is(hit.verdict)]))
                if hit.verdict == V_ALLOW_AFTER:
                    parts.append(both([limit, hit.bites]))
        return either(parts)

    def _raised_duties(self) -> list[tuple[FlatRule, Formula]]:
        if self._duties is None:
            self._duties = [
                (duty, both([self.any, self.place.fits(duty), negate(
                    self.place.holds(duty.tests, self._winner).no)]))
                for duty in self.place.duties if duty is not self._without]
        return self._duties

    def _winner(self, test: Test) -> Formula:
        if test.kind == "verdict":
            holds = either(self.verdict_is(verdict) for verdict in sorted(test.codes))
        elif test.first:
            holds = either(first for hit, first in self.firsts
                           if hit.marks & test.subject and not hit.alone)
        else:
            holds = either(self.joined(hit) for hit in self.hits
                           if hit.marks & test.subject and not hit.alone)
        return negate(holds) if test.negated else holds

    def other_verdict(self, other: "Outcome") -> Formula:
        """The two verdicts differ."""
        return either(differ(self.at_least(verdict), other.at_least(verdict))
                      for verdict in range(V_OUT_OF_SCOPE, V_REFUSE_AND_REPORT + 1))

    def other_answer(self, other: "Outcome") -> Formula:
        """Authority, obligations or the first citation differ."""
        citations = {hit.citation for hit in (*self.hits, *other.hits)}
        citations.add(self._unsure_citation)
        return either([
            *(differ(self.authority_at_least(who), other.authority_at_least(who))
              for who in range(len(names.AUTHORITIES))),
            *(differ(self.raised(code), other.raised(code))
              for code in range(len(names.OBLIGATIONS))),
            *(differ(self.cited_first(cited), other.cited_first(cited)) for cited in citations)])

    def other_citations(self, other: "Outcome") -> Formula:
        """One cites a provision that the other does not."""
        citations = {hit.citation for hit in (*self.hits, *other.hits)}
        return either(differ(self.cited(cited), other.cited(cited)) for cited in citations)


def _hits(place: Place, without: FlatRule | None) -> tuple[list[Hit], list[Formula]]:
    """Policy._collect: every rule that bites or may bite, in the order of precedence.

    Also when rules that would only permit are in doubt: they do not permit on a guess.
    """
    doubts = place.book.file.order.doubts
    asks = place.book.file.order.asks
    hits: list[Hit] = []
    permits: list[Formula] = []
    stopped: Formula = False  # by an earlier group
    stops: list[Formula] = []  # of this group
    group = -1
    for rule in place.rules:
        if rule is without:
            continue
        if rule.group != group:
            stopped = either([stopped, *stops])
            group, stops = rule.group, []
        state = place.holds(rule.tests)
        here = both([place.fits(rule), negate(stopped)])
        bites = both([here, state.yes])
        if rule.stop:
            stops.append(bites)
        assert rule.verdict is not None
        if bites is not False:
            hits.append(Hit(rule, bites, rule.verdict, rule.authority, rule.obligations,
                            rule.marks, rule.citation, rule.alone))
        if rule.verdict == V_ALLOW:
            permits.append(both([here, state.doubt[0]]))
            continue
        for number, doubt in enumerate(doubts):
            in_doubt = both([here, state.doubt_is(number)])
            if in_doubt is False:
                continue
            who = doubt.authority
            ask = asks.get(who or "")
            verdict = names.VERDICTS.index(doubt.verdict)
            hits.append(Hit(
                rule, in_doubt, verdict,
                None if who is None else names.AUTHORITIES.index(who),
                () if ask is None else (names.OBLIGATIONS.index(ask),), 0,
                rule.citation if doubt.citation is None else citation_pack.pack(doubt.citation),
                False, doubt.citation is None and rule.verdict != verdict))
    return hits, permits
