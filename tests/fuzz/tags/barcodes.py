"""Target: all that a barcode engine may send, commands to it and over-long codes as well."""

import random
import re

from fuzz.tags import element_strings, gs1_making, links, papers
from fuzz.tags.case import GOOD, READ, REFUSED, Case, Target, Wrong, damaged, noise, same, sound
from fuzz.tags.gs1_reading import check_digit, checked, fits, number_key
from gatescan.core.tags import barcode
from gatescan.core.tags.names import NAMES
from gatescan.core.tags.scheme import S_TEXT, Tag

_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVXZdez"
MARKS = [f"]{letter}{digit}".encode() for letter in _LETTERS for digit in range(10)]
# What configures an engine, or looks like a packet to one
HOSTILE = (
    b"^_^SCAN.", b"^_^DEFALT.", b"\x7e\x00\x08\x01\x00\xd9\x55\xab\xcd", b"]C1", b"]", b"]E",
    b"\x02\x00\x00\x01\x00\x33\x31", b"\x04\xd0\x04\x00\xff\x28", b"\x16\x54\x0d", b"%AIFZ0",
    b"\x07\xc6\x04\x00\xff\x2d\x01\xfe\x02", b"\x5a\x00\x00\x0aS_CMD_0000\x00\xa5", b"\x1b[2J",
    b"A" * 4096, b"\x1d" * 300, b"Z" + b"\0" * 40, b"'; DROP TABLE tags; --",
    b"{" * 500, b"9" * 500, b"0" * 14, b"CMD-END",
)  # fmt: skip
TOKENS = (*MARKS[::7], *HOSTILE, b"]E0", b"]E4", b"]C1", b"]d2", b"]Q3", b"]Q1", b"]e0", b"]I1",
          b"\r", b"\n", b"http://", b"0")  # fmt: skip
_GS1_MARKS = ("]C1", "]d2", "]d5", "]e0", "]J1", "]J4", "]Q3", "]Q4")  # ISO/IEC 15424
_NO_TEXT = ("]C2", "]d3", "]d6", "]J2", "]J5", "]Q5", "]Q6", "]z1", "]z2", "]z4", "]z5", "]z7",
            "]z8")  # fmt: skip
_PLAIN_MARKS = ("]C0", "]A0", "]Q1", "]d1", "]z0", "]G0", "]F0", "]L0", "")


def upc_a(upc_e: str) -> "str | None":
    """The 12 digits of a UPC-E (General Specifications 5.2.2.4.2), None when it is none."""
    if not re.fullmatch(r"[01]\d{7}", upc_e):
        return None
    n, x, c = upc_e[0], upc_e[1:7], upc_e[7]
    forms = {"3": x[:3] + "00000" + x[3:5], "4": x[:4] + "00000" + x[4]}
    forms.update({digit: x[:2] + digit + "0000" + x[2:5] for digit in "012"})
    full = n + forms.get(x[5], x[:5] + "0000" + x[5]) + c
    return full if fits(full) else None


def _upc_e(rng: random.Random) -> "tuple[bytes, bytes | None]":
    """A UPC-E that the engine has not expanded."""
    body = rng.choice("01") + gs1_making.digits(rng, 6)
    number = next(body + check for check in "0123456789" if upc_a(body + check))
    full = upc_a(number) or ""
    return number.encode(), None if fits(number) else number_key(full.zfill(14))


def _retail(rng: random.Random) -> "tuple[bytes, bytes | None]":
    """A number as EAN/UPC, ITF-14 or plain digits, and its key, None where it has two."""
    if rng.random() < 0.1:
        return _upc_e(rng)
    size = rng.choice((8, 12, 13, 14))
    number = gs1_making.gtin14(rng)[-size:]
    if not fits(number) or (size == 12 and rng.random() < 0.2):
        number = checked("01" + gs1_making.digits(rng, size - 3))
    key: "bytes | None" = number_key(number.zfill(14))
    if size == 13 and rng.random() < 0.5:
        add_on = rng.choice((0, 2, 5))
        more = gs1_making.digits(rng, add_on) if add_on else ""
        return (b"]E3" if more else b"]E0") + (number + more).encode(), key
    if size == 8 and rng.random() < 0.5:
        return b"]E4" + number.encode(), key
    if size == 14 and rng.random() < 0.5:
        return b"]I1" + number.encode(), key
    if size == 8 and upc_a(number):
        key = None
    return rng.choice(_PLAIN_MARKS).encode() + number.encode(), key


def make(rng: random.Random) -> Case:
    """One of all kinds of content, with any symbology identifier or none."""
    what = rng.random()
    if what < 0.05:
        return Case(rng.choice(MARKS) + noise(rng, 60) if rng.random() < 0.5 else noise(rng, 60))
    if what < 0.08:
        hostile = rng.choice(HOSTILE)
        return Case(rng.choice((b"", *MARKS)) + hostile * rng.choice((1, 1, 2, 30)))
    key: "bytes | None" = None
    if what < 0.4:
        data, key = _retail(rng)
    elif what < 0.6:
        pairs = gs1_making.good_pairs(rng)
        mark = rng.choice(_GS1_MARKS) if rng.random() < 0.8 else ""
        data = mark.encode() + gs1_making.element_string(rng, pairs)
    elif what < 0.75:
        mark = rng.choice(_PLAIN_MARKS)
        data = (mark + links.link(rng, gs1_making.good_pairs(rng))[0]).encode()
    elif what < 0.8:
        data = papers.make(rng).data
    else:
        text = "".join(rng.choices("ABC-0123456789 abc.:/", k=rng.randint(1, 48)))
        data = (rng.choice(_PLAIN_MARKS) + text).encode()
    if rng.random() < 0.3:
        return Case(data, key)
    if rng.random() < 0.2 and data[:1] == b"]":
        return Case(rng.choice(MARKS) + data[3:])
    return Case(damaged(rng, data, TOKENS))


def judge(tag: Tag, data: bytes) -> str:
    """Raise Wrong unless a second reading says what `tag` says; READ or REFUSED."""
    if tag.key is None:
        return REFUSED
    found = re.match(rb"\]([A-Za-z])([0-9])", data)
    mark, content = (found[0].decode(), data[3:]) if found else ("", data)
    proven = bool(mark) and (mark[1] in "EI" or bool(tag.ais) or tag.scheme == S_TEXT)
    if tag.inferred == proven and NAMES[tag.scheme] not in ("passport", "payment_card"):
        raise Wrong(f"inferred, or not, with the identifier {mark!r}")
    if len(data) > 512 or mark in _NO_TEXT or (mark and mark.encode() not in MARKS):
        raise Wrong(f"{tag} out of what is no tag")
    name = NAMES[tag.scheme]
    if name in ("passport", "payment_card"):
        content = re.sub(rb"^\s*\].[0-9]", b"", content)
        if mark[1:2] in ("E", "I") or not any(papers.kinds(content)):
            raise Wrong(f"no {name}")
    elif name == "digital_link" or (tag.ais and content[:4].lower() == b"http"):
        links.judge(tag, content)
    elif mark in _GS1_MARKS or (not mark and tag.ais):
        element_strings.judge(tag, content, not mark)
    elif tag.scheme == S_TEXT:
        _text(tag, mark, content)
    else:
        _number(tag, mark, content)
    return READ


def _text(tag: Tag, mark: str, content: bytes) -> None:
    same((tag.key, tag.text), (b"\x10" + content, content.decode("ascii")), "text")
    blank = not tag.text.strip()
    if blank or not re.fullmatch("[ -~]{1,48}", tag.text) or mark[1:2] in ("E", "I"):
        raise Wrong(f"{tag.text!r} is no text")
    if re.fullmatch(r"\d+", tag.text) or re.match("urn:|http", tag.text, re.I):
        raise Wrong(f"{tag.text!r} is more than a text")
    if any(papers.kinds(content)):
        raise Wrong("a person's number is kept")


def _number(tag: Tag, mark: str, content: bytes) -> None:
    digits = content.decode("ascii")
    if mark == "]E3":
        if len(digits) not in (15, 18):
            raise Wrong("no add-on")
        digits = digits[:13]
    wanted = {"]E0": (13,), "]E3": (13,), "]E4": (8,), "]I1": (14,)}.get(mark, (8, 12, 13, 14))
    if len(digits) not in wanted or not re.fullmatch("[0-9]+", content.decode()):
        raise Wrong(f"{digits} behind {mark!r}")
    if mark[1:2] in ("E", "I") and mark not in ("]E0", "]E3", "]E4", "]I1"):
        raise Wrong(f"{mark} proves no number")
    if len(digits) == 8 and mark != "]E4" and (full := upc_a(digits)):
        if check_digit(digits[:-1]) == digits[-1]:
            raise Wrong(f"{digits} is two numbers")
        digits = full
    if not fits(digits):
        raise Wrong(f"the check digit of {digits}")
    digits = digits.zfill(14)
    same(tag.key, number_key(digits), "key")
    same(tag.gtin or tag.text, digits, "number")
    same((tag.gtin is None), tag.key[0] != 1, "whether it is a product")


def check(case: Case) -> str:
    """See Target."""
    tag = sound(barcode.parse(case.data))
    fate = judge(tag, case.data)
    if case.want is not None:
        same(tag.key, case.want, f"key ({tag.error})")
        return GOOD
    return fate


TARGET = Target(make, check)
