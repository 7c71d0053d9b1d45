"""A provision as 28 bits and back: "§ 2, stk. 1, nr. 11" (section 2(1) no. 11).

Layout, high to low: section 6, sections that follow 3, stk. 4, following 2, nr. 5, following 3,
pkt. 3, following 2. A range ("nr. 3-4", "2.-3. pkt.", "§§ 22-23") is its start and what follows.
The packed numbers sort as the provisions stand in the order.
"""

# label, shift, bits of the number, bits of what follows
_FIELDS = (("§", 19, 6, 3), ("stk.", 13, 4, 2), ("nr.", 5, 5, 3), ("pkt.", 0, 3, 2))


class CitationError(Exception):
    """A text that is no single provision; the message says what was expected."""


def _number(text: str, whole: str) -> int:
    if not text or len(text) > 2:
        raise CitationError('"%s" is no citation; write for example "§ 2, stk. 1, nr. 11"' % whole)
    for digit in text:
        if digit not in "0123456789":
            raise CitationError(
                '"%s" is no citation; write for example "§ 2, stk. 1, nr. 11"' % whole)
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
            raise CitationError(
                '"%s" is no citation; write for example "§ 2, stk. 1, nr. 11"' % text)
        last = field
        first, _, to = number.partition("-")
        start = _number(first, text)
        more = _number(to, text) - start if to else 0
        _, shift, bits, more_bits = _FIELDS[field]
        if not 0 < start < 1 << bits or not 0 <= more < 1 << more_bits or (to and not more):
            raise CitationError('"%s" has a number that cannot be stored' % text)
        packed |= (start << more_bits | more) << shift
    if format(packed) != text:
        raise CitationError('"%s" is written differently from "%s"' % (text, format(packed)))
    return packed


def format(packed: int) -> str:  # noqa: A001 - the name that callers read: citation.format
    """The text of a packed citation, as it is displayed."""
    parts = []
    for label, shift, bits, more_bits in _FIELDS:
        value = packed >> shift & (1 << bits + more_bits) - 1
        start = value >> more_bits
        more = value & (1 << more_bits) - 1
        if not start:
            continue
        if label == "pkt.":
            parts.append(
                "%d.-%d. pkt." % (start, start + more) if more else "%d. pkt." % start)
        elif label == "§" and more:
            parts.append("§§ %d-%d" % (start, start + more))
        else:
            parts.append("%s %d-%d" % (label, start, start + more) if more
                         else "%s %d" % (label, start))
    return ", ".join(parts)


def covers(wide: int, packed: int) -> bool:
    """Whether the provision `packed` is `wide` or stands inside it (§ 2 covers § 2, stk. 1)."""
    for _, shift, bits, more_bits in _FIELDS:
        want = wide >> shift & (1 << bits + more_bits) - 1
        if want and want != packed >> shift & (1 << bits + more_bits) - 1:
            return False
    return True
