"""Three-valued tests over a facts vector: no, yes, or not known and whose fault that is.

A conjunction is a count and that many tests; a test is an operation byte, one byte that names its
subject (fact, term or mark) and what the operation needs:
  bits 0-2 kind, bit 3 mark of the first citation only, bits 4-6 bytes of a mask, bit 7 negated
"""

from gatescan.core.compat import const
from gatescan.core.law.facts import F_CATEGORY, F_POLICY, FACTS, NULLABLE

NO = const(0)
YES = const(1)
UNKNOWN = const(2)  # + number of the doubt; a greater number is the more restrictive one

T_IN = const(0)  # the code is in the mask that follows
T_IS = const(1)  # the bool is true
T_NULL = const(2)  # the fact is null
T_LISTED = const(3)  # the bitmap fact lists the category
T_TERM = const(4)  # the term holds
T_COMPARE = const(5)  # sum of facts against a number or a fact
T_VERDICT = const(6)  # the winning verdict is in the mask (duties only)
T_MARK = const(7)  # a winning rule carries the mark (duties only)

TEST_KIND = const(0x07)
TEST_FIRST = const(0x08)
TEST_NEGATED = const(0x80)

# second byte of T_COMPARE: bits 0-1 comparison, bit 2 right side is a fact, bits 4-7 facts summed
C_GREATER = const(0)
C_GREATER_EQUAL = const(1)
C_LESS = const(2)
C_LESS_EQUAL = const(3)
C_FACT = const(4)

_NOT_COMPUTED = const(0xFF)


class Conditions:
    """Evaluates conjunctions of one compiled policy; terms are computed once an evaluation."""

    def __init__(
        self, data: "bytes | bytearray", terms_at: int, terms: int, doubts_at: int
    ) -> None:
        self._data = data
        self._terms_at = terms_at  # u16 offsets of the terms
        self._doubts_at = doubts_at  # one byte a fact: the doubt that it raises when unknown
        self._blank = bytes([_NOT_COMPUTED] * terms)
        self._cache = bytearray(terms)
        self._nullable = bytearray(FACTS)
        for fact in NULLABLE:
            self._nullable[fact] = 1
        self._facts: list = []
        self._switches: list = []
        self.verdict = 0
        self.marks = 0
        self.first_marks = 0

    def begin(self, facts: list, switches: list) -> None:
        """Start an evaluation; `switches` are the order's defaults for F_POLICY and after."""
        self._facts = facts
        self._switches = switches
        self._cache[:] = self._blank

    def holds(self, at: int) -> int:
        """NO, YES or UNKNOWN + doubt for the conjunction at offset `at`.

        Raises TypeError or ValueError for a value that no fact can have.
        """
        data = self._data
        facts = self._facts
        left = data[at]
        at += 1
        result = YES
        while left:
            left -= 1
            operation = data[at]
            subject = data[at + 1]
            kind = operation & TEST_KIND
            at += 2
            if kind == T_TERM:
                answer = self._cache[subject]
                if answer == _NOT_COMPUTED:
                    answer = self._term(subject)
            elif kind == T_IS:
                value = facts[subject]
                if value is False:
                    answer = NO
                elif value is True:
                    answer = YES
                else:
                    answer = self._test(kind, subject, at, 0)
            elif kind == T_IN:
                value = facts[subject]
                size = operation >> 4 & 7
                if value is None or not 0 <= value < size << 3:
                    answer = self._test(kind, subject, at, size)
                else:
                    answer = data[at + (value >> 3)] >> (value & 7) & 1
                at += size
            elif kind == T_COMPARE:
                answer = self._compare(at - 1)
                at += (subject >> 4) + (1 if subject & C_FACT else 4)
            elif kind == T_VERDICT:
                answer = self._in_mask(self.verdict, at, operation >> 4 & 7)
                at += operation >> 4 & 7
            elif kind == T_MARK:
                marks = self.first_marks if operation & TEST_FIRST else self.marks
                answer = YES if marks & subject else NO
            else:
                answer = self._test(kind, subject, at, 0)
            if operation & TEST_NEGATED and answer < UNKNOWN:
                answer = 1 - answer
            if answer == NO:
                return NO
            if answer > result:
                result = answer
        return result

    def _value(self, fact: int) -> object:
        value = self._facts[fact]
        if value is None and fact >= F_POLICY:
            return self._switches[fact - F_POLICY]
        return value

    def _in_mask(self, code: int, at: int, size: int) -> int:
        if type(code) is not int or code < 0:
            raise ValueError("no code")
        if code >> 3 >= size:
            return NO
        return self._data[at + (code >> 3)] >> (code & 7) & 1

    def _test(self, kind: int, fact: int, at: int, size: int) -> int:
        value = self._facts[fact]
        if value is None and fact >= F_POLICY:
            value = self._switches[fact - F_POLICY]
        if kind == T_NULL:
            return YES if value is None else NO
        if value is None:
            return NO if self._nullable[fact] else UNKNOWN + self._data[self._doubts_at + fact]
        if kind == T_IN:
            return self._in_mask(value, at, size)
        if kind == T_IS:
            if value is True or value is False:
                return YES if value else NO
            raise TypeError("no bool")
        category = self._facts[F_CATEGORY]
        if type(value) is int:
            return value >> category & 1
        return value[category >> 3] >> (category & 7) & 1

    def _compare(self, at: int) -> int:
        data = self._data
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

    def _term(self, number: int) -> int:
        known = self._cache[number]
        if known != _NOT_COMPUTED:
            return known
        data = self._data
        at = data[self._terms_at + 2 * number] << 8 | data[self._terms_at + 2 * number + 1]
        ways = data[at]
        at += 1
        result = NO
        while ways:
            ways -= 1
            answer = self.holds(at + 1)
            if answer == YES:
                result = YES
                break
            if answer > result:
                result = answer
            at += 1 + data[at]  # each way is preceded by its length
        self._cache[number] = result
        return result


def _whole(value: object) -> int:
    """The value as a number of pieces, kroner or months; raises ValueError."""
    if type(value) is not int or value < 0:
        raise ValueError("no number")
    return value
