"""Which rules bite on a set of facts, and what each one does to the answer.

The host's second telling of `Policy.evaluate`: from the conditions of every flat rule to verdict,
authority, citations and duties. A property test holds both equal; see `Tracer.trace`.
"""

from dataclasses import dataclass, replace

from gatescan.core.codes import V_ALLOW, V_ALLOW_AFTER, V_LIMIT_EXCEEDED
from gatescan.core.law.conditions_format import NO, UNKNOWN, YES
from gatescan.core.law.policy import Outcome
from gatescan_host.errors import GatescanError
from gatescan_host.rules.compiled import CompiledOrder
from gatescan_host.rules.compiler import SESSION_CODES
from gatescan_host.rules.rulebook import FlatRule, Rulebook

# what a rule that bites does
WINS = "wins"  # has the verdict of the answer
JOINS = "joins"  # a milder verdict whose citation (and, over a limit, duties) is added
SPARE = "spare"  # would hand out if nothing else did
OUTRANKED = "outranked"  # another verdict is more restrictive
GUESS = "guess"  # would only permit, and a fact is unknown: it does not count
RAISES = "raises"  # a duty
COUNTS = (WINS, JOINS, RAISES)  # the rules that the answer rests on


class TraceError(GatescanError):
    """The explanation and the verdict differ: a fault of Gatescan, never shown as an answer."""


@dataclass(frozen=True)
class Bite:
    """A rule that bites, or may bite because a fact is unknown (`doubtful`)."""

    rule: FlatRule
    doubtful: bool
    verdict: int  # of the rule, or of the doubt; -1 for a duty
    authority: int
    citation: int
    raised: tuple[int, ...]  # obligations and session duties that it adds to the answer
    effect: str = OUTRANKED
    first: bool = False  # its citation is the one displayed
    later: bool = False  # cited after others: by itself the provision would say something else


@dataclass(frozen=True)
class Trace:
    """The answer and the rules that bite, in the order of precedence, duties last."""

    outcome: Outcome
    bites: tuple[Bite, ...]

    def bitten(self) -> frozenset[str]:
        """The names of the rules that bite for certain."""
        return frozenset(bite.rule.name for bite in self.bites if not bite.doubtful)


class Tracer:
    """Answers facts with the rules that bite; one compiled order."""

    def __init__(self, book: Rulebook) -> None:
        """Compile the order; raises OrderError."""
        self.order = CompiledOrder(book)

    def trace(self, vector: list) -> Trace:
        """The rules that bite on a facts vector (core/law/facts.py) and the answer they give.

        Raises TraceError when that is not the answer of `Policy.evaluate`.
        """
        order = self.order
        order.begin(vector)
        found = self._bites(vector)
        counted = [bite for bite in found if bite.effect != GUESS]
        asked = order.policy.evaluate(vector)
        if not counted:
            told = Trace(order.policy.unsure, tuple(found))
        else:
            worst = max(bite.verdict for bite in counted)
            told = self._join(vector, found, worst)
        if told.outcome != asked:
            raise TraceError("The explanation does not fit the verdict: do not rely on either, "
                             "and report the facts to the makers of Gatescan.")
        return told

    def _bites(self, vector: list) -> list[Bite]:
        """What bites or may bite, until a group that ends the search has bitten."""
        found: list[Bite] = []
        last = -1
        for rule in self.order.collected:
            if last >= 0 and rule.group != last:
                break
            if not rule.fits_place(vector):
                continue
            state = self.order.state(rule)
            if state == NO:
                continue
            assert rule.verdict is not None
            if state == YES:
                who = -1 if rule.authority is None else rule.authority
                found.append(Bite(rule, False, rule.verdict, who, rule.citation, rule.obligations))
                if rule.stop:
                    last = rule.group
                continue
            verdict, who, ask, cited = self.order.doubt(state)
            found.append(Bite(rule, True, verdict, who, cited or rule.citation,
                              () if ask < 0 else (ask,),
                              GUESS if rule.verdict == V_ALLOW else OUTRANKED,
                              later=not cited and rule.verdict != verdict))
        return found

    def _join(self, vector: list, found: list[Bite], worst: int) -> Trace:
        handed = worst in (V_ALLOW, V_ALLOW_AFTER)
        spare = -1
        citations: list[int] = []
        marks = first_marks = 0

        def count(place: int, effect: str) -> None:
            found[place] = replace(found[place], effect=effect, first=not citations)
            if found[place].citation not in citations:
                citations.append(found[place].citation)

        for place, bite in sorted(enumerate(found), key=lambda one: one[1].later):
            wins = bite.verdict == worst
            joins = handed and bite.verdict in (V_ALLOW, V_ALLOW_AFTER)
            if bite.effect == GUESS or not (wins or joins):
                continue
            if bite.rule.alone and not bite.doubtful:
                found[place] = replace(bite, effect=SPARE)
                spare = place
                continue
            own = 0 if bite.doubtful else bite.rule.marks
            if not citations:
                first_marks = own
            marks |= own
            count(place, WINS if wins else JOINS)
        if worst == V_LIMIT_EXCEEDED:
            for place, bite in enumerate(found):
                if bite.verdict == V_ALLOW_AFTER and bite.effect != GUESS:
                    count(place, JOINS)
        if not citations and spare >= 0:
            count(spare, WINS)
        found = [bite if _raises(bite, worst) else replace(bite, raised=()) for bite in found]
        raised = {code for bite in found for code in bite.raised}
        self.order.won(worst, marks, first_marks)
        for rule in self.order.duties:
            if rule.fits_place(vector) and self.order.state(rule) != NO:
                found.append(Bite(rule, self.order.state(rule) >= UNKNOWN, -1, -1, rule.citation,
                                  rule.obligations, RAISES))
                raised.update(rule.obligations)
        authority = max((bite.authority for bite in found
                         if bite.effect in (WINS, JOINS, SPARE)), default=-1)
        shown = [code for code in self.order.shown() if code in raised]
        return Trace(Outcome(worst, authority,
                             tuple(code for code in shown if code >= SESSION_CODES),
                             tuple(citations),
                             tuple(code for code in shown if code < SESSION_CODES)),
                     tuple(found))


def _raises(bite: Bite, worst: int) -> bool:
    """Whether the obligations of a rule go into the answer: of the winners, and over a limit those
    of what is handed out.
    """
    if bite.effect == JOINS and worst == V_LIMIT_EXCEEDED:
        return True
    return bite.effect in (WINS, JOINS, SPARE) and bite.verdict == worst
