"""One institution and channel to be proved: its formulas and a solver for questions about them."""

from collections.abc import Iterable, Iterator
from functools import cached_property

import z3

from gatescan.core.law import names
from gatescan.core.law.facts import F_CATEGORY, F_PERMISSION_BY, F_PERMISSION_STATUS
from gatescan_host.rules.proofs.findings import undecided
from gatescan_host.rules.proofs.logic import Formula, both
from gatescan_host.rules.proofs.outcome import Outcome
from gatescan_host.rules.proofs.place import Place
from gatescan_host.rules.proofs.vocabulary import Vocabulary
from gatescan_host.rules.rulebook import Rulebook

GRANTED = 1  # permission.status


class Scene:
    """Formulas are built when a proof first asks for them."""

    def __init__(self, book: Rulebook, vocabulary: Vocabulary, channel: int) -> None:
        self.book = book
        self.vocabulary = vocabulary
        self.institution = vocabulary.institution
        self.channel = channel
        self.name = f"{names.INSTITUTIONS[self.institution]}, {names.CHANNELS[channel]}"

    @cached_property
    def _solver(self) -> z3.Solver:
        solver = z3.Solver()
        solver.add(self.vocabulary.domain)
        return solver

    @cached_property
    def certain(self) -> Place:
        """The rules where every fact is known."""
        return Place(self.book, self.institution, self.channel, self.vocabulary.all_known())

    @cached_property
    def known(self) -> Outcome:
        """The answer where every fact is known."""
        return Outcome(self.certain)

    @cached_property
    def doubtful(self) -> Outcome:
        """The answer where any fact may be unknown."""
        return Outcome(Place(self.book, self.institution, self.channel, self.vocabulary.view))

    def find(self, *wanted: Formula, certain: bool = True) -> list | None:
        """A facts vector for which all of `wanted` holds, None if there is none.

        `certain`: every fact is known in it. Raises OrderError where the solver gives up.
        """
        parts = self._parts(wanted, certain)
        if parts is None:
            return None
        self._solver.push()
        try:
            self._solver.add(parts)
            return self._read() if self._possible() else None
        finally:
            self._solver.pop()

    def simplest(self, *wanted: Formula, certain: bool = True) -> list | None:
        """The same with as many facts at their defaults as can be, to be read by people."""
        parts = self._parts(wanted, certain)
        if parts is None:
            return None
        self._solver.push()
        try:
            self._solver.add(parts)
            if not self._possible():
                return None
            category = self._read()[F_CATEGORY]
            for fact in self.vocabulary.view:
                value = category if fact == F_CATEGORY else self.vocabulary.default(fact, category)
                plain = self.vocabulary.is_value(fact, value)
                if plain is not True and plain is not False and self._possible(plain):
                    self._solver.add(plain)
            assert self._possible()
            return self._read()
        finally:
            self._solver.pop()

    def categories(self, *wanted: Formula, certain: bool = True) -> Iterator[int]:
        """The categories for which all of `wanted` can hold."""
        for number, here in enumerate(self.vocabulary.view[F_CATEGORY].codes):
            if self.find(*wanted, here, certain=certain) is not None:
                yield number

    def _parts(self, wanted: Iterable[Formula], certain: bool) -> Formula | None:
        known = [value.known for value in self.vocabulary.view.values()] if certain else []
        parts = both([*wanted, *known])
        return None if parts is False else parts

    def _possible(self, *more: Formula) -> bool:
        answer = self._solver.check(*more)
        if answer == z3.unknown:
            raise undecided(self.book.file, (), self._solver.reason_unknown())
        return bool(answer == z3.sat)

    def _read(self) -> list:
        vector = self.vocabulary.read(self._solver.model(), self.channel)
        if vector[F_PERMISSION_STATUS] != GRANTED:
            vector[F_PERMISSION_BY] = None  # says nothing where nothing is granted
        return vector


def scenes(book: Rulebook, institutions: Iterable[int] | None = None,
           channels: Iterable[int] | None = None) -> list[Scene]:
    """The scenes of an order: every institution and channel, or those given."""
    places = range(len(names.INSTITUTIONS)) if institutions is None else institutions
    ways = range(len(names.CHANNELS)) if channels is None else list(channels)
    return [Scene(book, vocabulary, channel)
            for vocabulary in (Vocabulary(book, place) for place in places) for channel in ways]
