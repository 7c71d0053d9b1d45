"""What a barcode engine read -> one identity, or one sentence why there is none.

Symbology identifiers: ISO/IEC 15424:2008. GS1 rules: General Specifications 3.2, 5.1.3, 7.9.
"""

from gatescan.core.compat import const
from gatescan.core.tags import gtin
from gatescan.core.tags.scheme import S_GTIN, S_TEXT, Tag, known, refused

MAX_TEXT_CHARS = const(48)

_HAND = " Classify the item by hand."
_NOT_YET = "GS1 element strings are not supported by this version: classify the item by hand."
_LINK = "Web addresses are not supported by this version: classify the item by hand."

# FNC1 in first or second place: the content is an element string or an industry format
_ELEMENT_STRINGS = "C1 C2 d2 d3 d5 d6 Q3 Q4 Q5 Q6 J1 J2 J4 J5 e0 e1 e2 e3 z1 z2 z4 z5 z7 z8"
_LETTERS = b"ABCDEFGHIJKLMNOPQRSTUVXZdez"


def _number(digits: bytes, inferred: bool) -> Tag:
    """A GTIN of 8, 12, 13 or 14 digits with a good check digit, or the reason against it."""
    if not gtin.check_ok(digits, 0, len(digits)):
        return refused("The check digit is wrong: scan the barcode again." + _HAND, inferred)
    full = gtin.to_gtin14(digits)
    scheme = gtin.scheme_of(full)
    key = gtin.key_of(scheme, full)
    text = full.decode()
    if scheme == S_GTIN:
        return known(scheme, key, gtin=text, inferred=inferred)
    return known(scheme, key, text=text, inferred=inferred)


def _digits_only(digits: bytes) -> Tag:
    """Digits with nothing that says which symbology: only an unmistakable GTIN is taken."""
    length = len(digits)
    if length == 8:
        expanded = gtin.upce_expand(digits)
        if expanded is not None:
            if gtin.check_ok(digits, 0, 8):
                return refused(
                    "The 8 digits fit a GTIN-8 and a UPC-E: the reader must send symbology"
                    " identifiers." + _HAND, True, True,
                )
            digits = expanded
        return _number(digits, True)
    if length in (12, 13, 14):
        return _number(digits, True)
    return refused("%d digits are no product number and no serial.%s" % (length, _HAND), True)


def _text(data: bytes, inferred: bool) -> Tag:
    """A short printable text, such as the number of a seal."""
    for byte in data:
        if byte == 0x1D:
            return refused(_NOT_YET, inferred)
        if not 32 <= byte <= 126:
            return refused("The barcode holds unprintable characters." + _HAND, inferred)
    text = data.decode()
    if not text.strip():
        return refused("The barcode is empty." + _HAND, inferred)
    low = text.lower()
    if low.startswith(("http://", "https://", "urn:")):
        return refused(_LINK, inferred)
    if gtin.all_digits(data):
        return _digits_only(data)
    return known(S_TEXT, bytes((S_TEXT,)) + data, text=text, inferred=inferred)


def _ean(modifier: str, data: bytes) -> Tag:
    """EAN/UPC, where the modifier fixes the number of digits (ISO/IEC 15424, table for `E`)."""
    wanted = {"0": (13,), "3": (15, 18), "4": (8,)}.get(modifier)
    if wanted is None:
        return refused("An add-on was read without its main barcode: scan it again." + _HAND)
    if len(data) not in wanted or not gtin.all_digits(data):
        return refused("The number of digits does not fit the symbology identifier." + _HAND)
    return _number(data if modifier != "3" else data[:13], False)


def parse(raw: "bytes | bytearray | memoryview") -> Tag:
    """Identity of one scan, without the line end; symbology identifier (`]E0`) optional.

    Never raises: what cannot be identified for certain has `error` set and no key.
    """
    if len(raw) > MAX_TEXT_CHARS + 3:
        return refused("The barcode is too long for a tag." + _HAND, raw[0] != 0x5D)
    data = bytes(raw)
    if data[:1] != b"]":
        if len(data) > MAX_TEXT_CHARS:
            return refused("The barcode is too long for a tag." + _HAND, True)
        return _text(data, True)
    letter, modifier, data = data[1:2], data[2:3], data[3:]
    if not modifier.isdigit() or letter not in _LETTERS:
        return refused("The symbology identifier is not known." + _HAND)
    if not data:
        return refused("The barcode is empty." + _HAND)
    mark = (letter + modifier).decode()
    if mark in _ELEMENT_STRINGS:
        return refused(_NOT_YET)
    if letter == b"E":
        return _ean(mark[1], data)
    if mark == "I1":  # ITF with its check digit proved by the reader
        if len(data) == 14 and gtin.all_digits(data):
            return _number(data, False)
        return refused("An ITF barcode that is not an ITF-14 identifies no product." + _HAND)
    if mark == "I3":
        return refused("The reader keeps the check digit of ITF back: set it to send." + _HAND)
    return _text(data, False)
