"""Checks the value of an application identifier against its format and its content.

Source: GS1 Barcode Syntax Dictionary and its linters; the checks that nearly every barcode needs
are here, the others are loaded with the first barcode that needs one (lint_fields.py).
"""

from gatescan.core.compat import const
from gatescan.core.tags import ai, ai_table, gtin

# Numbers of make_ai_table.LINTERS
_CSUM = const(1)
_GCPPOS1 = const(2)
_GCPPOS2 = const(3)
_YYMMD0 = const(4)
YYMMDD = const(5)

_SET = const(3)  # in the head of a component: numeric, CSET 82, 39, 64
_NUMERIC = const(0)
_CSET64 = const(3)
_OPTIONAL = const(4)
_VARIABLE = const(8)
_LAST = const(16)

_PREFIX_DIGITS = const(4)  # of the shortest GS1 company prefix
_HAND = ": classify the item by hand."
# General Specifications figures 7.11-1, 7.11-2 and 7.11-3; the most frequent ones first
_CSETS = (
    b"",
    b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-./_!\"%&'()*+,:;<=>?",
    b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-/#",
    b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_",
)


def fault_of(name: str, entry: int, value: bytes) -> "str | None":
    """None when `value` is good for the application identifier, else one sentence.

    `name`: its digits, for the sentence; `entry`: of ai.find.
    """
    table = ai_table.FORMATS
    at = ai.format_of(entry)
    begin, length = 0, len(value)
    while True:
        head = table[at]
        end = min(begin + table[at + 1], length)
        if end > begin or not head & _OPTIONAL:
            if end - begin < (1 if head & _VARIABLE else table[at + 1]):
                return _wrong_length(name)
            part = value[begin:end]
            if not in_set(head & _SET, part):
                return "(%s) holds a character that is not allowed there%s" % (name, _HAND)
            for i in range(at + 2, at + 2 + (head >> 5)):
                if not passes(table[i], part):
                    return _failed(name, table[i])
            begin = end
        if head & _LAST:
            return None if begin == length else _wrong_length(name)
        at += 2 + (head >> 5)


def in_set(number: int, part: bytes) -> bool:
    """Whether `part` keeps to a character set: 0 numeric, 1 CSET 82, 2 CSET 39, 3 CSET 64."""
    if number == _NUMERIC:
        return part.isdigit()
    rest = part
    if number == _CSET64:
        rest = part.rstrip(b"=")
        padding = len(part) - len(rest)
        if padding > 2 or (padding and len(part) % 3):
            return False
    # strip() runs at the speed of the machine: what it leaves holds a character of another set
    return not rest.strip(_CSETS[number])


def passes(linter: int, part: bytes) -> bool:
    """Whether `part` passes the check with that number (make_ai_table.LINTERS)."""
    if linter == _CSUM:
        return part.isdigit() and gtin.check_ok(part, 0, len(part))
    if linter == _GCPPOS1:
        return len(part) >= _PREFIX_DIGITS and part[:_PREFIX_DIGITS].isdigit()
    if linter == _GCPPOS2:
        return len(part) > _PREFIX_DIGITS and part[1 : 1 + _PREFIX_DIGITS].isdigit()
    if linter <= YYMMDD:
        if len(part) != 6 or not part.isdigit():
            return False
        # Every fourth year is a leap year from 1972 to 2071, the window of section 7.12.
        return day_exists(int(part[:2]), part[2:], linter == _YYMMD0)
    from gatescan.core.tags import lint_fields

    return lint_fields.passes(linter - YYMMDD - 1, part)


def day_exists(year: int, mmdd: bytes, day_may_be_zero: bool) -> bool:
    """Whether the four digits are a month and a day of that year, or a whole month (day 00)."""
    month, day = int(mmdd[:2]), int(mmdd[2:])
    if not 1 <= month <= 12:
        return False
    days = b"\x1f\x1d\x1f\x1e\x1f\x1e\x1f\x1f\x1e\x1f\x1e\x1f"[month - 1]
    if month == 2 and (year % 4 or (not year % 100 and year % 400)):
        days = 28
    return (0 if day_may_be_zero else 1) <= day <= days


def _wrong_length(name: str) -> str:
    return "(%s) has the wrong length%s" % (name, _HAND)


def _failed(name: str, linter: int) -> str:
    if linter == _CSUM:
        return (
            "The check digit of (%s) is wrong: scan the barcode again. Classify the item by hand."
        ) % name
    if linter in (_YYMMD0, YYMMDD):
        return "(%s) is no date%s" % (name, _HAND)
    return "The value of (%s) is not valid%s" % (name, _HAND)
