"""The hot parts of Conditions and Policy in bytecode: runs everywhere; twin: conditions_viper."""

from gatescan.core.compat import TYPE_CHECKING
from gatescan.core.law.conditions_format import (
    C_FACT,
    NO,
    NOT_COMPUTED,
    T_COMPARE,
    T_IN,
    T_IS,
    T_MARK,
    T_TERM,
    T_VERDICT,
    TEST_FIRST,
    TEST_KIND,
    TEST_NEGATED,
    UNKNOWN,
    YES,
)

if TYPE_CHECKING:
    from gatescan.core.law.conditions import Conditions
    from gatescan.core.law.policy import Policy


def holds(self: "Conditions", at: int) -> int:
    """NO, YES or UNKNOWN + doubt for the conjunction at offset `at`.

    Raises TypeError or ValueError for a value that no fact can have.
    """
    data = self.data
    facts = self.facts
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
            answer = self.cache[subject]
            if answer == NOT_COMPUTED:
                answer = term(self, subject)
        elif kind == T_IS:
            value = facts[subject]
            if value is False:
                answer = NO
            elif value is True:
                answer = YES
            else:
                answer = self.test(kind, subject, at, 0)
        elif kind == T_IN:
            value = facts[subject]
            size = operation >> 4 & 7
            if value is None or not 0 <= value < size << 3:
                answer = self.test(kind, subject, at, size)
            else:
                answer = data[at + (value >> 3)] >> (value & 7) & 1
            at += size
        elif kind == T_COMPARE:
            answer = self.compare(at - 1)
            at += (subject >> 4) + (1 if subject & C_FACT else 4)
        elif kind == T_VERDICT:
            answer = self.in_mask(self.verdict, at, operation >> 4 & 7)
            at += operation >> 4 & 7
        elif kind == T_MARK:
            marks = self.first_marks if operation & TEST_FIRST else self.marks
            answer = YES if marks & subject else NO
        else:
            answer = self.test(kind, subject, at, 0)
        if operation & TEST_NEGATED and answer < UNKNOWN:
            answer = 1 - answer
        if answer == NO:
            return NO
        if answer > result:
            result = answer
    return result


def term(self: "Conditions", number: int) -> int:
    """The same for the term `number`: one of its conjunctions holds. Computed once."""
    known = self.cache[number]
    if known != NOT_COMPUTED:
        return known
    data = self.data
    at = data[self.terms_at + 2 * number] << 8 | data[self.terms_at + 2 * number + 1]
    ways = data[at]
    at += 1
    result = NO
    while ways:
        ways -= 1
        answer = holds(self, at + 1)
        if answer == YES:
            result = YES
            break
        if answer > result:
            result = answer
        at += 1 + data[at]  # each way is preceded by its length
    self.cache[number] = result
    return result


def fitting(self: "Policy", by_category: int, start: int, stop: int) -> int:
    """Queue the rules whose institution, channel and category fit; how many they are.

    Of the index, the bytes from `start` to `stop` of the row at `by_category`.
    """
    data = self.data
    queued = 0
    for place in range(start, stop):
        fit = self.here[place] & data[by_category + place]
        at = self.rules_at + (place << 4)  # u16 offsets, eight rules a byte
        while fit:
            if fit & 1:
                self.queue[queued] = data[at] << 8 | data[at + 1]
                queued += 1
            fit >>= 1
            at += 2
    return queued
