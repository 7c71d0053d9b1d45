"""GTIN arithmetic: check digits, UPC-E, one 14-digit form, and which numbers are no products.

Source: GS1 General Specifications, sections 1.4 (prefixes), 7.9 (check digit), 5.2.2.4.2 (UPC-E).
"""

from gatescan.core.compat import const
from gatescan.core.tags.scheme import S_COUPON, S_GTIN, S_ISBN, S_ISSN, S_RESTRICTED

GTIN_DIGITS = const(14)
_PRODUCT_KEY_BYTES = const(8)
_ZERO = const(48)  # ASCII "0"


def all_digits(data: "bytes | bytearray | memoryview", start: int = 0) -> bool:
    """True when `data[start:]` is one or more ASCII digits."""
    for i in range(start, len(data)):
        if not 48 <= data[i] <= 57:
            return False
    return len(data) > start


def check_digit(digits: "bytes | bytearray | memoryview", start: int, end: int) -> int:
    """The check digit that belongs after `digits[start:end]` (ASCII): weights 3, 1, .."""
    total = 0
    weight = 3
    for i in range(end - 1, start - 1, -1):
        total += (digits[i] - _ZERO) * weight
        weight = 4 - weight
    return (10 - total % 10) % 10


def check_ok(digits: "bytes | bytearray | memoryview", start: int, end: int) -> bool:
    """True when the last digit of `digits[start:end]` (ASCII) is its check digit."""
    return check_digit(digits, start, end - 1) == digits[end - 1] - _ZERO


def upce_expand(digits: "bytes | bytearray") -> "bytes | None":
    """The 12 digits that an 8-digit UPC-E stands for, None when it is no UPC-E.

    Only number systems 0 and 1 exist, and the check digit must fit the expanded number.
    """
    if len(digits) != 8 or digits[0] > _ZERO + 1:
        return None
    last = digits[6] - _ZERO
    if last <= 2:
        out = digits[:3] + digits[6:7] + b"0000" + digits[3:6]
    elif last == 3:
        out = digits[:4] + b"00000" + digits[4:6]
    elif last == 4:
        out = digits[:5] + b"00000" + digits[5:6]
    else:
        out = digits[:6] + b"0000" + digits[6:7]
    out = bytes(out) + bytes(digits[7:8])
    return out if check_ok(out, 0, 12) else None


def to_gtin14(digits: bytes) -> bytes:
    """8, 12, 13 or 14 ASCII digits as 14, by zeros on the left (General Specifications 3.3.2)."""
    return b"0" * (GTIN_DIGITS - len(digits)) + digits


def scheme_of(gtin14: bytes) -> int:
    """S_GTIN, or the scheme of a number that looks like a GTIN and is no product (section 1.4).

    Six leading zeros are the GTIN-8 space: its prefixes 0 and 2, and with seven zeros of a
    GTIN-13 the company-internal numbers, are restricted.
    """
    if gtin14[:6] == b"000000":
        return S_RESTRICTED if gtin14[6] in b"02" else S_GTIN
    prefix = int(gtin14[1:4])
    if 20 <= prefix <= 29 or 40 <= prefix <= 49 or 200 <= prefix <= 299:
        return S_RESTRICTED
    if 50 <= prefix <= 59 or 980 <= prefix <= 999:
        # 050-059 once US coupons, now reserved; 980 refund receipts; 981-984 and 99 coupons
        return S_COUPON
    if prefix == 977:
        return S_ISSN
    if prefix in (978, 979):
        return S_ISBN  # 979-0 is printed music (ISMN): the same, no product
    return S_GTIN


def key_of(scheme: int, gtin14: bytes) -> bytes:
    """Canonical key: scheme, then the 13 digits before the check digit as 7 bytes, big endian."""
    return bytes((scheme,)) + int(gtin14[:13]).to_bytes(7, "big")


def is_product(key: "bytes | bytearray | memoryview") -> bool:
    """Whether a canonical key names a product; a longer one names a piece of it (identity.py)."""
    return len(key) == _PRODUCT_KEY_BYTES and key[0] == S_GTIN


def gtin14_of_key(key: bytes) -> str:
    """The 14 digits of a key of `key_of`."""
    digits = b"%013d" % int.from_bytes(key[1:8], "big")
    return (digits + bytes((_ZERO + check_digit(digits, 0, 13),))).decode()
