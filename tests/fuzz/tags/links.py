"""Target: GS1 Digital Links, whole, damaged, and addresses that only look like one."""

import random
import re
from urllib.parse import quote, unquote_to_bytes

from fuzz.tags import gs1_making, gs1_reading
from fuzz.tags.case import GOOD, READ, REFUSED, Case, Target, Wrong, damaged, noise, same, sound
from fuzz.tags.element_strings import agree
from gatescan.core.tags import digital_link
from gatescan.core.tags.scheme import Tag

TOKENS = (
    b"/01/", b"/21/", b"/10/", b"?", b"&", b";", b"#", b"%2F", b"%", b"%00", b"%zz", b"=", b"&01=",
    b"&21=A", b"17=261231", b"/", b"//", b"?10=", b"gtin", b"/ser/", b"\x1d", b"%1d", b"+", b"@",
    b"/00/395212340000000014", b"%C3%A5", b"/235/", b"/8006/", b"&99=x", b"HTTP",
    b"/eh1234567890abcdefgh", b":80",
)  # fmt: skip
# Digital Link URI Syntax 4.9: a key's qualifiers, in the only order that they may have
_ORDERS = {
    "01": ("22 10 21", "235"), "8006": ("22 10 21",), "414": ("254", "7040"),
    "417": ("7040",), "8004": ("7040",), "415": ("8020",), "8010": ("8011",), "8017": ("8019",),
    "8018": ("8019",), "00": ("",), "253": ("",), "255": ("",), "401": ("",), "402": ("",),
    "8003": ("",), "8013": ("",),
}  # fmt: skip
# No attributes of anything: they stand in the path or nowhere (and 10, which may be either)
_PATH_ONLY = ("10", "21", "22", "235", "254", "7040", "8011", "8019", "8020", "8200",
              "7041")  # fmt: skip
# Version 1.2, 4.3: names in place of numbers
_WORDS = {
    "gtin": "01", "sscc": "00", "ser": "21", "lot": "10", "cpv": "22", "gdti": "253", "gcn": "255",
    "ginc": "401", "gsin": "402", "gln": "414", "party": "417", "glnx": "254", "grai": "8003",
    "giai": "8004", "itip": "8006", "cpid": "8010", "cpsn": "8011", "gmn": "8013", "gsrnp": "8017",
    "gsrn": "8018", "srin": "8019", "refno": "8020",
}  # fmt: skip
_EXTRA = (("10", "A1"), ("22", "V"), ("21", "7"), ("235", "T"), ("8011", "5"), ("17", "261231"))
_HOSTS = ("id.gs1.org", "a", "example.com:8080", "example.com/some/stem", "x.dk/01", "[::1]")
_ADDRESS = re.compile(rb"(http|HTTP)(s|S)?://[0-9A-Za-z.:\[\]-]+/[!-~]*")


def escaped(rng: random.Random, value: str) -> str:
    """The value in a path or a query; sometimes with more escapes than it needs."""
    if rng.random() < 0.1:
        return "".join(f"%{ord(sign):02{rng.choice('xX')}}" for sign in value)
    return quote(value, safe=rng.choice(("", "!'()*,:-._~")))


def link(rng: random.Random, pairs: gs1_making.Pairs) -> "tuple[str, gs1_making.Pairs]":
    """An address of the pairs, the key first, and the pairs in the order in which it has them."""
    key, *more = pairs
    order = rng.choice(_ORDERS[key[0]]).split()
    path = [key]
    attributes = [pair for pair in more if pair[0] not in order and pair[0] not in _PATH_ONLY]
    for ai in order:
        path += [pair for pair in more if pair[0] == ai]
    short = {ai: word for word, ai in _WORDS.items()} if rng.random() < 0.1 else {}
    text = "https" if rng.random() < 0.8 else rng.choice(("http", "HTTP", "HTTPS"))
    text += "://" + rng.choice(_HOSTS)
    for ai, value in path:
        if ai == "01" and rng.random() < 0.2 and value[:6] != "000000":
            value = value[1:] if value[0] == "0" else value
        elif ai == "01" and rng.random() < 0.5 and value[:6] == "000000":
            value = value[6:]
        text += f"/{short.get(ai, ai)}/{escaped(rng, value)}"
    parts = [f"{ai}={escaped(rng, value)}" for ai, value in attributes]
    if rng.random() < 0.1:
        parts.insert(rng.randrange(len(parts) + 1), rng.choice(("linkType=all", "x", "a=1=2", "")))
    if parts:
        text += "?" + rng.choice("&&&;").join(parts)
    if rng.random() < 0.05:
        text += "#" + rng.choice(("", "01", "/01/09521234543213"))
    return text, path + attributes


def make(rng: random.Random) -> Case:
    """A good link, a damaged one, or noise behind `http`."""
    what = rng.random()
    if what < 0.04:
        return Case(rng.choice((b"", b"https://", b"http://a/")) + noise(rng, 60))
    if what < 0.06:
        one = rng.choice(TOKENS + (b"/01/09521234543213", b"&99=1"))
        return Case(b"https://a/01/09521234543213" + one * rng.randrange(1, 200))
    pairs = gs1_making.good_pairs(rng)
    text, ordered = link(rng, pairs)
    data = text.encode()
    if 0.3 < what < 0.5:  # in any order, attributes and second keys in the path
        ordered += rng.sample(_EXTRA, rng.randint(1, 3))
        if rng.random() < 0.5:
            rng.shuffle(ordered)
        path = "".join(f"/{ai}/{escaped(rng, value)}" for ai, value in ordered)
        return Case(f"https://id.gs1.org{path}".encode())
    if what < 0.3:
        fit = len(data) <= digital_link.MAX_LINK_BYTES and not _is_ambiguous(text)
        return Case(data, ordered if fit and gs1_reading.good(ordered) else None)
    return Case(damaged(rng, data, TOKENS))


def _is_ambiguous(text: str) -> bool:
    """Whether a GTIN of 8 digits stands in it, which may be a UPC-E."""
    return re.search(r"/(01|gtin)/\d{8}(?!\d)", plain(text)) is not None


def readings(data: bytes) -> "list[list[tuple[str, str]]]":
    """All ways to take the address apart, whatever key is taken for the last one."""
    if not _ADDRESS.fullmatch(data):
        return []
    address, _, query = data.split(b"#")[0].decode().partition("?")
    segments = address.split("/")[3:]
    attributes = []
    for part in re.split("[&;]", query):
        ai, equals, value = part.partition("=")
        if equals and ai.isdigit():
            attributes.append((ai, plain(value.replace("+", " "))))
    found = []
    for start in range(len(segments) - 2, -1, -2):
        names = [_WORDS.get(name, name) for name in segments[start::2]]
        for order in _ORDERS.get(names[0], ()):
            left = order.split()
            if [name for name in left if name in names[1:]] == names[1:]:
                values = map(plain, segments[start + 1 :: 2])
                found.append([*zip(names, values, strict=True), *attributes])
    return [[(ai, _whole(ai, value)) for ai, value in pairs] for pairs in found]


def plain(value: str) -> str:
    """The value without percent signs."""
    return unquote_to_bytes(value).decode("latin-1")


def _whole(ai: str, value: str) -> str:
    if ai == "01" and len(value) in (8, 12, 13):
        return value.zfill(14)
    return value


def judge(tag: Tag, data: bytes, carrier: str = "digital_link") -> str:
    """Raise Wrong unless one of the readings says what `tag` says; READ or REFUSED."""
    if tag.key is None:
        return REFUSED
    pairs = list(tag.ais)
    if pairs not in readings(data):
        raise Wrong(f"{tag} where other readings have {readings(data)}")
    agree(tag, carrier)
    return READ


def check(case: Case) -> str:
    """See Target."""
    tag = sound(digital_link.read(case.data, False))
    fate = judge(tag, case.data)
    if case.want is not None:
        same(list(tag.ais), case.want, f"pairs ({tag.error})")
        return GOOD
    return fate


TARGET = Target(make, check)
