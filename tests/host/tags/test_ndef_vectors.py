"""NDEF messages against ndeflib's own cases and against ndeflib itself, on random messages."""

import json
import random
import string
from collections.abc import Iterable
from pathlib import Path
from types import ModuleType

import pytest

from gatescan.core.tags import ndef, scheme
from gatescan.core.tags.scheme import Tag

# The cases are payloads; where they stand in a smart poster is told by what is expected of them.
ADDRESS = bytes.fromhex("910105550378") + b".dk"  # a first record, http://x.dk
NO_IDENTITY = "sound, but nothing is in it to tell an item by"


def message(kind: bytes, payload: bytes, head: int = 0xD1) -> bytes:
    return bytes((head, len(kind), len(payload))) + kind + payload


def vectors(shared: Path, kind: str) -> list[dict]:
    lines = (shared / "tags" / "ndef.jsonl").read_text(encoding="utf-8").splitlines()
    return [case for case in map(json.loads, lines) if case["kind"] == kind]


def test_text_records(shared: Path) -> None:
    cases = vectors(shared, "ndef_text")
    refused = []
    for case in cases:
        tag = ndef.read(message(b"T", bytes.fromhex(case["payload_hex"])))
        if not case["ok"]:
            assert tag.key is None and tag.error, case
        elif tag.key is None:
            refused.append(case["expected"][0])
            assert "empty" in tag.error, case
        else:
            assert tag.scheme == scheme.S_NDEF_TEXT
            assert tag.text == case["expected"][0]
    assert len(cases) == 6
    assert refused == [""], NO_IDENTITY


def test_uri_records(shared: Path) -> None:
    cases = vectors(shared, "ndef_uri")
    for case in cases:
        tag = ndef.read(message(b"U", bytes.fromhex(case["payload_hex"])))
        if case["ok"]:
            assert (tag.error, tag.scheme) == (None, scheme.S_NDEF_URI), case
            assert tag.text == case["expected"][0]
        else:
            assert tag.key is None and tag.error, case
    assert len(cases) == 19


def _part_of_poster(case: dict) -> bytes | None:
    """The record kind that a payload belongs to, when it is a part of a smart poster."""
    size = len(case["payload_hex"].replace(" ", "")) // 2
    if size == 1:
        return b"t" if "utf-8" in str(case["expected"]) else b"act"
    return b"s" if size == 4 else None


def test_smart_posters(shared: Path) -> None:
    cases = vectors(shared, "ndef_smartposter")
    empty = 0
    for case in cases:
        payload = bytes.fromhex(case["payload_hex"])
        part = _part_of_poster(case)
        if part:
            payload = ADDRESS + message(part, payload, 0x51)
        tag = ndef.read(message(b"Sp", payload))
        if case["ok"] and payload[:5] == bytes.fromhex("9101015500"):
            # sound, with an address of no characters: again with one of four
            assert tag.error and "empty" in tag.error
            tag = ndef.read(message(b"Sp", ADDRESS + payload[5:]))
            empty += 1
        if case["ok"]:
            assert tag.error is None, case
            assert tag.text == (case["expected"][0] if payload[0] == 0xD1 else "http://x.dk")
        else:
            assert tag.key is None and tag.error, case
    assert len(cases) == 14
    assert empty == 5, NO_IDENTITY


def test_signatures_sign_and_do_not_identify(shared: Path) -> None:
    cases = vectors(shared, "ndef_signature")
    text = message(b"T", b"\x02daVF-1", 0x91)
    for case in cases:
        payload = bytes.fromhex(case["payload_hex"])
        assert ndef.read(message(b"Sig", payload)).key is None
        assert ndef.read(text + message(b"Sig", payload, 0x51)).text == "VF-1"
    assert len(cases) == 5


@pytest.fixture
def oracle() -> ModuleType:
    return pytest.importorskip("ndef")


def _random_records(oracle: ModuleType, rng: random.Random) -> tuple[list, str]:
    """Records, and the text or address of the first one that identifies."""
    letters = string.ascii_letters + string.digits + "æøåÆØÅéΔЖ€"
    # no slash: by chance a path is a (compressed) Digital Link, which is not read as an address
    path = string.ascii_letters + string.digits + "-._~?#&=+,;:@"

    def words(signs: str, least: int, most: int) -> str:
        return "".join(rng.choice(signs) for _ in range(rng.randint(least, most)))

    def text() -> object:
        encoding = rng.choice(("UTF-8", "UTF-16"))
        return oracle.TextRecord(words(letters, 1, 48), words("abcde", 2, 5), encoding)

    def uri() -> object:
        start = rng.choice(("http://www.", "https://", "tel:", "urn:nfc:", "sip:", "x-y:"))
        return oracle.UriRecord(start + "a" + words(path, 1, 60))

    def poster() -> object:
        record = oracle.SmartposterRecord(uri().iri)
        for language in rng.sample(("da", "en", "de"), rng.randrange(3)):
            record.set_title(words(letters, 1, 60), language)
        record.action = rng.choice((None, "exec", "save", "edit"))
        record.resource_size = rng.choice((None, 0, 2**32 - 1))
        record.resource_type = rng.choice((None, "a/b"))
        return record

    def other() -> object:
        kind = rng.choice(("urn:nfc:ext:a.dk:b", "text/plain", "urn:nfc:wkt:x", "unknown"))
        return oracle.Record(kind, words("ab", 0, 3), rng.randbytes(rng.choice((0, 9, 255, 256))))

    records = [rng.choice((text, uri, poster, other))() for _ in range(rng.randint(1, 5))]
    return records, _first(oracle, records)


def _first(oracle: ModuleType, records: Iterable) -> str:
    """The text or address of the first record that has one; "" when none has."""
    for record in records:
        if isinstance(record, oracle.TextRecord):
            return record.text
        if isinstance(record, oracle.UriRecord):
            return record.iri
        if isinstance(record, oracle.SmartposterRecord):
            return record.uri_records[0].iri
    return ""


def test_what_another_library_writes_is_read(oracle: ModuleType, rng: random.Random) -> None:
    read = 0
    for _ in range(1000):
        records, wanted = _random_records(oracle, rng)
        raw = b"".join(oracle.message_encoder(records))
        tag = ndef.read(raw)
        assert (tag.text or "") == wanted, raw.hex()
        assert (tag.key is not None) == bool(wanted)
        read += bool(wanted)
        cc = bytes(12) + b"\xe1\x10\xff\x00"
        size = bytes((len(raw),)) if len(raw) < 255 else b"\xff" + len(raw).to_bytes(2, "big")
        if len(raw) <= 2000:
            assert ndef.message_of_type2(cc + b"\x03" + size + raw + b"\xfe") == raw
    assert read > 700


def test_nothing_is_read_that_another_library_refuses(
    oracle: ModuleType, rng: random.Random
) -> None:
    """Messages with bytes changed: what has a key here is the same text there."""
    compared = 0
    for _ in range(2000):
        records, _ = _random_records(oracle, rng)
        raw = bytearray(b"".join(oracle.message_encoder(records)))
        for _ in range(rng.randint(1, 3)):
            raw[rng.randrange(min(len(raw), 24))] = rng.randrange(256)
        tag: Tag = ndef.read(raw)
        assert (tag.key is None) != (tag.error is None)
        if tag.text is None or tag.scheme not in (scheme.S_NDEF_TEXT, scheme.S_NDEF_URI):
            continue
        try:
            wanted = _first(oracle, oracle.message_decoder(bytes(raw)))
        except ValueError as why:
            # It also parses the name of a record that is passed over here, as "T" of a media type.
            assert "record type string" in str(why), raw.hex()
            continue
        assert tag.text == wanted, raw.hex()
        compared += 1
    assert compared > 100
