"""Identity papers and payment cards: recognised so that nothing of their content is kept.

Sources: ICAO Doc 9303 parts 3 to 7 (machine-readable zones), ISO/IEC 7812-1 annex B (Luhn),
ISO/IEC 7813 (magnetic tracks), EMVCo QR Code specifications, the Danish act on civil registration.
A kind is named only on proof; what merely may be personal is `PERSONAL`: refused, and not kept.
"""

from gatescan.core.compat import const
from gatescan.core.tags import gtin
from gatescan.core.tags.scheme import S_NONE, S_PASSPORT, S_PAYMENT_CARD, Tag, known, refused

PERSONAL = const(-1)  # may be about a person, and no kind of item is proved

_MAX_BYTES = const(512)  # of longer content nothing is kept anyway
_PERSONAL = (
    "The code may hold a person's number, and nothing of it was kept: classify the item by hand."
)

# Where document number, date of birth and date of expiry begin, by length (9303-4 to -7). 36 and
# 44 characters are a second line that was read by itself.
_ZONES = {
    90: (5, 30, 38),
    72: (36, 49, 57),
    88: (44, 57, 65),
    36: (0, 13, 21),
    44: (0, 13, 21),
}
_ZONE_PARTS = (30, 36, 44, 60)  # one line, or two of three

# First four digits and length of card numbers in use. Not 3528-3589 (JCB): an IMEISV of a phone
# begins so and has 16 digits too.
_ISSUERS = (
    (2221, 2720, 16),  # Mastercard
    (3000, 3059, 14),  # Diners Club
    (3095, 3095, 14),
    (3400, 3499, 15),  # American Express
    (3600, 3699, 14),  # Diners Club
    (3700, 3799, 15),  # American Express
    (3800, 3999, 14),  # Diners Club
    (4000, 4999, 16),  # Visa
    (5019, 5019, 16),  # Dankort
    (5100, 5599, 16),  # Mastercard
    (6011, 6011, 16),  # Discover
    (6200, 6299, 16),  # UnionPay
    (6440, 6599, 16),  # Discover
)
_IMEI_DIGITS = const(15)

_PAYMENT_NAMES = (b"1PAY.SYS.DDF01", b"2PAY.SYS.DDF01")  # EMV Book 1, 11.3; Book B
_PAYMENT_PROVIDERS = (
    b"\xa0\x00\x00\x00\x03",  # Visa
    b"\xa0\x00\x00\x00\x04",  # Mastercard, Maestro
    b"\xa0\x00\x00\x00\x25",  # American Express
    b"\xa0\x00\x00\x00\x42",  # Cartes Bancaires
    b"\xa0\x00\x00\x00\x65",  # JCB
    b"\xa0\x00\x00\x01\x21",  # Dankort
    b"\xa0\x00\x00\x01\x52",  # Discover, Diners Club
    b"\xa0\x00\x00\x02\x77",  # Interac
    b"\xa0\x00\x00\x03\x24",  # Discover
    b"\xa0\x00\x00\x03\x33",  # UnionPay
)
_ICAO = b"\xa0\x00\x00\x02\x47"  # 9303-10, 3.2: the chip of a passport or identity card


def kind_of(data: "bytes | bytearray | memoryview") -> int:
    """What a scanned code is: S_PASSPORT, S_PAYMENT_CARD, PERSONAL, or S_NONE for other content.

    `data`: as the reader sent it; a symbology identifier in front is optional, and with that of
    EAN/UPC or ITF the content is no document. Anything but S_NONE goes to `tag_of`.
    """
    if len(data) > _MAX_BYTES:
        return S_NONE
    data = bytes(data).strip()
    if data[:1] == b"]" and data[2:3].isdigit():
        if data[1:2] in b"EI":
            return S_NONE
        data = data[3:]
    return _zone(data) or _track(data) or _payment_code(data) or _numbers(data)


def kind_of_application(aid: "bytes | bytearray | memoryview") -> int:
    """What a chip is that has this application (ISO/IEC 7816-4 identifier, or its file name).

    S_PASSPORT, S_PAYMENT_CARD or S_NONE.
    """
    aid = bytes(aid)
    if aid in _PAYMENT_NAMES or aid[:5] in _PAYMENT_PROVIDERS:
        return S_PAYMENT_CARD
    return S_PASSPORT if aid[:5] == _ICAO else S_NONE


def tag_of(kind: int) -> Tag:
    """The tag of a document of that kind, without content; refused when no kind is proved."""
    if kind in (S_PASSPORT, S_PAYMENT_CARD):
        return known(kind, bytes((kind,)))
    return refused(_PERSONAL)


def _zone(data: bytes) -> int:
    """A machine-readable zone, its lines with or without line ends between them."""
    text = b"".join(data.upper().split())
    size = len(text)
    starts = _ZONES.get(size)
    if starts is None and size not in _ZONE_PARTS:
        return S_NONE
    for byte in text:
        if not (65 <= byte <= 90 or 48 <= byte <= 57 or byte == 60):
            return S_NONE
    if starts is not None and (size in _ZONE_PARTS or text[0] in b"PIACV"):
        number, birth, expiry = starts
        # "<" after the number: it is longer, and goes on in the optional data (9303-5, 4.2.2)
        if (
            gtin.all_digits(text[expiry : expiry + 7])
            and _fits(text, birth, 6)
            and _fits(text, expiry, 6)
            and (_fits(text, number, 9) or text[number + 9] == 60)
        ):
            return S_PASSPORT
    return PERSONAL if b"<" in text else S_NONE


def _fits(text: bytes, start: int, size: int) -> bool:
    """Whether the check digit behind a field is right: 9303-3, 4.9, weights 7, 3, 1."""
    total = 0
    for i in range(size):
        total += _value(text[start + i]) * (7, 3, 1)[i % 3]
    return total % 10 == text[start + size] - 48  # "<" for 0 stands behind optional data only


def _value(byte: int) -> int:
    if byte == 60:  # "<"
        return 0
    return byte - 48 if byte <= 57 else byte - 55


def _track(data: bytes) -> int:
    """Track 1 or 2 of a magnetic stripe: a start sentinel, 12 to 19 digits, a separator."""
    for sentinel, separator in ((b"%B", b"^"), (b";", b"=")):
        if data.startswith(sentinel):
            digits = data[len(sentinel) : data.find(separator)].replace(b" ", b"")
            if separator in data and 12 <= len(digits) <= 19 and gtin.all_digits(digits):
                return _number(digits, True) or PERSONAL
    return S_NONE


def _payment_code(data: bytes) -> int:
    """An EMV QR code: of a merchant (tag 00 first, CRC in tag 63 last) or on a buyer's phone."""
    if data.startswith(b"hQVDUFYwM"):  # base64 of tag 85, length 5, "CPV01"
        return S_PAYMENT_CARD
    if data.startswith(b"000201") and data[-8:-4] == b"6304":
        crc = 0xFFFF  # CRC-16/CCITT-FALSE over all before its value
        for byte in data[:-4]:
            crc ^= byte << 8
            for _ in range(8):
                crc = (crc << 1) ^ (0x11021 if crc & 0x8000 else 0)
        return S_PAYMENT_CARD if b"%04X" % crc == data[-4:].upper() else PERSONAL
    return S_NONE


def _numbers(data: bytes) -> int:
    """The whole content as one number, perhaps in groups; else each word of it."""
    digits = data.replace(b" ", b"").replace(b"-", b"")
    kind = _number(digits, len(digits) < len(data))
    if kind:
        return kind
    for mark in (b",", b":", b";"):
        data = data.replace(mark, b" ")
    for word in data.split():
        if _number(word.replace(b"-", b""), b"-" in word):
            return PERSONAL
    return S_NONE


def _number(digits: bytes, no_product: bool) -> int:
    """What the digits are; `no_product`: they stand as no barcode of a product has them."""
    size = len(digits)
    if not gtin.all_digits(digits):
        return S_NONE
    if size == 10:
        return PERSONAL if _is_born(int(digits[:2]), int(digits[2:4])) else S_NONE
    if not 13 <= size <= 19 or not _luhn(digits):
        return S_NONE
    if not no_product and size <= gtin.GTIN_DIGITS and gtin.check_ok(digits, 0, size):
        return S_NONE
    issuer = int(digits[:4])
    for low, high, length in _ISSUERS:
        if size == length and low <= issuer <= high:
            return S_PAYMENT_CARD
    # The number of a phone (IMEI) has a Luhn digit too: it is no person's.
    return PERSONAL if 3000 <= issuer <= 6999 and size != _IMEI_DIGITS else S_NONE


def _is_born(day: int, month: int) -> bool:
    """Whether a civil registration number (DDMMYYXXXX) may begin so; modulo 11 proves nothing.

    Numbers given to foreigners for a time have 60 added to the day.
    """
    if day > 60:
        day -= 60
    longest = 29 if month == 2 else 30 if month in (4, 6, 9, 11) else 31
    return 1 <= month <= 12 and 1 <= day <= longest


def _luhn(digits: bytes) -> bool:
    total = 0
    for i in range(len(digits)):
        value = digits[-1 - i] - 48
        if i & 1:
            value = value * 2 if value < 5 else value * 2 - 9
        total += value
    return total % 10 == 0
