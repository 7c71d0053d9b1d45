"""What a barcode engine read -> one identity, or one sentence why there is none.

Symbology identifiers: ISO/IEC 15424:2008. GS1 rules: General Specifications 3.2, 5.1.3, 7.9.
Rooms for what is seldom scanned are loaded with the first such code.
"""

from gatescan.core.compat import const
from gatescan.core.tags import gtin
from gatescan.core.tags.scheme import S_GTIN, S_TEXT, Tag, known, refused

MAX_TEXT_CHARS = const(48)
MAX_CHARS = const(512)  # of an element string or a web address

_HAND = " Classify the item by hand."
_TOO_LONG = "The barcode is too long for a tag." + _HAND
_INDUSTRY = "The barcode is in an industry's own format." + _HAND
_COMPOSITE = "Half of a composite barcode identifies no product." + _HAND

_LETTERS = b"ABCDEFGHIJKLMNOPQRSTUVXZdez"
# FNC1 in the first place, with or without other character sets (ECI): a GS1 element string
_ELEMENT_STRINGS = "C1 d2 d5 e0 J1 J4 Q3 Q4"
# FNC1 in the second place, or a mode that no GS1 symbol has
_INDUSTRY_FORMATS = "C2 d3 d6 J2 J5 Q5 Q6 z1 z2 z4 z5 z7 z8"
_RETAIL_DIGITS = (8, 12, 13, 14)
_CARD_DIGITS = const(10)  # of a civil registration number; payment cards have more
_GS = const(0x1D)
_GTIN_FIELD = const(16)  # "01" and 14 digits: the least that an element string is told by
_SSCC_FIELD = const(20)


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
    """8, 12, 13 or 14 digits with nothing that says which symbology."""
    if len(digits) == 8:
        expanded = gtin.upce_expand(digits)
        if expanded is not None:
            if gtin.check_ok(digits, 0, 8):
                return refused(
                    "The 8 digits fit a GTIN-8 and a UPC-E: the reader must send symbology"
                    " identifiers." + _HAND, True, True,
                )
            digits = expanded
        return _number(digits, True)
    return _number(digits, True)


def _perhaps_a_document(data: bytes) -> bool:
    """Whether it is worth a closer look: a machine-readable zone, or digits enough for a card."""
    if b"<" in data:
        return True
    digits = 0
    for byte in data:
        if 48 <= byte <= 57:
            digits += 1
    return digits >= _CARD_DIGITS


def _told_by_itself(data: bytes) -> bool:
    """Whether data without an identifier is an element string by a separator or by its start."""
    if _GS in data:
        return True
    if data[:2] == b"01" and gtin.all_digits(data[2:_GTIN_FIELD]):
        return len(data) >= _GTIN_FIELD and gtin.check_ok(data, 2, _GTIN_FIELD)
    if data[:2] == b"00" and gtin.all_digits(data[2:_SSCC_FIELD]):
        return len(data) >= _SSCC_FIELD and gtin.check_ok(data, 2, _SSCC_FIELD)
    return False


def _element_string(data: bytes, inferred: bool) -> Tag:
    from gatescan.core.tags import element_string

    return element_string.read(data, inferred)


def _text(data: bytes, inferred: bool) -> Tag:
    """Content without the FNC1 that marks element strings, or `inferred`: nothing marks it."""
    if gtin.all_digits(data) and len(data) in _RETAIL_DIGITS:
        return _digits_only(data)
    if _perhaps_a_document(data):
        from gatescan.core.tags import documents

        kind = documents.kind_of(data)
        if kind:
            return documents.tag_of(kind)
    if data[:4].lower() == b"http":
        from gatescan.core.tags import digital_link

        return digital_link.read(data, inferred)
    if inferred and _told_by_itself(data):
        return _element_string(data, True)
    if len(data) > MAX_TEXT_CHARS:
        return refused(_TOO_LONG, inferred)
    for byte in data:
        if not 32 <= byte <= 126:
            return refused("The barcode holds unprintable characters." + _HAND, inferred)
    text = data.decode()
    if not text.strip():
        return refused("The barcode is empty." + _HAND, inferred)
    if text[:4].lower() == "urn:":
        return refused("This name of the web names no product." + _HAND, inferred)
    if gtin.all_digits(data):
        return refused(
            "%d digits are no product number and no serial.%s" % (len(data), _HAND), inferred
        )
    return known(S_TEXT, bytes((S_TEXT,)) + data, text=text, inferred=inferred)


def _ean(modifier: str, data: bytes) -> Tag:
    """EAN/UPC, where the modifier fixes the number of digits (ISO/IEC 15424, table for `E`)."""
    wanted = {"0": (13,), "3": (15, 18), "4": (8,)}.get(modifier)
    if wanted is None:
        return refused("An add-on was read without its main barcode: scan it again." + _HAND)
    if len(data) not in wanted or not gtin.all_digits(data):
        return refused("The number of digits does not fit the symbology identifier." + _HAND)
    return _number(data if modifier != "3" else data[:13], False)


def _itf(modifier: str, data: bytes) -> Tag:
    """ITF, of which only an ITF-14 whose check digit the reader proved is a product."""
    if modifier == "3":
        return refused("The reader keeps the check digit of ITF back: set it to send." + _HAND)
    if modifier == "1" and len(data) == 14 and gtin.all_digits(data):
        return _number(data, False)
    return refused("An ITF barcode that is not an ITF-14 identifies no product." + _HAND)


def parse(raw: "bytes | bytearray | memoryview") -> Tag:
    """Identity of one scan, without the line end; symbology identifier (`]E0`) optional.

    Never raises: what cannot be identified for certain has `error` set and no key.
    """
    data = bytes(raw)
    marked = data[:1] == b"]"
    if len(data) > MAX_CHARS:
        return refused(_TOO_LONG, not marked)
    if not marked:
        return _text(data, True)
    letter, digit, data = data[1:2], data[2:3], data[3:]
    if not digit.isdigit() or letter not in _LETTERS:
        return refused("The symbology identifier is not known." + _HAND)
    if not data:
        return refused("The barcode is empty." + _HAND)
    modifier = digit.decode()
    mark = letter.decode() + modifier
    if letter == b"E":
        return _ean(modifier, data)
    if letter == b"I":
        return _itf(modifier, data)
    if mark in _ELEMENT_STRINGS:
        return _element_string(data, False)
    if mark in _INDUSTRY_FORMATS:
        return refused(_INDUSTRY)
    if letter == b"e":
        return refused(_COMPOSITE)
    return _text(data, False)
