"""The rules of an order at one institution and channel as formulas over the facts there."""

from collections.abc import Callable

from gatescan.core.law.facts import F_CATEGORY, F_CHANNEL, F_INSTITUTION
from gatescan_host.rules.language import COMPARISONS, Conjunction, Test
from gatescan_host.rules.proofs import logic
from gatescan_host.rules.proofs.logic import Formula, State, both, either, negate
from gatescan_host.rules.proofs.vocabulary import Value, View
from gatescan_host.rules.rulebook import FlatRule, Rulebook

Winner = Callable[[Test], Formula]  # when a test on the winning verdict or its marks holds


class Place:
    """Turns tests, terms and rules into states; `view` says what is known of the facts."""

    def __init__(self, book: Rulebook, institution: int, channel: int, view: View) -> None:
        self.book = book
        self.institution = institution
        self.channel = channel
        self.view = view
        doubts = book.file.order.doubts
        self.doubts = len(doubts)
        # as compiled: a later doubt takes a fact over, the first one has all others
        self._doubt_of = {book.language.fact(name, ("doubts", number)): number
                          for number, doubt in enumerate(doubts) for name in doubt.facts}
        self._states: dict[Test, State] = {}
        self._terms: dict[int, State] = {}
        fitting = [rule for rule in book.rules
                   if institution in rule.fits[0] and channel in rule.fits[1]]
        self.rules = [rule for rule in fitting if rule.phase != "duties"]
        self.duties = [rule for rule in fitting if rule.phase == "duties"]

    def fits(self, rule: FlatRule) -> Formula:
        """The category of the item is one of the rule's."""
        codes = self.view[F_CATEGORY].codes
        if len(rule.fits[2]) == len(codes):
            return True
        return either(codes[number] for number in sorted(rule.fits[2]))

    def holds(self, tests: Conjunction, winner: Winner | None = None) -> State:
        """The state of a conjunction; `winner` answers what only duties may ask."""
        return logic.conjunction(
            [self._certain(winner(test)) if winner and test.kind in ("verdict", "mark")
             else self.state(test) for test in tests], self.doubts)

    def state(self, test: Test) -> State:
        """The state of one test on facts: Conditions.test and Conditions.compare."""
        if test not in self._states:
            state = self._state(test)
            self._states[test] = state.negated() if test.negated else state
        return self._states[test]

    def _state(self, test: Test) -> State:
        if test.kind == "term":
            return self._term(test.subject)
        if test.kind == "compare":
            return self._compare(test)
        if test.subject in (F_INSTITUTION, F_CHANNEL):
            here = self.institution if test.subject == F_INSTITUTION else self.channel
            return self._certain(here in test.codes)
        value = self.view[test.subject]
        if test.kind == "null":
            return self._certain(value.null)
        holds = value.flag if test.kind in ("is", "listed") else either(
            value.codes[code] for code in sorted(test.codes))
        return self._known([(test.subject, value)], holds)

    def _certain(self, holds: Formula) -> State:
        return State(negate(holds), holds, (False,) * self.doubts)

    def _known(self, read: list[tuple[int, Value]], holds: Formula) -> State:
        """`holds` where all that is read is known; a null is NO, whatever else is not known."""
        null = either(value.null for _, value in read)
        known = both(value.known for _, value in read)
        holds = both([holds, negate(null)])
        return State(
            either([null, both([known, negate(holds)])]),
            both([known, holds]),
            tuple(both([negate(null), either(
                negate(value.known) for fact, value in read
                if self._doubt_of.get(fact, 0) >= number)]) for number in range(self.doubts)))

    def _term(self, number: int) -> State:
        if number not in self._terms:
            self._terms[number] = logic.any_way(
                [self.holds(way) for way in self.book.terms[number]], self.doubts)
        return self._terms[number]

    def _compare(self, test: Test) -> State:
        total = sum(self.view[fact].number for fact in test.summed)
        right = test.right if test.right_fact is None else self.view[test.right_fact].number
        sign = COMPARISONS[test.comparison]
        holds = {">": total > right, ">=": total >= right,
                 "<": total < right, "<=": total <= right}[sign]
        return self._known([(fact, self.view[fact]) for fact in test.facts], holds)
