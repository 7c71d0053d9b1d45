"""The hot parts of Conditions and Policy in viper.

They work on the C stack, where bytecode needs the heap. A file of its own: CPython
and ports without native code refuse it. Numbers: conditions_format.py.
"""

# ruff: noqa: SIM102, RUF046, ANN001 - viper: one comparison a condition, int() unboxes, self is any

import micropython
from gatescan.core.compat import const

_NO = const(0)
_YES = const(1)
_UNKNOWN = const(2)
_IN = const(0)
_IS = const(1)
_TERM = const(4)
_COMPARE = const(5)
_VERDICT = const(6)
_MARK = const(7)
_FIRST = const(8)
_NEGATED = const(0x80)
_RIGHT_IS_FACT = const(4)
_NOT_COMPUTED = const(0xFF)
_LONGEST = const(8)  # bytes of a test; pointers know no end, so it is looked at before each

# True, False and numbers in viper code are no objects; what facts are compared with is taken from
# here. Last: how many codes fit a mask of so many bytes.
_OBJECTS = (True, False, None, 0, (0, 8, 16, 24, 32, 40, 48, 56))


@micropython.viper
def holds(self, at: int) -> int:  # type: ignore[no-untyped-def]
    """See `conditions_plain.holds`."""
    whole = self.data
    data = ptr8(whole)  # type: ignore[name-defined] # noqa: F821
    end = int(len(whole)) - _LONGEST
    cache = ptr8(self.cache)  # type: ignore[name-defined] # noqa: F821
    terms = int(len(self.cache))
    facts = self.facts
    true, false, null, zero, limits = _OBJECTS
    if at > end or at < 0:
        raise ValueError("the order is damaged")
    left = data[at]
    at += 1
    result = _YES
    while left:
        left -= 1
        if at > end:
            raise ValueError("the order is damaged")
        operation = data[at]
        subject = data[at + 1]
        kind = operation & 7
        answer = _NO
        at += 2
        if kind == _TERM:
            if subject >= terms:
                raise ValueError("the order is damaged")
            answer = cache[subject]
            if answer == _NOT_COMPUTED:
                answer = int(self.term(subject))
        elif kind == _IS:
            value = facts[subject]
            if value is true:
                answer = _YES
            elif value is not false:
                answer = int(self.test(kind, subject, at, 0))
        elif kind == _IN:
            value = facts[subject]
            size = operation >> 4 & 7
            code = -1
            # Compared as objects: an int here has the 32 bits of this machine, a fact may not.
            if value is not null:
                if value >= zero:
                    if value < limits[size]:
                        code = int(value)
            if code < 0:
                answer = int(self.test(kind, subject, at, size))
            else:
                answer = data[at + (code >> 3)] >> (code & 7) & 1
            at += size
        elif kind == _COMPARE:
            answer = int(self.compare(at - 1))
            at += subject >> 4
            if subject & _RIGHT_IS_FACT:
                at += 1
            else:
                at += 4
        elif kind == _VERDICT:
            size = operation >> 4 & 7
            answer = int(self.in_mask(self.verdict, at, size))
            at += size
        elif kind == _MARK:
            marks = int(self.marks)
            if operation & _FIRST:
                marks = int(self.first_marks)
            if marks & subject:
                answer = _YES
        else:
            answer = int(self.test(kind, subject, at, 0))
        if operation & _NEGATED:
            if answer < _UNKNOWN:
                answer = 1 - answer
        if answer == _NO:
            return _NO
        if answer > result:
            result = answer
    return result


@micropython.viper
def term(self, number: int) -> int:  # type: ignore[no-untyped-def]
    """See `conditions_plain.term`."""
    whole = self.data
    data = ptr8(whole)  # type: ignore[name-defined] # noqa: F821
    end = int(len(whole)) - _LONGEST
    cache = ptr8(self.cache)  # type: ignore[name-defined] # noqa: F821
    known = cache[number]
    if known != _NOT_COMPUTED:
        return known
    at = int(self.terms_at) + 2 * number
    at = data[at] << 8 | data[at + 1]
    if at > end:
        raise ValueError("the order is damaged")
    ways = data[at]
    at += 1
    result = _NO
    while ways:
        ways -= 1
        answer = int(self.holds(at + 1))
        if answer == _YES:
            result = _YES
            break
        if answer > result:
            result = answer
        at += 1 + data[at]  # each way is preceded by its length
    cache[number] = result
    return result


@micropython.viper
def fitting(self, by_category: int, start: int, stop: int) -> int:  # type: ignore[no-untyped-def]
    """See `conditions_plain.fitting`."""
    whole = self.data
    data = ptr8(whole)  # type: ignore[name-defined] # noqa: F821
    here = ptr8(self.here)  # type: ignore[name-defined] # noqa: F821
    queue = ptr16(self.queue)  # type: ignore[name-defined] # noqa: F821
    rules_at = int(self.rules_at)
    end = int(len(whole))
    if by_category + stop > end or rules_at + (stop << 4) > end:
        raise ValueError("the order is damaged")
    queued = 0
    place = start
    while place < stop:
        fit = here[place] & data[by_category + place]
        at = rules_at + (place << 4)
        while fit:
            if fit & 1:
                queue[queued] = data[at] << 8 | data[at + 1]
                queued += 1
            fit >>= 1
            at += 2
        place += 1
    return queued
