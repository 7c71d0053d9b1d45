"""A compiled order opened for reading: each rule's own conditions, answered by the scanner's code.

Where `Policy` says only what comes out, this says for each rule and each single test whether it
holds. Nothing is evaluated twice over: the bytes are the compiler's, the tests are answered by
`core/law/conditions.py`.
"""

import struct
from collections.abc import Iterator
from typing import NamedTuple

from gatescan.core.law import conditions_format as cf
from gatescan.core.law import policy_format as pf
from gatescan.core.law import switches
from gatescan.core.law.conditions import Conditions
from gatescan.core.law.facts import F_INSTITUTION, F_POLICY
from gatescan.core.law.policy import Policy
from gatescan_host.rules.compiler import encode
from gatescan_host.rules.language import Test
from gatescan_host.rules.rulebook import FlatRule, Rulebook

_KINDS = {cf.T_IN: "in", cf.T_IS: "is", cf.T_NULL: "null", cf.T_LISTED: "listed",
          cf.T_TERM: "term", cf.T_COMPARE: "compare", cf.T_VERDICT: "verdict", cf.T_MARK: "mark"}
_SCRATCH = 32  # bytes behind the order, for one test at a time


class Part(NamedTuple):
    """One test of a compiled conjunction: what it asks, and its bytes."""

    test: Test
    code: bytes


class CompiledOrder:
    """One order as bytes, with the place of each flat rule in them."""

    def __init__(self, book: Rulebook) -> None:
        """Compile the order; raises OrderError."""
        self.book = book
        self.data = encode(book)
        self.policy = Policy(self.data)
        fields = pf.read_header(self.data)
        self._shown_at, self._doubts_at, fact_doubts, switches_at, self._terms_at = fields[17:22]
        rules_at = fields[22]
        self._switches = switches.load(self.data, switches_at, fields[11])
        self._whole = bytearray(self.data) + bytes(_SCRATCH)
        self._conditions = Conditions(self._whole, self._terms_at, fields[9], fact_doubts)
        collected = [rule for rule in book.rules if rule.phase != "duties"]
        duties = [rule for rule in book.rules if rule.phase == "duties"]
        self.collected, self.duties = tuple(collected), tuple(duties)
        self._conjunction: dict[str, int] = {}
        for start, rules in ((0, collected), (fields[8], duties)):
            for slot, rule in enumerate(rules, start):
                at = self._u16(rules_at + 2 * slot) + pf.R_OBLIGATIONS
                self._conjunction[rule.name] = at + 1 + self.data[at]

    def begin(self, vector: list) -> None:
        """Start with the facts of `vector` (see core/law/facts.py)."""
        self._conditions.begin(vector, self._switches[vector[F_INSTITUTION]])

    def won(self, verdict: int, marks: int, first_marks: int) -> None:
        """What the duties ask about: the verdict, the marks of its rules and of the first one."""
        self._conditions.verdict = verdict
        self._conditions.marks, self._conditions.first_marks = marks, first_marks

    def state(self, rule: FlatRule) -> int:
        """NO, YES or UNKNOWN + doubt for the conditions of `rule`, its place not counted."""
        return self._conditions.holds(self._conjunction[rule.name])

    def holds(self, part: Part) -> int:
        """The same for one test."""
        scratch = len(self.data)
        self._whole[scratch:scratch + 1 + len(part.code)] = b"\1" + part.code
        return self._conditions.holds(scratch)

    def parts(self, rule: FlatRule) -> tuple[Part, ...]:
        """The tests of a rule."""
        return tuple(self._read(self._conjunction[rule.name]))

    def ways(self, term: int) -> tuple[tuple[Part, ...], ...]:
        """The tests of each way in which a term holds."""
        at = self._u16(self._terms_at + 2 * term)
        ways = []
        place = at + 1
        for _ in range(self.data[at]):
            ways.append(tuple(self._read(place + 1)))
            place += 1 + self.data[place]
        return tuple(ways)

    def doubt(self, state: int) -> tuple[int, int, int, int]:
        """Verdict, authority (-1 = none), obligation (-1 = none) and citation (0 = the rule's own)
        of the doubt in which `state` ended.
        """
        at = self._doubts_at + (state - cf.UNKNOWN) * pf.DOUBT_BYTES
        verdict, who, place, cited = struct.unpack_from(">BBBI", self.data, at)
        ask = -1 if place == pf.NONE else self.data[self._shown_at + 1 + place]
        return verdict, -1 if who == pf.NONE else who, ask, cited

    def shown(self) -> tuple[int, ...]:
        """All obligations and session duties in the order displayed."""
        at = self._shown_at
        return tuple(self.data[at + 1:at + 1 + self.data[at]])

    def value(self, vector: list, fact: int) -> object:
        """The value that counts: the institution's, else the order's default for a switch."""
        value = vector[fact]
        if value is None and fact >= F_POLICY:
            return self._switches[vector[F_INSTITUTION]][fact - F_POLICY]
        return value

    def _u16(self, at: int) -> int:
        return self.data[at] << 8 | self.data[at + 1]

    def _read(self, at: int) -> Iterator[Part]:
        """The tests of the conjunction at `at`, as conditions_format.py lays them out."""
        data = self.data
        left, at = data[at], at + 1
        for _ in range(left):
            operation, subject = data[at], data[at + 1]
            kind = _KINDS[operation & cf.TEST_KIND]
            negated = bool(operation & cf.TEST_NEGATED)
            start, at = at, at + 2
            if kind == "compare":
                summed = tuple(data[at:at + (subject >> 4)])
                at += len(summed)
                by_fact = bool(subject & cf.C_FACT)
                right = data[at] if by_fact else struct.unpack_from(">I", data, at)[0]
                at += 1 if by_fact else 4
                test = Test(kind, negated=negated, summed=summed, comparison=subject & 3,
                            right_fact=right if by_fact else None, right=0 if by_fact else right)
            else:
                size = operation >> 4 & 7
                mask = int.from_bytes(data[at:at + size], "little")
                at += size
                codes = frozenset(n for n in range(size * 8) if mask >> n & 1)
                test = Test(kind, 0 if kind == "verdict" else subject, codes, negated,
                            bool(operation & cf.TEST_FIRST))
            yield Part(test, bytes(data[start:at]))
