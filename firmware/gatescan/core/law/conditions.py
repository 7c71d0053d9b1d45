"""Three-valued tests over a facts vector: no, yes, or not known and whose fault that is."""

from gatescan.core.law.conditions_format import (
    C_FACT,
    C_GREATER,
    C_GREATER_EQUAL,
    C_LESS,
    NO,
    NOT_COMPUTED,
    T_IN,
    T_IS,
    T_NULL,
    UNKNOWN,
    YES,
)
from gatescan.core.law.facts import F_CATEGORY, F_POLICY, FACTS, NULLABLE

# the functions in which an evaluation spends its time
try:
    from gatescan.core.law.conditions_viper import fitting as fitting
    from gatescan.core.law.conditions_viper import holds, term
except (ImportError, SyntaxError, ValueError, AttributeError):
    from gatescan.core.law.conditions_plain import fitting as fitting
    from gatescan.core.law.conditions_plain import holds, term


class Conditions:
    """Evaluates conjunctions of one compiled policy; terms are computed once an evaluation.

    `holds(at)` is NO, YES or UNKNOWN + doubt for the conjunction at offset `at`; it raises
    TypeError or ValueError for a value that no fact can have.
    """

    holds = holds
    term = term

    def __init__(
        self, data: "bytes | bytearray", terms_at: int, terms: int, doubts_at: int
    ) -> None:
        self.data = data
        self.terms_at = terms_at  # u16 offsets of the terms
        self._doubts_at = doubts_at  # one byte a fact: the doubt that it raises when unknown
        self._blank = bytes([NOT_COMPUTED] * terms)
        self.cache = bytearray(terms)
        self._nullable = bytearray(FACTS)
        for fact in NULLABLE:
            self._nullable[fact] = 1
        self.facts: list = []
        self._switches: list = []
        self.verdict = 0
        self.marks = 0
        self.first_marks = 0

    def begin(self, facts: list, switches: list) -> None:
        """Start an evaluation; `switches` are the order's defaults for F_POLICY and after."""
        self.facts = facts
        self._switches = switches
        self.cache[:] = self._blank

    def _value(self, fact: int) -> object:
        value = self.facts[fact]
        if value is None and fact >= F_POLICY:
            return self._switches[fact - F_POLICY]
        return value

    def in_mask(self, code: int, at: int, size: int) -> int:
        """Whether `code` is in the mask of `size` bytes at `at`; ValueError where it is none."""
        if type(code) is not int or code < 0:
            raise ValueError("no code")
        if code >> 3 >= size:
            return NO
        return self.data[at + (code >> 3)] >> (code & 7) & 1

    def test(self, kind: int, fact: int, at: int, size: int) -> int:
        """One test that may meet a null, and every test of the kinds seldom used."""
        value = self.facts[fact]
        if value is None and fact >= F_POLICY:
            value = self._switches[fact - F_POLICY]
        if kind == T_NULL:
            return YES if value is None else NO
        if value is None:
            return NO if self._nullable[fact] else UNKNOWN + self.data[self._doubts_at + fact]
        if kind == T_IN:
            return self.in_mask(value, at, size)
        if kind == T_IS:
            if value is True or value is False:
                return YES if value else NO
            raise TypeError("no bool")
        category = self.facts[F_CATEGORY]
        if type(value) is int:
            return value >> category & 1
        return value[category >> 3] >> (category & 7) & 1

    def compare(self, at: int) -> int:
        """The comparison whose settings stand at `at`."""
        data = self.data
        settings = data[at]
        left = settings >> 4
        total = 0
        unknown = NO
        while left:
            left -= 1
            at += 1
            value = self._value(data[at])
            if value is None:
                if self._nullable[data[at]]:
                    return NO
                unknown = max(unknown, UNKNOWN + data[self._doubts_at + data[at]])
            else:
                total += _whole(value)
        at += 1
        if settings & C_FACT:
            value = self._value(data[at])
            if value is None:
                if self._nullable[data[at]]:
                    return NO
                unknown = max(unknown, UNKNOWN + data[self._doubts_at + data[at]])
            right = 0 if value is None else _whole(value)
        else:
            right = data[at] << 24 | data[at + 1] << 16 | data[at + 2] << 8 | data[at + 3]
        if unknown:
            return unknown
        comparison = settings & 3
        if comparison == C_GREATER:
            return YES if total > right else NO
        if comparison == C_GREATER_EQUAL:
            return YES if total >= right else NO
        if comparison == C_LESS:
            return YES if total < right else NO
        return YES if total <= right else NO


def _whole(value: object) -> int:
    """The value as a number of pieces, kroner or months; raises ValueError."""
    if type(value) is not int or value < 0:
        raise ValueError("no number")
    return value
