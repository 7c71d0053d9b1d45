"""What is in a barcode that is no retail code: element strings, web addresses, documents, texts.

GS1 rules: General Specifications 3.2, 7.8. Numbers of seals and the sheets at the gate are texts
as well: these are read at once, and a room for each other kind is loaded with the first of it.
"""

from gatescan.core.compat import const
from gatescan.core.tags import gtin
from gatescan.core.tags.retail import RETAIL_DIGITS, digits_only, number
from gatescan.core.tags.scheme import S_TEXT, Tag, known, refused

MAX_TEXT_CHARS = const(48)

_HAND = " Classify the item by hand."
_TOO_LONG = "The barcode is too long for a tag." + _HAND
# FNC1 in the first place, with or without other character sets (ECI): a GS1 element string
_ELEMENT_STRINGS = "C1 d2 d5 e0 J1 J4 Q3 Q4"
# FNC1 in the second place, or a mode that no GS1 symbol has
_INDUSTRY_FORMATS = "C2 d3 d6 J2 J5 Q5 Q6 z1 z2 z4 z5 z7 z8"
_CARD_DIGITS = const(10)  # of a civil registration number; payment cards have more
_GS = const(0x1D)
_GTIN_FIELD = const(16)  # "01" and 14 digits: the least that an element string is told by
_SSCC_FIELD = const(20)


def marked(mark: str, data: bytes) -> Tag:
    """Identity of content behind a symbology identifier (`C1`) other than that of EAN/UPC."""
    if mark[0] == "I":
        return _itf(mark[1], data)
    if mark in _ELEMENT_STRINGS:
        return _element_string(data, False)
    if mark in _INDUSTRY_FORMATS:
        return refused("The barcode is in an industry's own format." + _HAND)
    if mark[0] == "e":
        return refused("Half of a composite barcode identifies no product." + _HAND)
    return plain(data, False)


def _element_string(data: bytes, inferred: bool) -> Tag:
    from gatescan.core.tags import element_string

    return element_string.read(data, inferred)


def plain(data: bytes, inferred: bool) -> Tag:
    """Content without the FNC1 that marks element strings, or `inferred`: nothing marks it."""
    if gtin.all_digits(data) and len(data) in RETAIL_DIGITS:
        return digits_only(data)
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


def _itf(modifier: str, data: bytes) -> Tag:
    """ITF, of which only an ITF-14 whose check digit the reader proved is a product."""
    if modifier == "3":
        return refused("The reader keeps the check digit of ITF back: set it to send." + _HAND)
    if modifier == "1" and len(data) == 14 and gtin.all_digits(data):
        return number(data, False)
    return refused("An ITF barcode that is not an ITF-14 identifies no product." + _HAND)


def _perhaps_a_document(data: bytes) -> bool:
    """Whether it is worth a closer look: a machine-readable zone, or digits enough for a card.

    A buyer's payment code is base64 and may have few digits.
    """
    if b"<" in data or b"hQVD" in data:
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
