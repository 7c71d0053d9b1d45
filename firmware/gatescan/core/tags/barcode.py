"""What a barcode engine read -> one identity, or one sentence why there is none.

Symbology identifiers: ISO/IEC 15424:2008.
"""

from gatescan.core.compat import const
from gatescan.core.tags import content, gtin, retail
from gatescan.core.tags.scheme import Tag, refused

MAX_CHARS = const(512)  # of an element string or a web address

_HAND = " Classify the item by hand."
# Code 39, Codabar, Code 11, ITF, MSI, Plessey, 2 of 5 (two kinds), and what an engine cannot
# name: no check digit proves that they were read right, but for the one of an ITF-14.
WEAK_LETTERS = b"AFHIMPRSX"
_LETTERS = b"ABCDEFGHIJKLMNOPQRSTUVXZdez"


def parse(raw: "bytes | bytearray | memoryview") -> Tag:
    """Identity of one scan, without the line end; symbology identifier (`]E0`) optional.

    Never raises: what cannot be identified for certain has `error` set and no key.
    """
    data = bytes(raw)
    inferred = data[:1] != b"]"
    if len(data) > MAX_CHARS:
        return refused("The barcode is too long for a tag." + _HAND, inferred)
    if inferred:
        if len(data) in retail.RETAIL_DIGITS and gtin.all_digits(data):
            return retail.digits_only(data)
        return content.plain(data, True)
    letter, digit, data = data[1:2], data[2:3], data[3:]
    if not digit.isdigit() or letter not in _LETTERS:
        return refused("The symbology identifier is not known." + _HAND)
    if not data:
        return refused("The barcode is empty." + _HAND)
    if letter == b"E":
        return retail.ean(digit.decode(), data)
    return content.marked((letter + digit).decode(), data)
