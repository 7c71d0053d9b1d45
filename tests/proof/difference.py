"""Facts for which a broken order answers otherwise than the order, or that there are none (z3).

What counts is the verdict, the authority, the obligations and the first citation where every fact
is known, and after that where some are not.
"""

from collections.abc import Iterator
from copy import copy
from dataclasses import replace

from gatescan_host.rules.proofs.logic import Formula, both, differ, either, negate
from gatescan_host.rules.proofs.outcome import Outcome
from gatescan_host.rules.proofs.place import Place
from gatescan_host.rules.proofs.scene import Scene, scenes
from gatescan_host.rules.rulebook import FlatRule, Rulebook
from proof.mutants import Mutant


def only_moved(book: Rulebook, changed: Rulebook) -> bool:
    """A rule stands in another group, and it has changed places only with rules it never meets.

    The group counts for the order of the rules and, where one stops the search, for its end.
    """
    new = next((rule for rule in changed.rules if rule not in book.rules), None)
    old = next((rule for rule in book.rules if rule not in changed.rules), None)
    if new is None or old is None or replace(new, group=old.group) != old:
        return False
    if any(rule.stop for rule in book.rules if rule.group in (old.group, new.group)):
        return False
    order = [rule.name for rule in book.rules]
    moved = [rule.name for rule in changed.rules]
    passed = set(order[:order.index(old.name)]) ^ set(moved[:moved.index(new.name)])
    return not any(rule.name in passed and all(
        mine & yours for mine, yours in zip(rule.fits, old.fits, strict=True))
        for rule in book.rules)


class Differences:
    """The scenes of an order; formulas are built when they are first asked for."""

    def __init__(self, book: Rulebook) -> None:
        self.book = book
        self._scenes = scenes(book)

    def find(self, mutant: Mutant) -> list | None:
        """A facts vector that the mutant answers otherwise; None where there is none.

        Unknown facts in it are None. Raises OrderError where the solver gives up.
        """
        book = mutant.book()
        here = [scene for scene in self._scenes if scene.institution in mutant.places[0]
                and scene.channel in mutant.places[1]]
        for certain in (True, False):
            for scene in here:
                found = self._find(scene, mutant, book, certain)
                if found is not None:
                    return found
        return None

    def _find(self, scene: Scene, mutant: Mutant, book: Rulebook, certain: bool) -> list | None:
        outcome = scene.known if certain else scene.doubtful
        place = self._place(outcome.place, book)
        mine = {id(rule) for rule in (*place.rules, *place.duties)}
        yours = {id(rule) for rule in (*outcome.place.rules, *outcome.place.duties)}
        changed = [rule for rule in (*outcome.place.rules, *outcome.place.duties,
                                     *place.rules, *place.duties)
                   if (id(rule) in mine) != (id(rule) in yours)]
        if book.terms is self.book.terms and book.file is self.book.file:
            if not changed:
                return None
            matters = either(_moves(outcome.place, changed))
        else:
            matters = True
        if matters is False:
            return None
        # whether it can matter at all is quickly asked, and often it cannot
        if scene.find(matters, certain=certain) is None:
            return None
        other = Outcome(place)
        for formula in (outcome.other_verdict(other), outcome.other_answer(other)):
            found = scene.find(matters, formula, certain=certain)
            if found is not None:
                return found
        return None

    def _place(self, place: Place, book: Rulebook) -> Place:
        """The same place in another order; tests read the same facts, so their states are kept."""
        if book.terms is not self.book.terms or book.file is not self.book.file:
            return Place(book, place.institution, place.channel, place.view)
        other = copy(place)
        other.book = book
        fitting = [rule for rule in book.rules
                   if place.institution in rule.fits[0] and place.channel in rule.fits[1]]
        other.rules = [rule for rule in fitting if rule.phase != "duties"]
        other.duties = [rule for rule in fitting if rule.phase == "duties"]
        return other


def _moves(place: Place, changed: list[FlatRule]) -> Iterator[Formula]:
    """The rule bites in one order only, or it may bite and brings something else."""
    if len(changed) == 2 and changed[0].phase != "duties":
        one, other = changed
        if (one.tests, one.fits[2]) != (other.tests, other.fits[2]):
            states = [place.holds(rule.tests) for rule in changed]
            fits = [place.fits(rule) for rule in changed]
            yield differ(fits[0], fits[1])
            yield differ(states[0].no, states[1].no)
            yield differ(states[0].yes, states[1].yes)
            for before, after in zip(states[0].doubt, states[1].doubt, strict=True):
                yield differ(before, after)
            return
    for rule in changed:
        yield place.fits(rule) if rule.phase == "duties" else _may(place, rule)


def _may(place: Place, rule: FlatRule) -> Formula:
    state = place.holds(rule.tests)
    return both([place.fits(rule), negate(state.no)])
