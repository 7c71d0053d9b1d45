"""The meaning of an order file: names become numbers, conditions become tests."""

import re
from dataclasses import dataclass
from typing import Any

from gatescan.core.law import fact_names as fn
from gatescan.core.law import names
from gatescan.core.law.facts import NULLABLE
from gatescan_host.rules.orders import Loc, OrderFile

MAX_NUMBER = 2**32 - 1
COMPARISONS = (">", ">=", "<", "<=")
_COMPARE = re.compile(r"^([a-z0-9_.]+(?: \+ [a-z0-9_.]+)*) (>|>=|<|<=) ([a-z0-9_.-]+)$")
_DATE = re.compile(r"^(\d{4})-(\d{2})-(\d{2})$")


@dataclass(frozen=True)
class Test:
    """One test; `kind` is in, is, null, listed, term, compare, verdict or mark."""

    kind: str
    subject: int = 0  # fact, term or mark bits
    codes: frozenset[int] = frozenset()
    negated: bool = False
    first: bool = False  # mark of the first citation only
    summed: tuple[int, ...] = ()
    comparison: int = 0
    right_fact: int | None = None
    right: int = 0

    @property
    def facts(self) -> tuple[int, ...]:
        """The facts that it reads itself: none where it asks of a term or of the winner."""
        if self.kind in ("in", "is", "null", "listed"):
            return (self.subject,)
        return self.summed if self.right_fact is None else (*self.summed, self.right_fact)


Conjunction = tuple[Test, ...]


class Language:
    """Names of one order file: sets, terms, marks; turns `when` blocks into tests."""

    def __init__(self, file: OrderFile) -> None:
        self.file = file
        order = file.order
        self.terms = list(order.terms)
        self.marks = list(order.marks)
        self._sets: dict[tuple[str, str], frozenset[int]] = {}
        if len(self.marks) > 8:
            raise file.error(("marks",), "more than 8 marks", "drop one")
        for fact, sets in order.sets.items():
            index = self.fact(fact, ("sets", fact))
            for name, codes in sets.items():
                loc: Loc = ("sets", fact, name)
                if name in (fn.FACTS[index][2] or ()):
                    raise file.error(loc, f"{name} is a code already", "rename the set")
                self._sets[fact, name] = self.codes(index, codes, loc)
        for term in self.terms:
            if self._index(term) >= 0:
                raise file.error(("terms", term), f"{term} is a fact already", "rename the term")

    @staticmethod
    def _index(name: str) -> int:
        for prefix in ("", "permission.", "transitional.", "policy."):
            index = fn.index_of(prefix + name)
            if index >= 0:
                return index
        return -1

    def fact(self, name: str, loc: Loc) -> int:
        """The number of a fact; the last part of its name is enough."""
        index = self._index(name)
        if index < 0:
            raise self.file.error(loc, f"there is no fact or term {name}",
                                  "use a fact of provisions.json or define the term")
        return index

    def code(self, table: tuple[str, ...], name: object, loc: Loc, what: str) -> int:
        """The number of a code in `table`; raises OrderError."""
        if not isinstance(name, str) or name not in table:
            raise self.file.error(loc, f"there is no {what} {name}",
                                  "use one of " + ", ".join(table))
        return table.index(name)

    def codes(self, fact: int, given: object, loc: Loc) -> frozenset[int]:
        """The numbers of a code, a set name or a list of both."""
        name, _, table = fn.FACTS[fact]
        found: set[int] = set()
        for item in given if isinstance(given, list) else [given]:
            known = self._sets.get((name, item)) if isinstance(item, str) else None
            if known is not None:
                found |= known
            else:
                found.add(self.code(table or (), item, loc, f"set or code of {name}"))
        return frozenset(found)

    def conjunction(self, when: dict[str, Any], loc: Loc, duty: bool = False) -> Conjunction:
        """The tests of a `when` block."""
        tests: list[Test] = []
        for key, given in when.items():
            here = (*loc, key)
            negated = isinstance(given, dict)
            if negated and list(given) != ["not"]:
                raise self.file.error(here, f"{key} has a mapping that is not `not`",
                                      "write {not: ...}")
            value = given["not"] if negated else given
            if key == "compare":
                if negated or not isinstance(given, list):
                    raise self.file.error(here, "compare is a list of comparisons",
                                          'write ["held_dkk + amount_dkk > 3000"]')
                tests += [self._compare(text, here) for text in given]
            elif key in ("verdict", "mark", "first_mark"):
                if not duty:
                    raise self.file.error(here, f"{key} is known in duties only",
                                          "move the rule to duties")
                tests.append(self._winner(key, value, negated, here))
            elif key in self.terms:
                if not isinstance(value, bool) or negated:
                    raise self.file.error(here, f"{key} is a term", "write true or false")
                tests.append(Test("term", self.terms.index(key), negated=not value))
            elif key == "listed_in":
                fact = self.fact(str(value), here)
                if fn.FACTS[fact][1] != fn.CATEGORY_LIST:
                    raise self.file.error(here, f"{value} is no list of categories",
                                          "name a list such as restricted")
                tests.append(Test("listed", fact, negated=negated))
            else:
                tests += self._fact_test(key, value, negated, here)
        return tuple(tests)

    def _winner(self, key: str, value: object, negated: bool, loc: Loc) -> Test:
        listed = value if isinstance(value, list) else [value]
        if key == "verdict":
            numbers = [self.code(names.VERDICTS, name, loc, "verdict") for name in listed]
            return Test("verdict", codes=frozenset(numbers), negated=negated)
        bits = 0
        for name in listed:
            bits |= 1 << self.code(tuple(self.marks), name, loc, "mark")
        return Test("mark", bits, negated=negated, first=key == "first_mark")

    def _fact_test(self, key: str, value: object, negated: bool,
                   loc: Loc) -> list[Test]:
        fact = self.fact(key, loc)
        kind = fn.FACTS[fact][1]
        if value is None:
            if fact not in NULLABLE:
                raise self.file.error(loc, f"{key} is never null", "test its value")
            return [Test("null", fact, negated=negated)]
        if kind == fn.BOOL:
            if not isinstance(value, bool) or negated:
                raise self.file.error(loc, f"{key} is a yes-or-no fact", "write true or false")
            plain = [Test("is", fact, negated=not value)]
            # null is neither true nor false
            return [*plain, Test("null", fact, negated=True)] if fact in NULLABLE else plain
        if kind == fn.CODE:
            return [Test("in", fact, self.codes(fact, value, loc), negated=negated)]
        raise self.file.error(loc, f"{key} is tested by compare or listed_in only",
                              'write compare: ["..."] or listed_in: ...')

    def _compare(self, text: object, loc: Loc) -> Test:
        match = _COMPARE.match(text) if isinstance(text, str) else None
        if not match:
            raise self.file.error(loc, f"{text} is no comparison",
                                  'write "held_dkk + amount_dkk > 3000"')
        summed = tuple(self._number_fact(name, loc) for name in match[1].split(" + "))
        right, right_fact = match[3], None
        number = 0
        if day := _DATE.match(right):
            number = int("".join(day.groups()))
        elif right.isdigit():
            number = int(right)
        else:
            right_fact = self._number_fact(right, loc)
        if number > MAX_NUMBER or len(summed) > 15:
            raise self.file.error(loc, f"{text} is too large to compile", "use smaller numbers")
        return Test("compare", summed=summed, comparison=COMPARISONS.index(match[2]),
                    right_fact=right_fact, right=number)

    def _number_fact(self, name: str, loc: Loc) -> int:
        fact = self.fact(name, loc)
        if fn.FACTS[fact][1] not in (fn.INT, fn.DATE):
            raise self.file.error(loc, f"{name} is no number", "compare numbers or dates")
        return fact
