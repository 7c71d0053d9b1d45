"""Targets: NDEF messages, and the memory of a Type 2 tag that holds one."""

import random
import struct
import unicodedata

from fuzz.tags import gs1_making, links, papers
from fuzz.tags.case import GOOD, READ, REFUSED, Case, Target, Wrong, damaged, noise, same, sound
from fuzz.tags.element_strings import agree
from fuzz.tags.gs1_reading import checked
from gatescan.core.tags import ndef
from gatescan.core.tags.scheme import S_NDEF_TEXT, S_NDEF_URI, Tag

TOKENS = (
    b"\xd1\x01", b"\x91\x01", b"\x51\x01", b"T\x02en", b"U\x04", b"Sp", b"\x03", b"\xfe",
    b"\x82en", b"\xc1\x01\x00\x00\x00", b"\xff\xff\xff\xff", b"\xd8\0\0\0", b"\xc0\x80",
    b"\xed\xa0\x80", b"\xf0",
)  # fmt: skip
# RTD URI, table 3
_TABLE_3 = (
    "|http://www.|https://www.|http://|https://|tel:|mailto:|ftp://anonymous:anonymous@|ftp://ftp."
    "|ftps://|sftp://|smb://|nfs://|ftp://|dav://|news:|telnet://|imap:|rtsp://|urn:|pop:|sip:|sips:"
    "|tftp:|btspp://|btl2cap://|btgoep://|tcpobex://|irdaobex://|file://|urn:epc:id:|urn:epc:tag:"
    "|urn:epc:pat:|urn:epc:raw:|urn:epc:|urn:nfc:"
)
_STARTS = _TABLE_3.split("|")
_IN_POSTERS = ((b"act", b"\x01", 1), (b"t", b"a/b", 1), (b"s", b"\0\0\1\0", 1),
               (b"image/png", b"\x89P", 2))  # fmt: skip
_OTHERS = ((b"text/plain", b"T\x02enX", 2), (b"a.dk:b", b"\xd1\1\0T\xff\0\0", 4),
           (b"Sig", b"\x20", 1), (b"", b"\x02enX", 5), (b"", b"", 0))  # fmt: skip
_LETTERS = "abcXYZ 0123-æøåÆØÅéΔЖ€“½"

Record = tuple[int, bytes, bytes]


def record(rng: random.Random, kind: bytes, payload: bytes, flags: int, tnf: int = 1) -> bytes:
    """One record; `flags`: 0x80 begins and 0x40 ends the message."""
    ident = bytes(rng.choices(b"abc", k=rng.randint(1, 3))) if tnf and rng.random() < 0.1 else b""
    short = len(payload) < 256 and rng.random() < 0.95
    head = flags | tnf | (0x10 if short else 0) | (8 if ident else 0)
    size = bytes((len(payload),)) if short else struct.pack(">I", len(payload))
    ident_size = bytes((len(ident),)) if ident else b""
    return bytes((head, len(kind))) + size + ident_size + kind + ident + payload


def message(rng: random.Random, parts: "list[tuple[bytes, bytes, int]]") -> bytes:
    """A message of (type, payload, TNF)."""
    out = b""
    for n, (kind, payload, tnf) in enumerate(parts):
        flags = (0x80 if n == 0 else 0) | (0x40 if n + 1 == len(parts) else 0)
        out += record(rng, kind, payload, flags, tnf)
    return out


def _text(rng: random.Random) -> "tuple[bytes, object]":
    text = "".join(rng.choices(_LETTERS, k=rng.randint(1, 48)))
    if rng.random() < 0.05:
        text = papers.card(rng)
    unseen = rng.random() < 0.03
    text = rng.choice(("\U0001f600", "\u202e", "a" * 60, "\ufeff")) + text if unseen else text
    language = rng.choice((b"da", b"en-US", b"x"))
    if rng.random() < 0.3:
        payload = bytes((0x80 | len(language),)) + language + text.encode("utf-16-be")
    else:
        payload = bytes((len(language),)) + language + text.encode()
    sure = text.strip() and not unseen and not any(papers.kinds(text.encode()))
    return payload, (S_NDEF_TEXT, text) if sure else None


def _uri(rng: random.Random) -> "tuple[bytes, object]":
    what = rng.random()
    if what < 0.3:
        address, _ = links.link(rng, gs1_making.good_pairs(rng))
        for start in (2, 1, 4, 3):
            if address.startswith(_STARTS[start]):
                return bytes((start,)) + address[len(_STARTS[start]) :].encode(), None
        return b"\0" + address.encode(), None
    if what < 0.5:
        size = rng.randint(6, 12)
        company, item = gs1_making.digits(rng, size), gs1_making.digits(rng, 13 - size)
        serial = gs1_making.text(rng, 20)
        rest = f"sgtin:{company}.{item}.{links.escaped(rng, serial)}"
        number = checked(item[0] + company + item[1:])
        return b"\x1e" + rest.encode(), [("01", number), ("21", serial)]
    start = rng.choice((5, 6, 13, 20, 21, 35, 29))
    rest = "".join(rng.choices("abc09-._~?#&=+,;:@æ", k=rng.randint(1, 60)))
    if rng.random() < 0.03:
        return bytes((start,)) + (rest * rng.choice((0, 9, 60))).encode(), None
    return bytes((start,)) + rest.encode(), (S_NDEF_URI, _STARTS[start] + rest)


def _poster(rng: random.Random) -> "tuple[bytes, object]":
    address, want = _uri(rng)
    parts = [(b"U", address, 1)]
    for _ in range(rng.randrange(3)):
        parts.append(rng.choice(((b"T", _text(rng)[0], 1), *_IN_POSTERS)))
    rng.shuffle(parts)
    return message(rng, parts), want


def good_message(rng: random.Random) -> "tuple[bytes, object]":
    """A message whose first record that identifies says the second of the pair."""
    kind = rng.choice((b"T", b"U", b"U", b"Sp"))
    payload, want = {b"T": _text, b"U": _uri, b"Sp": _poster}[kind](rng)
    parts = [(kind, payload, 1)]
    while rng.random() < 0.3:
        parts.insert(rng.randrange(2), rng.choice(_OTHERS))
    return message(rng, parts), want


def make(rng: random.Random) -> Case:
    """A good message, a damaged one, or noise."""
    what = rng.random()
    if what < 0.05:
        return Case(rng.choice((b"", b"\xd1\x01", b"\xd1\x02\x20Sp")) + noise(rng, 60))
    data, want = good_message(rng)
    return Case(data, want) if what < 0.3 else Case(damaged(rng, data, TOKENS))


def records(data: bytes) -> "list[Record] | None":
    """The records of a message that fits the standard to the byte, else None."""
    out: list[Record] = []
    while data:
        head, kind_size, *_ = data.ljust(2, b"\0")
        sizes = struct.Struct(">BB" + ("B" if head & 0x10 else "I") + ("B" if head & 8 else ""))
        if len(data) < sizes.size or head & 0x20 or bool(head & 0x80) == bool(out):
            return None
        _, _, size, *ident = sizes.unpack_from(data)
        ends = [sizes.size + kind_size, sizes.size + kind_size + sum(ident)]
        ends.append(ends[1] + size)
        if ends[2] > len(data):
            return None
        out.append((head & 7, data[sizes.size : ends[0]], data[ends[1] : ends[2]]))
        data = data[ends[2] :]
        if bool(head & 0x40) != (not data):
            return None
    return out


def _first(data: bytes) -> "tuple[bytes, bytes] | None":
    """Type and payload of the record that identifies; of a smart poster its address."""
    for tnf, kind, payload in records(data) or ():
        if tnf == 1 and kind in (b"T", b"U"):
            return kind, payload
        if tnf == 1 and kind == b"Sp":
            found = [p for t, k, p in records(payload) or () if (t, k) == (1, b"U")]
            return (b"U", found[0]) if len(found) == 1 else None
    return None


def judge(tag: Tag, data: bytes) -> str:
    """Raise Wrong unless a second reading says what `tag` says; READ or REFUSED."""
    if tag.key is None:
        return REFUSED
    kind, payload = _first(data) or (b"", b"")
    if kind == b"T":
        start = 1 + (payload[0] & 63)
        text = payload[start:].decode("utf-8") if payload[0] < 128 else _utf16(payload[start:])
        same((tag.text, tag.scheme), (text, S_NDEF_TEXT), "text")
        if any(papers.kinds(text.encode())):
            raise Wrong("a person's number is kept")
    elif kind == b"U":
        text = _STARTS[payload[0]] + payload[1:].decode()
        if tag.gtin is not None or tag.ais:
            _product(tag, text)
            return READ
        same((tag.text, tag.scheme), (text, S_NDEF_URI), "address")
    else:
        raise Wrong(f"{tag} where no record identifies")
    same(tag.key, bytes((tag.scheme,)) + text.encode(), "key")
    if any(unicodedata.category(sign) in ("Cc", "Cf", "Cs", "Co", "Mn", "Me") for sign in text):
        raise Wrong(f"nobody sees what is written: {text!r}")
    return READ


def _utf16(data: bytes) -> str:
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16")
    return data.decode("utf-16-be")


def _product(tag: Tag, address: str) -> None:
    if not address.startswith("urn:epc:id:sgtin:"):
        links.judge(tag, address.encode())
        return
    company, item, serial = address[17:].split(".", 2)
    number = checked(item[0] + company + item[1:])
    same(list(tag.ais), [("01", number), ("21", links.plain(serial))], "EPC")
    agree(tag, "ndef_uri")


def check(case: Case) -> str:
    """See Target."""
    tag = sound(ndef.read(case.data))
    fate = judge(tag, case.data)
    if case.want is None:
        return fate
    got = list(tag.ais) if isinstance(case.want, list) else (tag.scheme, tag.text)
    same(got, case.want, f"content ({tag.error})")
    return GOOD


TARGET = Target(make, check)
