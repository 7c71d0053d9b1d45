"""Bytes of an NFC tag -> characters, if they are well-formed; which of them the scanner shows."""

# First and last of what is shown: Latin, Greek and Cyrillic letters, punctuation, currencies,
# signs. Neither controls nor marks that combine, turn the direction or cannot be seen.
_SHOWN = (
    (0x20, 0x7E),
    (0xA1, 0xAC),
    (0xAE, 0x24F),
    (0x386, 0x482),
    (0x48A, 0x52F),
    (0x1E00, 0x1EFF),
    (0x2010, 0x2027),
    (0x2030, 0x205E),
    (0x20A0, 0x20BF),
    (0x2100, 0x23FF),
)


def utf8(data: bytes) -> "str | None":
    """The characters of UTF-8 (RFC 3629, section 3), None when it is ill-formed.

    MicroPython's own decoder also takes forms that are longer than need be, and surrogates.
    """
    try:
        text = data.decode()
    except UnicodeError:
        return None
    shortest = 0  # bytes that the characters need
    for sign in text:
        code = ord(sign)
        if 0xD800 <= code <= 0xDFFF or code > 0x10FFFF:
            return None
        shortest += 1 if code < 0x80 else 2 if code < 0x800 else 3 if code < 0x10000 else 4
    return text if shortest == len(data) else None


def utf16(data: bytes) -> "str | None":
    """The characters of UTF-16 (RFC 2781, section 2.2), None when it is ill-formed.

    Big endian, if no byte order mark says otherwise (RTD Text 3.4).
    """
    low = 0 if data[:2] == b"\xff\xfe" else 1
    start = 2 if data[:2] in (b"\xff\xfe", b"\xfe\xff") else 0
    signs = []
    high = 0  # first half of a pair
    if len(data) & 1:
        return None
    for i in range(start, len(data), 2):
        unit = data[i + 1 - low] << 8 | data[i + low]
        if (unit & 0xFC00 == 0xDC00) != (high > 0):
            return None
        if high:
            signs.append(chr(0x10000 + ((high - 0xD800) << 10) + unit - 0xDC00))
            high = 0
        elif unit & 0xFC00 == 0xD800:
            high = unit
        else:
            signs.append(chr(unit))
    return None if high else "".join(signs)


def is_shown(text: str) -> bool:
    """Whether every character is one of `_SHOWN`, so that a person sees what the key says."""
    for sign in text:
        code = ord(sign)
        if not 0x20 <= code <= 0x7E:
            for first, last in _SHOWN:
                if first <= code <= last:
                    break
            else:
                return False
    return True
