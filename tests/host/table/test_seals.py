"""Seals with chips and seals on items: what a table gets to know, what a site may not say."""

import json
from pathlib import Path

import pytest

from gatescan.core import codes
from gatescan.core.table import format as fmt
from gatescan.core.table.format import CORRUPT
from gatescan.core.tags import barcode, chip_ids
from gatescan_host.seals.keys import derive
from gatescan_host.site.errors import SiteError
from gatescan_host.site.example import example_text
from gatescan_host.site.load import load_site
from gatescan_host.table.build import build_table
from gatescan_host.table.read import open_bytes

UID, OTHER = "04A1B2C3D4E580", "04A1B2C3D4E581"
MASTER, SYSTEM, PICC = "00112233445566778899AABBCCDDEEFF", "test site one", "F" * 32
KEYS = {"master": MASTER, "system": SYSTEM, "picc_data": PICC}
CHIP = f"{{nfc: {UID}, kind: ntag424_tt, last_ctr: 7}}"


def site(folder: Path, seals: str, seal: str = "", keys: object = KEYS, more: str = "") -> Path:
    text = example_text()
    first = text.index("seals: [")
    text = text[:first] + f"seals: [{seals}]" + text[text.index("\n", first) :]
    text = text.replace("seal_keys: null", "seal_keys: keys.json" if keys else "seal_keys: null")
    text = text.replace("    # seal: text:EX-000001", f"    seal: {seal}\n    #" if seal else "")
    (folder / "keys.json").write_text(keys if isinstance(keys, str) else json.dumps(keys))
    path = folder / "site.yaml"
    path.write_text(text + more, encoding="utf-8")
    return path


def built(path: Path) -> bytes:
    return build_table(load_site(path), seq=1, created_utc=1_800_000_000, salt=bytes(16)).data


def problems(path: Path) -> str:
    with pytest.raises(SiteError) as caught:
        built(path)
    return "\n".join(caught.value.problems)


def test_a_chip_gets_a_key_of_its_own_and_no_master(tmp_path: Path):
    data = built(site(tmp_path, CHIP))
    table = open_bytes(data)
    entry = table.lookup_tag(chip_ids.iso14443a(bytes.fromhex(UID)).key)
    assert (entry.kind, entry.arg) == (codes.TK_SEAL, 1)
    seal = table.seal(1)
    assert (seal.kind, seal.last_ctr, seal.uid.hex().upper()) == (codes.SK_NTAG424_TT, 7, UID)
    assert seal.flags == codes.SB_MAC_FILE
    assert seal.file_key == derive(bytes.fromhex(MASTER), seal.uid, SYSTEM.encode())
    assert seal.meta_key == bytes.fromhex(PICC)
    assert bytes.fromhex(MASTER) not in data and SYSTEM.encode() not in data
    assert table.seal(0) is None and table.seal(2) is None


def test_keys_may_stand_at_the_seal(tmp_path: Path):
    own = f"{{nfc: {UID}, kind: ntag424, mac_covers_file: false, file_key: {'AB' * 16}}}"
    seal = open_bytes(built(site(tmp_path, own, keys=None))).seal(1)
    assert (seal.kind, seal.flags, seal.file_key) == (codes.SK_NTAG424, 0, b"\xab" * 16)
    assert seal.meta_key is None


def test_an_item_and_its_seal(tmp_path: Path):
    for seals, seal, tag in (
        ("EX-000001, EX-000002", "text:EX-000002", barcode.parse(b"EX-000002")),
        ("{from: EX-1, to: EX-9}", "text:EX-5", barcode.parse(b"EX-5")),
        (CHIP, f"nfc:{UID}", chip_ids.iso14443a(bytes.fromhex(UID))),
    ):
        table = open_bytes(built(site(tmp_path, seals, seal)))
        item = table.lookup_tag(barcode.parse(b"EX-REG-0001").key)
        entry = table.lookup_tag(tag.key)
        assert item.arg == entry.arg == 1, seal
        assert table.seal(1).flags & codes.SB_BOUND
        assert table.lookup_tag(barcode.parse(b"EX-BADGE-01").key).arg == 0


def test_a_damaged_record_is_none(tmp_path: Path):
    data = built(site(tmp_path, CHIP))
    place = open_bytes(data).section(fmt.K_SEALS)
    for at in range(place.offset, place.offset + fmt.SEAL_BYTES):
        broken = bytearray(data)
        broken[at] ^= 0x40
        assert open_bytes(bytes(broken)).seal(1) == CORRUPT


@pytest.mark.parametrize(
    ("seals", "seal", "keys", "words"),
    [
        ("EX-1", "text:EX-2", None, "none of the seals"),
        ("EX-1", f"nfc:{UID}", None, "none of the seals"),
        (f"{{nfc: {UID}, kind: ntag424}}", "", None, "seal_keys"),
        (CHIP, "", "{", "not JSON"),
        (CHIP, "", {"master": "1234", "system": SYSTEM}, "master"),
        (CHIP, "", {"master": MASTER, "system": "short"}, "system"),
        (f"{CHIP}, {CHIP}", "", KEYS, "already"),
        (f"{{nfc: {UID}, kind: ntag424, file_key: 12}}", "", None, "no key"),
        (f"{{nfc: {UID}, kind: mifare}}", "", KEYS, "does not fit"),
        ("{nfc: 04A1B2C3D4E588FF, kind: ntag424}", "", KEYS, "form"),
    ],
    ids=lambda value: str(value)[:30],
)
def test_refused(tmp_path: Path, seals: str, seal: str, keys: object, words: str):
    found = problems(site(tmp_path, seals, seal, keys))
    assert words in found
    assert "1234" not in found.replace(str(tmp_path), "") and MASTER not in found


def test_an_item_with_a_seal_is_sealed_and_no_other_has_it(tmp_path: Path):
    again = "\n"
    path = site(tmp_path, "EX-1", "text:EX-1")
    text = path.read_text()
    path.write_text(text.replace("    sealed: true\n", "    sealed: false\n", 1) + again)
    assert "sealed: true" in problems(path)
    second = (
        "  - {tag: text:EX-REG-0002, category: radio, owner: inmate-0001, sealed: true,"
        " seal: text:EX-1}\n"
    )
    path.write_text(text.replace("registered:\n", "registered:\n" + second, 1))
    assert "already" in problems(path)
