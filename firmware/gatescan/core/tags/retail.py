"""Retail codes: what a reader of EAN/UPC sends, and bare digits that can be nothing else.

GS1 General Specifications 5.1.3, 7.9; ISO/IEC 15424:2008, table for `E`.
"""

from gatescan.core.tags import gtin
from gatescan.core.tags.scheme import S_GTIN, Tag, known, refused

RETAIL_DIGITS = (8, 12, 13, 14)
_HAND = " Classify the item by hand."


def number(digits: bytes, inferred: bool) -> Tag:
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


def digits_only(digits: bytes) -> Tag:
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
    return number(digits, True)


def ean(modifier: str, data: bytes) -> Tag:
    """EAN/UPC, where the modifier fixes the number of digits (ISO/IEC 15424, table for `E`)."""
    wanted = {"0": (13,), "3": (15, 18), "4": (8,)}.get(modifier)
    if wanted is None:
        return refused("An add-on was read without its main barcode: scan it again." + _HAND)
    if len(data) not in wanted or not gtin.all_digits(data):
        return refused("The number of digits does not fit the symbology identifier." + _HAND)
    return number(data if modifier != "3" else data[:13], False)
