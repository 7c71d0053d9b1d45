"""Writes binary EPCs from element strings: what was read must give the same bits again.

Source: GS1 EPC Tag Data Standard 2.3, sections 14.4 to 14.6, written from the encoding side. What
an identity leaves open (filter, partition, encoding of characters, domain name) is taken from the
EPC that was read, or from random numbers.
"""

import random

from fuzz.tags.gs1_reading import checked

_PREFIX_BITS = {12: 40, 11: 37, 10: 34, 9: 30, 8: 27, 7: 24, 6: 20}
# header: AI, bits of company prefix and reference, serial
CLASSIC = {
    0x30: ("01", 44, "int 38"), 0x36: ("01", 44, "text 140"), 0x31: ("00", 58, "zero 24"),
    0x32: ("414", 41, "int 41"), 0x39: ("414", 41, "text 140"), 0x33: ("8003", 44, "int 38"),
    0x37: ("8003", 44, "text 112"), 0x34: ("8004", 82, "-"), 0x38: ("8004", 188, "-"),
    0x2D: ("8018", 58, "zero 24"), 0x2E: ("8017", 58, "zero 24"), 0x2C: ("253", 41, "int 41"),
    0x3E: ("253", 41, "text 119"), 0x3C: ("8010", 51, "int 31"), 0x3D: ("8010", 0, "int 40"),
    0x3F: ("255", 41, "one 41"), 0x40: ("8006", 44, "int 38"), 0x41: ("8006", 44, "text 140"),
}  # fmt: skip
# header: AI, digits of the key or 0, serial; + and ++
PLUS = {
    0xF7: ("01", 14, "any"), 0xFB: ("01", 14, "any"), 0xF9: ("00", 18, "-"),
    0xF2: ("414", 13, "any"), 0xF1: ("8003", 14, "any"), 0xFA: ("8004", 0, "-"),
    0xF4: ("8018", 18, "-"), 0xF5: ("8017", 18, "-"), 0xF6: ("253", 13, "any"),
    0xF0: ("8010", 0, "number"), 0xF8: ("255", 13, "number"), 0xF3: ("8006", 18, "any"),
}  # fmt: skip
PLUS_PLUS = {0xFD: 0xF7, 0xFC: 0xFB, 0xEF: 0xF9, 0xE9: 0xF2, 0xEB: 0xF1, 0xEE: 0xFA, 0xE7: 0xF4,
             0xE8: 0xF5, 0xEA: 0xF6, 0xE6: 0xF0, 0xEC: 0xF8, 0xED: 0xF3}  # fmt: skip
_SERIAL_AI = {"01": "21", "8006": "21", "414": "254", "8010": "8011"}
Pairs = list[tuple[str, str]]

_DATES = ("11", "13", "15", "16", "17", "7006", "7007")
_CODE_40 = "\0ABCDEFGHIJKLMNOPQRSTUVWXYZ-.:0123456789"
_BASE64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


class NoEpc(Exception):
    """These element strings can not stand in such an EPC."""


class Writer:
    """Bits of an EPC; `given` are those of the EPC that was read, "" to draw what is open."""

    def __init__(self, rng: random.Random, given: str = "") -> None:
        self.bits = ""
        self._rng = rng
        self._given = given

    def put(self, value: int, count: int) -> None:
        """A number."""
        if not 0 <= value < 1 << count:
            raise NoEpc(f"{value} in {count} bits")
        self.bits += f"{value:0{count}b}" if count else ""

    def open(self, count: int, choices: "tuple[int, ...]") -> int:
        """A number that the identity leaves open."""
        at = len(self.bits)
        value = self._rng.choice(choices)
        if self._given:
            value = int(self._given[at : at + count].ljust(count, "0"), 2)
        self.put(value, count)
        return value

    def peek(self, count: int, choices: "tuple[int, ...]") -> int:
        """The same, taken back: what will stand there."""
        kept = self.bits
        value = self.open(count, choices)
        self.bits = kept
        return value

    def number(self, digits: str, count: int) -> None:
        """Digits without zeros in front."""
        if digits != str(int(digits)):
            raise NoEpc(f"zeros in front of {digits}")
        self.put(int(digits), count)

    def text(self, text: str, count: int) -> None:
        """Seven bits a character, filled up with zeros."""
        if not text or len(text) > count // 7:
            raise NoEpc(f"{len(text)} characters in {count} bits")
        bits = "".join(f"{ord(sign):07b}" for sign in text)
        self.bits += bits.ljust(count, "0")


def bits_of(header: int, pairs: Pairs, rng: random.Random, given: str = "") -> str:
    """The bits of the EPC; raises NoEpc, or ValueError and the like for what is no such EPC."""
    writer = Writer(rng, given)
    writer.put(header, 8)
    (_classic if header in CLASSIC else _plus)(writer, header, pairs)
    return writer.bits


def whole_words(bits: str) -> bytes:
    """As readers deliver it."""
    bits = bits.ljust(-(-len(bits) // 16) * 16, "0")
    return int(bits, 2).to_bytes(len(bits) // 8, "big")


def _parted(ai: str, pairs: Pairs) -> "tuple[str, str]":
    """(key, serial) of the pairs, whose other values must all be used."""
    values = dict(pairs)
    key = values.pop(ai)
    serial = values.pop(_SERIAL_AI.get(ai, ""), "")
    if ai == "414" and not serial:
        serial = "0"
    if values:
        raise NoEpc(f"more than a key and a serial number: {values}")
    size = {"253": 13, "255": 13, "8003": 14}.get(ai)
    return (key[:size], key[size:]) if size else (key, serial)


def _company(ai: str, key: str, size: int) -> "tuple[str, str, str]":
    """Company prefix, reference with its leading digit, and what follows the check digit."""
    if ai in ("8004", "8010"):
        return key[:size], key[size:], ""
    if ai == "8003":
        if key[0] != "0":
            raise NoEpc("a GRAI without its zero")
        key = key[1:]
    digits, more = (key[:14], key[14:]) if ai == "8006" else (key, "")
    if checked(digits[:-1]) != digits:
        raise NoEpc("a wrong check digit")
    digits = digits[:-1]
    if ai in ("01", "00", "8006"):
        return digits[1 : 1 + size], digits[0] + digits[1 + size :], more
    return digits[:size], digits[size:], more


def _classic(writer: Writer, header: int, pairs: Pairs) -> None:
    ai, bits, serial_form = CLASSIC[header]
    writer.open(3, tuple(range(8)))
    size = 12 - writer.open(3, tuple(range(7)))
    key, serial = _parted(ai, pairs)
    company, reference, more = _company(ai, key, size)
    if len(company) != size:
        raise NoEpc("the key is shorter than its company prefix")
    writer.put(int(company), _PREFIX_BITS[size])
    left = bits - _PREFIX_BITS[size]
    if header == 0x38:
        writer.text(reference, left // 7 * 7)
        writer.put(0, left % 7)
    elif header == 0x3D:
        for sign in reference + "\0":
            writer.put(ord(sign) & 63, 6)
    elif header in (0x34, 0x3C):
        writer.number(reference, left)
    else:
        writer.put(int(reference or "0"), left)
    if more:
        writer.put(int(more[:2]), 7)
        writer.put(int(more[2:]), 7)
    form, _, count = serial_form.partition(" ")
    if form == "int":
        writer.number(serial, int(count))
    elif form == "text":
        writer.text(serial, int(count))
    elif form == "one":
        writer.number("1" + serial, int(count))
    elif serial:
        raise NoEpc("a serial number too many")
    if form == "zero":
        writer.put(0, int(count))


def _plus(writer: Writer, header: int, pairs: Pairs) -> None:
    plain = PLUS_PLUS.get(header, header)
    ai, size, serial_form = PLUS[plain]
    writer.open(1, (0, 0, 0, 1))
    writer.open(3, tuple(range(8)))
    pairs = list(pairs)
    if plain == 0xFB:
        date_ai, date = next(pair for pair in pairs if pair[0] in _DATES)
        pairs.remove((date_ai, date))
        writer.put(_DATES.index(date_ai), 4)
        for part, count in zip((date[:2], date[2:4], date[4:]), (7, 4, 5), strict=True):
            writer.put(int(part), count)
    key, serial = _parted(ai, pairs)
    if size:
        if len(key) != size:
            raise NoEpc("a key of another length")
        for digit in key:
            writer.put(int(digit), 4)
    else:
        _delimited(writer, key)
    if serial_form == "any":
        _characters(writer, serial)
    elif serial_form == "number":
        writer.put(len(serial), 4)
        writer.put(int(serial), (10 ** len(serial) - 1).bit_length())
    elif serial:
        raise NoEpc("a serial number too many")
    if header in PLUS_PLUS:
        seven = writer.open(1, (0, 1))
        length = writer.open(6, (1, 2, 3, 12))
        for _ in range(length if seven else -(-length // 3)):
            writer.open(7 if seven else 16, (65, 66))


def _delimited(writer: Writer, key: str) -> None:
    digits = 0
    while digits < len(key) and key[digits] in "0123456789" and writer.peek(4, (0,)) < 10:
        writer.put(int(key[digits]), 4)
        digits += 1
    writer.put(14 if digits < len(key) else 15, 4)
    if digits < len(key):
        _characters(writer, key[digits:])


def _characters(writer: Writer, text: str) -> None:
    allowed = [4]
    allowed += [0] * text.isdecimal()
    allowed += [1] * (not text.strip("0123456789ABCDEF"))
    allowed += [2] * (not text.strip("0123456789abcdef"))
    allowed += [3] * (not text.strip(_BASE64)) + [5] * (not text.strip(_CODE_40[1:]))
    form = writer.open(3, tuple(allowed))
    if form not in allowed:
        raise NoEpc(f"{text} in encoding {form}")
    writer.put(len(text), 5)
    if form == 0:
        writer.put(int(text), (10 ** len(text) - 1).bit_length())
    elif form == 4:
        writer.text(text, 7 * len(text))
    elif form == 5:
        filled = text + "\0" * (-len(text) % 3)
        for at in range(0, len(filled), 3):
            a, b, c = (_CODE_40.index(sign) for sign in filled[at : at + 3])
            writer.put(1600 * a + 40 * b + c + 1, 16)
    else:
        for sign in text:
            writer.put(_BASE64.index(sign) if form == 3 else int(sign, 16), 6 if form == 3 else 4)
