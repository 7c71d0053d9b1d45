"""Web addresses of other people: GS1's syntax engine and biip."""

import json
import random
from pathlib import Path

import pytest

from gatescan.core.tags import digital_link
from gatescan.core.tags.percent import unescape
from gatescan.core.tags.scheme import S_NONE

# Cases about switches of the engine, where it says yes with one and no without it.
_ENGINE_SWITCHES = {
    # shortened GTINs: taken, as of DL 1.0 to 1.2 and as the engine does when told to
    ("https://a/01/416000336108", False): True,
    # unknown application identifiers: refused, as the engine does unless told otherwise
    ("https://example.com/01/09520123456788?99=XYZ&89=ABC123", True): False,
}
# RFC 3986, 2.1: % leads two hex digits. The engine keeps what is no such thing as it stands; here
# the address is refused, for whoever wrote it did not escape, and %41 may have meant itself.
_NO_ESCAPES = ("A%4gB", "A%4GB", "A%g4B")
# General Specifications 7.8.5: no separator follows these
_PREDEFINED = [
    f"{n:02}" for n in (*range(5), *range(11, 21), *range(31, 37), 41)
]


def vectors(shared: Path, name: str, kind: str) -> list[dict]:
    lines = (shared / "tags" / name).read_text(encoding="utf-8").splitlines()
    found = [vector for vector in map(json.loads, lines) if vector["kind"] == kind]
    assert found
    return found


def raw(ais: "tuple[tuple[str, str], ...]") -> str:
    """As the engine writes it: ^ where a barcode has FNC1."""
    out = "^"
    for i, (ai, value) in enumerate(ais):
        last = i == len(ais) - 1
        out += ai + value + ("" if last or ai[:2] in _PREDEFINED else "^")
    return out


def test_engine_parses(shared: Path) -> None:
    taken, refused = 0, 0
    for vector in vectors(shared, "gs1_parsing.jsonl", "gs1_digital_link_parse"):
        address = vector["input"]
        tag = digital_link.read(address.encode(), False)
        if _ENGINE_SWITCHES.get((address, vector["ok"]), vector["ok"]):
            assert tag.error is None, vector
            if "expected" in vector:
                assert raw(tag.ais) == vector["expected"]
            taken += 1
        else:
            assert tag.error, vector
            assert (tag.key, tag.scheme) == (None, S_NONE)
            refused += 1
    assert (taken, refused) == (41, 25)


def test_engine_generates(shared: Path) -> None:
    """What it makes of an element string is read back as that element string."""
    read = 0
    for vector in vectors(shared, "gs1_parsing.jsonl", "gs1_digital_link_generate"):
        if not vector["ok"] or "(89)" in vector["input"]:
            continue
        tag = digital_link.read(vector["expected"].encode(), False)
        assert tag.error is None, vector
        pairs = [tuple(part.split(")", 1)) for part in vector["input"][1:].split("(")]
        assert sorted(tag.ais) == sorted(set(pairs)), vector
        read += 1
    assert read == 6


def test_engine_unescapes(shared: Path) -> None:
    for vector in vectors(shared, "gs1_parsing.jsonl", "uri_unescape"):
        got = unescape(vector["input"].encode())
        query = unescape(vector["input"].encode(), True)
        if vector["input"] in _NO_ESCAPES:
            assert got is None and query is None
        else:
            assert got == vector["path_expected"].encode("latin-1")
            assert query == vector["query_expected"].encode("latin-1")


def test_biip(shared: Path) -> None:
    parsed, failed = 0, 0
    for vector in vectors(shared, "biip_tests.jsonl", "biip_test"):
        if "test_gs1_digital_link_uris" not in vector["source"]:
            continue
        tag = digital_link.read(vector["value"].encode(), False)
        if vector["test"] == "test_parse_error":
            assert tag.error, vector
            failed += 1
            continue
        assert tag.error is None, vector
        if vector["test"] == "test_parse":
            want = [(e["ai"]["ai"], e["value"]) for e in vector["expected"]["element_strings"]]
            assert list(tag.ais) == want
        elif vector["test"] == "test_as_gs1_message":
            assert "".join(f"({ai}){value}" for ai, value in tag.ais) == vector["expected"]
        elif vector["test"] == "test_as_canonical_uri":
            assert tag.key == digital_link.read(vector["expected"].encode(), False).key
        parsed += 1
    assert (parsed, failed) == (14, 5)


def test_against_biip(rng: random.Random) -> None:
    """Random links: what both take says the same; what this firmware takes, biip takes."""
    biip = pytest.importorskip("biip.gs1_digital_link_uris", reason="biip is not installed")
    paths = ("/01/09506000134352", "/01/9506000134352", "/00/095201234567891235", "/8004/9521A",
             "/414/9521141123454", "/8003/0952114112345432a%2Fb", "/402/95211411234567892",
             "/8018/952114112345678906", "/253/9521141123454X", "/255/952114167890904711")
    more = ("/22/v", "/10/b%2F", "/21/s", "/235/t", "/254/e", "/8019/7", "?17=261231", "&99=x",
            "?3103=000195", "&3922=0299", "?99=a%26", "?x=1", "&10=b", "#f", "")
    both = 0
    for _ in range(2000):
        address = "https://example.com" + rng.choice(("", "/a/b"))
        address += rng.choice(paths) + "".join(rng.choices(more, k=rng.randrange(4)))
        tag = digital_link.read(address.encode(), False)
        if tag.error is None:
            elements = biip.GS1DigitalLinkURI.parse(address).element_strings
            assert [(e.ai.ai, e.value) for e in elements] == list(tag.ais), address
            both += 1
    assert both > 300


def test_noise(shared: Path, rng: random.Random) -> None:
    seeds = [v["input"] for v in vectors(shared, "gs1_parsing.jsonl", "gs1_digital_link_parse")]
    known = 0
    for _ in range(5000):
        data = bytearray(rng.choice(seeds).encode())
        for _ in range(rng.randrange(3)):
            data.insert(rng.randrange(len(data) + 1), rng.choice(b"/?&=%#;0123456789aA\x1d\xff"))
        for _ in range(rng.randrange(3) if data else 0):
            data[rng.randrange(len(data))] = rng.randrange(256)
        tag = digital_link.read(data, True)
        assert (tag.key is None) == (tag.error is not None), bytes(data)
        known += tag.key is not None
    assert known > 100
