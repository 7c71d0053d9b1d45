"""Application identifiers: which one begins here, and what is known of it (ai_table.py).

Source: GS1 General Specifications section 3 and the GS1 Barcode Syntax Dictionary. The two first
digits tell how many more an identifier has.
"""

from gatescan.core.tags import ai_table

_FACTS_BYTES = 6  # format, what is required, what is excluded: two bytes each
_PREDEFINED = 0x80


def find(data: bytes, at: int = 0) -> int:
    """The entry of the application identifier that begins at `data[at]`; 0 when none does.

    An entry is what the other functions take.
    """
    after = at + 2
    prefix = data[at:after]
    if len(prefix) < 2 or not prefix.isdigit():
        return 0
    first = ai_table.FIRST
    i = 2 * int(prefix)
    more = first[i] >> 6
    tail = 0
    if more:
        digits = data[after : after + more]
        if len(digits) < more or not digits.isdigit():
            return 0
        tail = int(digits)
    row = (first[i] & 63) << 8 | first[i + 1]
    end = (first[i + 2] & 63) << 8 | first[i + 3]
    row = ai_table.TAILS.find(bytes((tail,)), row, end)
    if row < 0:
        return 0
    return (ai_table.KINDS[row] * _FACTS_BYTES) << 3 | more + 2


def digits_of(entry: int) -> int:
    """How many digits the application identifier has."""
    return entry & 7


def format_of(entry: int) -> int:
    """Where in ai_table.FORMATS the format of the value begins."""
    i = entry >> 3
    return (ai_table.FACTS[i] & 63) << 8 | ai_table.FACTS[i + 1]


def predefined_length(entry: int) -> int:
    """The length of a value that no separator has to end (section 7.8.5); 0 for all others."""
    if ai_table.FACTS[entry >> 3] & _PREDEFINED:
        return ai_table.FORMATS[format_of(entry) + 1]
    return 0


def required_by(entry: int) -> bytes:
    """What must stand beside it, in the dictionary's syntax: b"01+21,02", or b""."""
    return _rule((entry >> 3) + 2)


def excluded_by(entry: int) -> bytes:
    """What must not stand beside it, in the dictionary's syntax: b"01,394n", or b"".

    b"=" excludes the others of its own first three digits.
    """
    return _rule((entry >> 3) + 4)


def _rule(i: int) -> bytes:
    begin = ai_table.FACTS[i] << 8 | ai_table.FACTS[i + 1]
    return ai_table.RULES[begin : ai_table.RULES.find(b";", begin)]
