"""Binary EPCs of other people: TDS 2.3 annex E.3, and the tests of epcpy."""

import json
import random
from pathlib import Path

from gatescan.core.tags import digital_link, epc
from gatescan.core.tags.names import NAMES
from gatescan.core.tags.scheme import S_NONE
from host.tags.epc_uris import bracketed, element_strings

# Right by TDS, refused by GS1's own checks of the values, as a barcode with them is
_REFUSED_VALUES = {
    # nozeroprefix of the GS1 dictionary takes no zero at all for (8011)
    "urn:epc:tag:cpi-96:1.0614141.123456.0",
    "urn:epc:tag:cpi-var:1.0614141.1234567890.0",
    # piece 00 of 00 (General Specifications 3.9.6)
    "urn:epc:tag:itip-212:0.0123456.012345.00.00.01234567890123456789",
    "urn:epc:tag:itip-212:0.012345678901.0.00.00.01234567890123456789",
    "urn:epc:tag:itip-212:0.012345678901.0.00.00.ABCDEFGHIJKLMNOP%2FRST",
}
_NO_GS1_KEY = ("gid-96", "usdod-96", "adi-var")


def vectors(shared: Path, name: str) -> list[dict]:
    lines = (shared / "tags" / name).read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def whole_words(hex_digits: str) -> bytes:
    """As a reader delivers it: words of 16 bits."""
    return bytes.fromhex(hex_digits + "0" * (-len(hex_digits) % 4))


def test_annex_e3(shared: Path) -> None:
    seen = 0
    for vector in vectors(shared, "epc_tds23.jsonl"):
        if vector["kind"] != "epc_tds_e3":
            continue
        tag = epc.read(whole_words(vector["hex"]))
        link = digital_link.read(("https://id.gs1.org" + vector["dl_path"]).encode(), False)
        assert tag.error is None, vector
        assert tag.ais == link.ais, vector
        assert tag.key == link.key, vector
        assert NAMES[tag.scheme] == vector["scheme"].lower()
        seen += 1
    assert seen == 22


def test_what_must_be_rejected(shared: Path) -> None:
    rejects = [v for v in vectors(shared, "epc_tds23.jsonl") if v["kind"] == "epc_tds_reject"]
    assert len(rejects) == 5
    for vector in rejects:
        tag = epc.read(bytes.fromhex(vector["hex"]))
        assert tag.error, vector
        assert (tag.key, tag.scheme) == (None, S_NONE)


def test_encoded_tags(shared: Path) -> None:
    read, refused = 0, 0
    for vector in vectors(shared, "epc.jsonl") + vectors(shared, "epc_tds23.jsonl"):
        if vector["kind"] != "epc_tag_encode":
            continue
        tag = epc.read(whole_words(vector["hex"]))
        tag_uri = vector.get("tag_uri", "urn:epc:tag:sgtin-198:")
        name = tag_uri.split(":")[3]
        if name in _NO_GS1_KEY:
            assert name.upper() in tag.error.upper()
            refused += 1
        elif tag_uri in _REFUSED_VALUES:
            assert tag.error, vector
            refused += 1
        else:
            assert tag.error is None, vector
            assert tag.ais == element_strings(vector["uri"]), vector
            assert NAMES[tag.scheme] == name, vector
            read += 1
    assert (read, refused) == (33, 8)


def test_the_yardstick_agrees_with_the_element_strings(shared: Path) -> None:
    seen = 0
    for vector in vectors(shared, "epc.jsonl"):
        if vector["kind"] != "epc_gs1_key" or "gs1_element_string" not in vector:
            continue
        want = element_strings(vector["uri"])
        if want is not None:
            assert bracketed(want) == vector["gs1_element_string"]
            seen += 1
    assert seen == 33


def test_one_wrong_bit_never_gives_the_same_piece(shared: Path) -> None:
    """Every bit counts but the filter value, the toggle and a domain name."""
    for vector in vectors(shared, "epc_tds23.jsonl"):
        if vector["kind"] != "epc_tds_e3" or "++" in vector["scheme"]:
            continue
        data = whole_words(vector["hex"])
        good = epc.read(data)
        ignored = range(8, 12) if "+" in vector["scheme"] else range(8, 11)
        for bit in range(len(data) * 8):
            bad = bytearray(data)
            bad[bit // 8] ^= 0x80 >> bit % 8
            tag = epc.read(bad)
            assert (tag.key == good.key) == (bit in ignored), (vector["scheme"], bit)


def test_noise(shared: Path, rng: random.Random) -> None:
    """Changed, cut and joined EPCs give an identity or a sentence."""
    seeds = [whole_words(v["hex"]) for v in vectors(shared, "epc_tds23.jsonl")]
    known = 0
    for _ in range(5000):
        data = bytearray(rng.choice(seeds))
        for _ in range(rng.randrange(4)):
            data[rng.randrange(len(data))] = rng.randrange(256)
        del data[rng.randrange(1, len(data) + 1) :]
        data += bytes(rng.randrange(3)) + rng.randbytes(rng.choice((0, 0, 0, 2)))
        tag = epc.read(data)
        assert (tag.key is None) == (tag.error is not None), data.hex()
        assert (tag.key is None) == (tag.scheme == S_NONE), data.hex()
        known += tag.key is not None
    assert known > 100
