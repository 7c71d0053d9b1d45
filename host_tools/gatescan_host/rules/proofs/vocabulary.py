"""The facts of one institution as variables: their values, whether they are known, and back.

Of a list only the bit of the item's own category counts. Of a date only its place among the dates
that the order names counts: it takes these days and their neighbours. A policy switch stands for
the value that is in force, so it is unknown only where the order has no default.
"""

from dataclasses import dataclass, replace
from typing import Any

import z3

from gatescan.core.law import fact_names as fn
from gatescan.core.law.facts import (
    F_CATEGORY,
    F_CHANNEL,
    F_INSTITUTION,
    F_POLICY,
    F_SEAL_BROKEN,
    F_SEALED,
    FACTS,
    NO_CATEGORY,
    NULLABLE,
    bitmap,
    defaults,
)
from gatescan_host.rules import wording
from gatescan_host.rules.days import day_after
from gatescan_host.rules.proofs.logic import Formula, both, negate
from gatescan_host.rules.rulebook import Rulebook, facts_used

LARGEST = 10**18 - 1  # the largest number that `rules eval` reads
EARLIEST, LATEST = 1_01_01, 9999_12_31


@dataclass(frozen=True)
class Value:
    """A fact as variables; which of them count depends on its kind."""

    known: Formula = True
    null: Formula = False
    codes: tuple[Formula, ...] = ()  # one holds
    flag: Formula = False  # a bool, or the bit of the item's category
    number: Any = None


View = dict[int, Value]


class Vocabulary:
    """The variables of all facts at one institution; `domain` says which values they can have."""

    def __init__(self, book: Rulebook, institution: int, all_known: bool = False) -> None:
        self.institution = institution
        self.switches = _switches(book, institution)
        self._used = facts_used(book)
        self.view: View = {}
        self.domain: list[Formula] = []
        days = _days(book)
        for fact, (name, kind, codes) in enumerate(fn.FACTS):
            if fact in (F_INSTITUTION, F_CHANNEL):
                continue
            self.view[fact] = self._value(fact, name, kind, len(codes or ()), days, all_known)
        self.domain.append(z3.Not(z3.And(self.view[F_SEALED].flag, self.view[F_SEAL_BROKEN].flag)))

    def _value(self, fact: int, name: str, kind: str, codes: int, days: list[int],
               all_known: bool) -> Value:
        default_null = fact < F_POLICY or self.switches[fact] is None
        null: Formula = z3.Bool(f"{name} null") if fact in NULLABLE and default_null else False
        sure = all_known or fact in NULLABLE or fact == F_CATEGORY or not default_null
        known: Formula = True if sure else z3.Bool(f"{name} known")
        if kind == fn.CODE:
            variables = tuple(z3.Bool(f"{name} {code}") for code in range(codes))
            choices = [*variables, *([] if null is False else [null])]
            self.domain.append(z3.PbEq([(choice, 1) for choice in choices], 1))
            return Value(known, null, codes=variables)
        if kind in (fn.BOOL, fn.CATEGORY_LIST):
            flag = z3.Bool(name)
            if null is not False:
                self.domain.append(z3.Not(z3.And(null, flag)))
            return Value(known, null, flag=flag)
        number = z3.Int(name)
        self.domain.append(z3.Or([number == day for day in days]) if kind == fn.DATE
                           else z3.And(number >= 0, number <= LARGEST))
        return Value(known, null, number=number)

    def all_known(self) -> View:
        """The same values with nothing unknown: one way in which the unknown may turn out."""
        return {fact: replace(value, known=True) for fact, value in self.view.items()}

    def default(self, fact: int, category: int) -> object:
        """The value of a fact that nobody gave; a list as the bit of the category."""
        value = self.switches[fact] if fact >= F_POLICY else defaults()[fact]
        if isinstance(value, bytes):
            return bool(value[category >> 3] >> (category & 7) & 1)
        return value

    def is_value(self, fact: int, value: object) -> Formula:
        """The fact is known and has this value (None: null or unknown)."""
        given = self.view[fact]
        if value is None:
            return given.null if fact in NULLABLE else negate(given.known)
        kind = fn.FACTS[fact][1]
        if kind == fn.CODE:
            assert isinstance(value, int)
            same = given.codes[value]
        elif kind in (fn.BOOL, fn.CATEGORY_LIST):
            same = given.flag if value else negate(given.flag)
        else:
            same = given.number == value
        return both([given.known, negate(given.null), same])

    def read(self, model: Any, channel: int) -> list:
        """The facts vector of a model; what the order does not read has its default."""
        vector = defaults()
        vector[F_INSTITUTION], vector[F_CHANNEL] = self.institution, channel

        def true(part: Formula) -> bool:
            return part is True or (part is not False and z3.is_true(model.eval(part, True)))

        category = [true(code) for code in self.view[F_CATEGORY].codes].index(True)
        for fact, value in self.view.items():
            if fact not in self._used:
                continue
            kind = fn.FACTS[fact][1]
            found: object = None
            if true(value.known) and not true(value.null):
                if kind == fn.CODE:
                    found = [true(code) for code in value.codes].index(True)
                elif kind in (fn.BOOL, fn.CATEGORY_LIST):
                    found = true(value.flag)
                else:
                    found = model.eval(value.number, True).as_long()
            if fact >= F_POLICY and found == self.default(fact, category):
                found = None
            elif kind == fn.CATEGORY_LIST and found is not None:
                found = bitmap([category]) if found else NO_CATEGORY
            vector[fact] = found
        return vector


def as_facts(vector: list) -> dict[str, Any]:
    """The facts of a vector that are not their defaults, as a line of `rules eval` has them.

    Unknown facts, which such a line cannot say, are listed under `unknown`.
    """
    out: dict[str, Any] = {}
    unknown: list[str] = []
    for fact, given in wording.different(vector).items():
        name, value = fn.FACTS[fact][0], wording.value(fact, given)
        if given is None and fact not in NULLABLE:
            unknown.append(name)
            continue
        outer, _, inner = name.partition(".")
        if inner:
            out.setdefault(outer, {})[inner] = value
        else:
            out[outer] = value
    return {**out, "unknown": unknown} if unknown else out


def _switches(book: Rulebook, institution: int) -> dict[int, object]:
    """The defaults of the switches at an institution, lists as bitmaps: core/law/switches.py."""
    order = book.file.order
    here = fn.FACTS[F_INSTITUTION][2] or ()
    given = {**order.switches, **order.switch_overrides.get(here[institution], {})}
    categories = fn.FACTS[F_CATEGORY][2] or ()
    found: dict[int, object] = dict.fromkeys(range(F_POLICY, FACTS))
    for name, value in given.items():
        if isinstance(value, list):
            value = bitmap([categories.index(code) for code in value])
        found[book.language.fact(name, ("switches", name))] = value
    return found


def _days(book: Rulebook) -> list[int]:
    """Days as YYYYMMDD: those that the order names, their neighbours, and both ends of time."""
    found = {EARLIEST, LATEST}
    for test in book.tests():
        if any(fn.FACTS[fact][1] == fn.DATE for fact in test.summed) and test.right_fact is None:
            found.update(day_after(test.right, step) for step in (-1, 0, 1))
    return sorted(found)
