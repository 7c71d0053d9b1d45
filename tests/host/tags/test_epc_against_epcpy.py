"""Random EPCs of TDS 1.x, written by epcpy (MIT), read by this firmware."""

import random
import string
from pathlib import Path
from urllib.parse import quote

import pytest

from gatescan.core.tags import epc
from gatescan.core.tags.names import NAMES
from host.tags.epc_uris import element_strings
from host.tags.test_epc_vectors import vectors

epcpy = pytest.importorskip("epcpy", reason="epcpy is not installed")

# Without / < > ? (epcpy 0.1.8 reads the escapes %2F .. only after other characters), : and #
_CSET82 = "!\"%&'()*+,-.;=_" + string.ascii_letters + string.digits
_CSET39 = "-" + string.ascii_uppercase + string.digits
_TIMES = 60
_NOT_SGTIN = {"restricted", "coupon", "isbn", "issn"}


def digits(rng: random.Random, count: int) -> str:
    return "".join(rng.choices(string.digits, k=count))


def text(rng: random.Random, most: int, alphabet: str = _CSET82) -> str:
    chars = "".join(rng.choices(alphabet, k=rng.randint(1, most)))
    return quote(chars, safe="!'()*+,:;=")  # TDS table A-1


def below(rng: random.Random, bits: int) -> str:
    """A number without leading zeros, often a short one."""
    return str(rng.randrange(1, 1 << rng.randint(1, bits)))


def body(rng: random.Random, name: str) -> str:
    """What stands behind `urn:epc:id:..:` in a valid URI that `name` can encode."""
    size = rng.randint(6, 12)
    company = digits(rng, size)
    kind = name.split("-")[0]
    if name == "giai-96":
        return f"{company}.{below(rng, 24 + size)}"
    if name == "giai-202":
        return f"{company}.{text(rng, 30 - size)}"
    if name == "cpi-96":
        return f"{company}.{rng.randrange(10 ** (15 - size))}.{below(rng, 31)}"
    if name == "cpi-var":
        number = rng.randrange(1, 10 ** rng.randint(1, 12))
        return f"{company}.{text(rng, 30 - size, _CSET39)}.{number}"
    if kind in ("sscc", "gsrn", "gsrnp"):
        return f"{company}.{digits(rng, 17 - size)}"
    if name == "sgcn-96":
        return f"{company}.{digits(rng, 12 - size)}.{digits(rng, rng.randint(1, 12))}"
    serial_bits = {"sgln-96": 41, "gdti-96": 41}.get(name, 38)
    serial_chars = {"grai-170": 16, "gdti-174": 17}.get(name, 20)
    serial = below(rng, serial_bits) if name[-2:] in ("96", "10") else text(rng, serial_chars)
    if kind in ("sgtin", "itip"):
        item = digits(rng, 13 - size)
        total = rng.randint(1, 99)
        pieces = f".{rng.randint(1, total):02}.{total:02}" if kind == "itip" else ""
        return f"{company}.{item}{pieces}.{serial}"
    return f"{company}.{digits(rng, 12 - size)}.{serial}"


def classes() -> dict[str, type]:
    """epcpy's class for each coding scheme whose EPCs name a GS1 key."""
    found = {}
    for kind in ("sgtin", "sscc", "sgln", "grai", "giai", "gsrn", "gsrnp", "gdti", "cpi", "sgcn",
                 "itip"):
        module = __import__(f"epcpy.epc_schemes.{kind}", fromlist=["x"])
        cls = getattr(module, kind.upper())
        for member in cls.BinaryCodingScheme:
            filters = list(getattr(module, f"{kind.upper()}FilterValue"))
            found[member.value] = (cls, member, filters)
    return found


def test_all_schemes_are_compared() -> None:
    plain = {name for name in NAMES[8:] if name and "+" not in name and "-" in name}
    assert set(classes()) == plain


@pytest.mark.parametrize("name", sorted(classes()))
def test_random_epcs(rng: random.Random, name: str) -> None:
    cls, member, filters = classes()[name]
    compared = 0
    for _ in range(_TIMES):
        uri = f"urn:epc:id:{name.split('-')[0]}:{body(rng, name)}"
        try:
            raw = cls(uri).hex(binary_coding_scheme=member, filter_value=rng.choice(filters))
        except (epcpy.ConvertException, ValueError):
            continue  # not every valid URI is one to epcpy 0.1.8
        tag = epc.read(bytes.fromhex(raw))
        assert tag.error is None, (uri, raw)
        assert tag.ais == element_strings(uri), (uri, raw)
        assert NAMES[tag.scheme] == name or NAMES[tag.scheme] in _NOT_SGTIN
        compared += 1
    assert compared > _TIMES // 2


def test_uris_of_epcpys_own_tests(shared: Path) -> None:
    """Every URI that one of the coding schemes can hold comes back from the tag as it was."""
    seen = set()
    for vector in vectors(shared, "epc.jsonl"):
        if not vector["ok"] or element_strings(vector["uri"]) is None:
            continue
        kind = vector["uri"].split(":")[3]
        for name, (cls, member, filters) in classes().items():
            if name.split("-")[0] != kind:
                continue
            try:
                raw = cls(vector["uri"]).hex(binary_coding_scheme=member, filter_value=filters[0])
                again = cls.from_hex(raw).epc_uri
            except (epcpy.ConvertException, ValueError):
                continue  # this serial number needs the longer scheme
            if again != vector["uri"]:
                continue  # so does this one, and epcpy let it run into the bits beside it
            tag = epc.read(bytes.fromhex(raw))
            if kind == "itip" and ".00.00." in vector["uri"]:
                assert "(8006)" in tag.error  # piece 00 of 00
            elif kind == "cpi" and vector["uri"].endswith(".0"):
                assert "(8011)" in tag.error  # the GS1 dictionary takes no zero
            else:
                assert tag.ais == element_strings(vector["uri"]), (vector["uri"], raw)
                seen.add((name, vector["uri"]))
    assert len(seen) > 60
