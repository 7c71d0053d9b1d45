"""Citations from their text, for the compiler of the rules: a scanner only shows them."""

from gatescan.core.law.citation import FIELDS, format  # noqa: A004 - as in citation.py


class CitationError(Exception):
    """A text that is no single provision; the message says what was expected."""


def _none(text: str) -> CitationError:
    return CitationError(f'"{text}" is no citation; write for example "§ 2, stk. 1, nr. 11"')


def _number(text: str, whole: str) -> int:
    if not text or len(text) > 2:
        raise _none(whole)
    for digit in text:
        if digit not in "0123456789":
            raise _none(whole)
    return int(text)


def _field(part: str) -> "tuple[int, str]":
    """Which field a part fills (0 section .. 3 sentence), and its number text ("3-4")."""
    if part.startswith("§§ "):
        return 0, part[3:]
    if part.startswith("§ "):
        return 0, part[2:]
    if part.startswith("stk. "):
        return 1, part[5:]
    if part.startswith("nr. "):
        return 2, part[4:]
    if part.endswith(". pkt."):
        return 3, part[:-6].replace(".-", "-")
    return -1, ""


def pack(text: str) -> int:
    """The citation `text` as an int below 2**28; raises CitationError."""
    packed = 0
    last = -1
    for part in text.split(", "):
        field, number = _field(part)
        if field <= last or (last < 0 and field != 0):
            raise _none(text)
        last = field
        first, _, to = number.partition("-")
        start = _number(first, text)
        more = _number(to, text) - start if to else 0
        _, shift, bits, more_bits = FIELDS[field]
        if not 0 < start < 1 << bits or not 0 <= more < 1 << more_bits or (to and not more):
            raise CitationError(f'"{text}" has a number that cannot be stored')
        packed |= (start << more_bits | more) << shift
    if format(packed) != text:
        raise CitationError(f'"{text}" is written differently from "{format(packed)}"')
    return packed


def covers(wide: int, packed: int) -> bool:
    """Whether the provision `packed` is `wide` or stands inside it (§ 2 covers § 2, stk. 1)."""
    for _, shift, bits, more_bits in FIELDS:
        want = wide >> shift & (1 << bits + more_bits) - 1
        if want and want != packed >> shift & (1 << bits + more_bits) - 1:
            return False
    return True
