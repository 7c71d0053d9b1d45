"""Target: identity papers and payment cards, of which nothing may be kept.

Sources: ICAO Doc 9303 part 3 (4.9) and parts 4 to 7, ISO/IEC 7812-1 annex B.
"""

import random
import re
from binascii import crc_hqx

from fuzz.tags.case import GOOD, READ, REFUSED, Case, Target, Wrong, damaged, noise
from gatescan.core.tags import documents
from gatescan.core.tags.scheme import S_NONE, S_PASSPORT, S_PAYMENT_CARD

PERSONAL = documents.PERSONAL
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_ANY = "0123456789" + _LETTERS
TOKENS = (b"<", b"<<", b"\r\n", b"\n", b" ", b"-", b"]Q1", b"4", b";", b"=",
          b"%B", b"^", b"000201")  # fmt: skip
# First digits and length of cards in use
_CARDS = (("4", 16), ("51", 16), ("55", 16), ("2221", 16), ("2720", 16), ("34", 15), ("37", 15),
          ("5019", 16), ("6011", 16), ("62", 16), ("36", 14), ("65", 16))  # fmt: skip
_IN_USE = re.compile(
    "4[0-9]{15}|5[1-5][0-9]{14}|2(22[1-9]|2[3-9][0-9]|[3-6][0-9]{2}|7[01][0-9]|720)[0-9]{12}"
    "|3[47][0-9]{13}|(36|38|39)[0-9]{12}|(30[0-5][0-9]|3095)[0-9]{10}"
    "|(5019|6011|62[0-9]{2}|64[4-9][0-9]|65[0-9]{2})[0-9]{12}"
)


def mod731(text: str) -> str:
    """The check digit of a field of a machine-readable zone."""
    values = ("0" if sign == "<" else sign for sign in text)
    return str(sum(int(v, 36) * w for v, w in zip(values, (7, 3, 1) * 30, strict=False)) % 10)


def luhn(digits: str) -> bool:
    """Whether the last digit fits."""
    doubled = "0246813579"
    total = sum(int(d if n % 2 == 0 else doubled[int(d)]) for n, d in enumerate(reversed(digits)))
    return total % 10 == 0


def _field(rng: random.Random, size: int) -> str:
    text = "".join(rng.choices(_ANY, k=rng.randint(6, size))).ljust(size, "<")
    return text + mod731(text)


def _date(rng: random.Random) -> str:
    text = f"{rng.randrange(100):02}{rng.randint(1, 12):02}{rng.randint(1, 28):02}"
    return text + mod731(text)


def zone(rng: random.Random) -> str:
    """A machine-readable zone of three lines of 30, or two of 36 or 44; or a second line alone."""
    names = "".join(rng.choices(_LETTERS + "<", k=28))
    size = rng.choice((30, 36, 44))
    if size == 30:
        first = "I" + rng.choice("D<P") + "UTO" + _field(rng, 9)
        lines = [first, _date(rng) + "M" + _date(rng) + "UTO", "X" + names]
    else:
        first = rng.choice("PVIAC") + "<UTOX" + names
        lines = [first, _field(rng, 9) + "UTO" + _date(rng) + "F" + _date(rng)]
        if rng.random() < 0.2:
            lines = lines[1:]
    lines = [line[:size].ljust(size, "<") for line in lines]
    return rng.choice(("", "\n", "\r\n")).join(lines)


def card(rng: random.Random) -> str:
    """The number of a payment card in use, perhaps in groups."""
    start, size = rng.choice(_CARDS)
    body = start + "".join(rng.choices("0123456789", k=size - 1 - len(start)))
    number = next(body + digit for digit in "0123456789" if luhn(body + digit))
    if rng.random() < 0.3:
        return rng.choice(" -").join(re.findall(".{1,4}", number))
    return number


def payment_code(rng: random.Random) -> str:
    """An EMV QR code, of a merchant or on a buyer's phone."""
    if rng.random() < 0.2:
        return "hQVDUFYwM" + "".join(rng.choices(_ANY, k=20))
    body = "000201010211" + f"5204{rng.randrange(10000):04}5303208" + "6304"
    return body + f"{crc_hqx(body.encode(), 0xFFFF):04X}"


def _has_zone(text: str) -> bool:
    """Whether the check digits of a zone stand where a zone has them."""
    text = "".join(text.upper().split())
    starts = {90: (5, 30, 38), 72: (36, 49, 57), 88: (44, 57, 65)}
    starts |= {36: (0, 13, 21), 44: (0, 13, 21)}
    if len(text) not in starts or re.fullmatch("[A-Z0-9<]+", text) is None:
        return False
    number, birth, expiry = starts[len(text)]
    dates = (text[birth : birth + 7], text[expiry : expiry + 7])
    number_fits = mod731(text[number : number + 9]) == text[number + 9] or text[number + 9] == "<"
    dates_fit = all(mod731(date[:6]) == date[6] for date in dates)
    return number_fits and dates_fit and dates[1].isdigit()


def _is_card(text: str) -> bool:
    """Whether the whole content, or a magnetic track, is the number of a payment card."""
    track = re.match(r"%B([0-9 ]+)\^|;([0-9 ]+)=", text)
    digits = re.sub("[ -]", "", (track[1] or track[2]) if track else text)
    if _IN_USE.fullmatch(digits) and luhn(digits):
        return True
    if text.startswith("000201") and text[-8:-4] == "6304":
        return f"{crc_hqx(text[:-4].encode('latin-1'), 0xFFFF):04X}" == text[-4:].upper()
    return text.startswith("hQVDUFYwM")


def kinds(data: bytes) -> "tuple[bool, bool]":
    """(may be a paper's zone, may be a card's number): what of it must not be kept as text."""
    text = data.decode("latin-1").strip()
    return _has_zone(text), _is_card(text) and not _is_gtin(text)


def _is_gtin(text: str) -> bool:
    """A number of 13 or 14 digits with a good GTIN check digit is a product's."""
    if not re.fullmatch(r"\d{13,14}", text):
        return False
    weights = (1, 3) * 7
    return sum(int(d) * w for d, w in zip(reversed(text), weights, strict=False)) % 10 == 0


def make(rng: random.Random) -> Case:
    """A paper or a card, with or without damage, or noise."""
    what = rng.random()
    if what < 0.05:
        return Case(noise(rng, 100))
    if what < 0.5:
        text, want = zone(rng), S_PASSPORT
        text = text.lower() if rng.random() < 0.1 else text
    elif what < 0.9:
        text, want = card(rng), S_PAYMENT_CARD
        if rng.random() < 0.1:
            text = payment_code(rng)
        elif rng.random() < 0.1:
            digits = re.sub("[ -]", "", text)
            text = rng.choice((f";{digits}=2912", f"%B{digits}^X/Y^2912"))
    else:
        born = f"{rng.randint(1, 28):02}{rng.randint(1, 12):02}{rng.randrange(100):02}"
        text, want = born + rng.choice(("", "-")) + f"{rng.randrange(10000):04}", PERSONAL
    if kinds(text.encode()) == (False, False) and want == S_PAYMENT_CARD:
        want = None  # by chance it has the check digit of a GTIN too
    if rng.random() < 0.3:
        text = rng.choice(("]Q1", "]d1", "]C0")) + text
    if rng.random() < 0.2:
        text = rng.choice((" ", "\r\n")) + text + rng.choice(("\r", "\n", " "))
    data = text.encode()
    return Case(data, want) if rng.random() < 0.4 else Case(damaged(rng, data, TOKENS))


def check(case: Case) -> str:
    """See Target."""
    kind = documents.kind_of(case.data)
    if kind not in (S_NONE, PERSONAL, S_PASSPORT, S_PAYMENT_CARD):
        raise Wrong(f"no kind: {kind}")
    if case.want is not None and kind != case.want:
        raise Wrong(f"kind {kind} and not {case.want}")
    body = case.data.strip()
    if body[:1] == b"]" and body[2:3].isdigit():
        body = body[3:]
    text = body.decode("latin-1")
    if kind == S_PASSPORT and not _has_zone(text):
        raise Wrong("no zone of a passport")
    if kind == S_PAYMENT_CARD and not _is_card(text):
        raise Wrong("no number of a card")
    if kind:
        tag = documents.tag_of(kind)
        if (tag.key or b"")[1:] or tag.text or tag.uid:
            raise Wrong("something of it is kept")
    if case.want is not None:
        return GOOD
    return REFUSED if kind in (S_NONE, PERSONAL) else READ


TARGET = Target(make, check)
