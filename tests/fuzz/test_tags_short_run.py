"""Some hundred inputs for every parser of tags, seals and frames; and that the judges see faults.

`make fuzz` runs a million of each: tags_run.py.
"""

import json
import os
import random
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest

from fuzz import tags_run
from fuzz.tags import engines, gs1_reading, on_micropython
from fuzz.tags.epc_writing import CLASSIC, PLUS, PLUS_PLUS, bits_of, whole_words
from gatescan.core.frames import engine_frames as frames
from gatescan.core.frames import iso14443a, pn532_frame, r200_frame
from gatescan.core.seals import sun
from gatescan.core.tags import (
    ai_table,
    associations,
    chip_ids,
    digital_link,
    documents,
    epc_fields,
    epc_plus,
    gtin,
    identity,
    lint,
    ndef,
    nfc_text,
)
from gatescan.drivers.rfid import type2
from gatescan_host.simulator.checkout import micropython

SEED = 20091  # always the same: `make fuzz` takes another one each time
INPUTS = 1500


def yes(*_: Any) -> bool:
    return True


def no(*_: Any) -> bool:
    return False


def nothing(*_: Any) -> None:
    return None


def short_number(bits: epc_fields.Bits, length: int) -> str:
    return str(int(bits.number((10**length - 1).bit_length(), length)))


@pytest.mark.parametrize("name", tags_run.TARGETS)
def test_some_hundred_inputs(name: str) -> None:
    row = tags_run.run_block(name, SEED, 0, INPUTS)
    assert not row["findings"], row["findings"]
    fates = row["fates"]
    assert sum(fates.values()) == INPUTS
    # both must be reached: what is read, and what is refused
    assert fates.get("good", 0) + fates.get("read", 0) > INPUTS // 10, fates
    assert fates["refused"] > INPUTS // 20, fates


# A parser with a fault, and the target that has to notice it. The driver of SSI engines forgets
# the module of its frames: who loads it after that has another one than the target.
FAULTS = {
    "no check digit": ("barcode", gtin, "check_ok", yes),
    "no check digit in an element": ("element_string", gtin, "check_ok", yes),
    "no rules of what goes together": ("element_string", associations, "fault_of", nothing),
    "no formats of values": ("element_string", lint, "fault_of", nothing),
    "any order of a link's parts": ("digital_link", digital_link, "_in_order", yes),
    "escapes as they stand": ("digital_link", digital_link, "unescape", lambda raw, _=0: raw),
    "anything behind an EPC": ("epc_classic", epc_fields.Bits, "end", nothing),
    "no check digit of an EPC": ("epc_classic", gtin, "check_digit", lambda *_: 0),
    "zeros of a serial lost": ("epc_plus", epc_plus, "_numeric", short_number),
    "signs that nobody sees": ("ndef", nfc_text, "is_shown", yes),
    "personal numbers kept": ("ndef", documents, "kind_of", lambda _: 0),
    "a message from anywhere": ("ndef_type2", ndef, "_take", lambda m, a, at, n, b: (n, at + n)),
    "any number is a card": ("documents", documents, "_luhn", yes),
    "noise is an id": ("chip_ids", chip_ids, "_same", no),
    "no MAC": ("seal_message", sun, "equal", yes),
    "no check of a frame": ("gm65", frames, "gm65_ok", yes),
    "no check of an M3Y frame": ("m3y", frames, "m3y_ok", yes),
    "no checksum of a packet": ("ssi", frames, "ssi_ok", yes),
    "an add-on lost": ("ssi_scan", engines.ssi_frame, "_retail", lambda k, a, d: (b"]E0", d[:12])),
    "the CRC of a tag": ("r200", r200_frame, "crc16", lambda _: 0),
    "frames without a check": ("pn532", pn532_frame, "inspect", lambda b, at, end: end - at),
    "UIDs of any form": ("iso14443a", iso14443a.Cascade, "answer", yes),
    "memory for a message": ("type2_reading", type2, "message_of_type2", bytes),
    "one key for all": ("element_string", gtin, "key_of", lambda *_: b"\x01"),
    "prefixes of products": ("barcode", gtin, "scheme_of", lambda _: 1),
    "serials of no weight": ("epc_plus", identity, "_KEYS", ()),
}


@pytest.mark.parametrize("what", FAULTS)
def test_the_judge_sees_a_fault(what: str, monkeypatch: pytest.MonkeyPatch) -> None:
    name, owner, attribute, fault = FAULTS[what]
    monkeypatch.setattr(owner, attribute, fault)
    fates = tags_run.run_block(name, SEED, 0, INPUTS)["fates"]
    assert fates["wrong"] + fates["crashes"] > 0, fates


ON_BOARDS = (
    "barcode", "element_string", "digital_link", "epc_classic", "epc_plus", "ndef", "ndef_type2",
    "documents", "chip_ids", "rdm6300", "seal_message", "seal_status",
)  # fmt: skip


def test_micropython_gives_the_same_answers(root: Path, tmp_path: Path) -> None:
    """Dicts without order, other ideas of digits and of UTF-8: none of it may be seen."""
    inputs = []
    for name in ON_BOARDS:
        inputs += [
            (name, case.data)
            for _, case in zip(range(800), tags_run.cases(name, SEED, 1), strict=False)
        ]
    file = tmp_path / "inputs.txt"
    file.write_text("".join(f"{name} {data.hex()}\n" for name, data in inputs))
    done = subprocess.run(
        [micropython(), "-X", "heapsize=4M", on_micropython.__file__, str(file)],
        env={**os.environ, "MICROPYPATH": f"{root / 'firmware'}{os.pathsep}.frozen"},
        capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    got = done.stdout.splitlines()
    assert len(got) == len(inputs)
    for (name, data), there in zip(inputs, got, strict=True):
        assert there == on_micropython.answer(name, data), (name, data.hex())


def test_a_hang_is_ended_and_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    def forever(*_: Any) -> bool:
        while True:
            pass

    monkeypatch.setattr(tags_run, "HANG_S", 0.05)
    monkeypatch.setattr(gtin, "check_ok", forever)
    fates = tags_run.run_block("barcode", SEED, 0, 3)["fates"]
    assert fates["hangs"] > 0, fates


def test_the_same_seed_gives_the_same_inputs() -> None:
    for name in tags_run.TARGETS:
        one, again, other = (tags_run.cases(name, seed, 3) for seed in (5, 5, 6))
        first = [next(one).data for _ in range(50)]
        assert first == [next(again).data for _ in range(50)]
        assert first != [next(other).data for _ in range(50)]


def test_a_stopped_run_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tags_run, "BUILD", tmp_path)
    monkeypatch.setattr(tags_run, "BLOCK", 40)
    row = tags_run.fuzz(["chip_ids"], 100, 9, 1)[0]
    notes = tmp_path / "tags-9.jsonl"
    lines = notes.read_text().splitlines()
    notes.write_text("\n".join(lines[:2]) + '\n{"target": "chip')
    assert (row["inputs"], len(lines)) == (100, 3)
    again = tags_run.fuzz(["chip_ids"], 100, 9, 1)[0]
    assert {**again, "seconds": 0} == {**row, "seconds": 0}


def test_the_second_reading_knows_all_identifiers() -> None:
    """Those of the shipped table, which is made from GS1's dictionary."""
    known = {name for name in gs1_reading.FORMS if len(name) == 2}
    assert known < {f"{n:02}" for n in range(100)}
    assert len(gs1_reading.FORMS) == len(ai_table.TAILS)


def test_the_writer_of_epcs_by_annex_e3(shared: Path) -> None:
    """What the judge of EPCs writes is what TDS 2.3 prints."""
    lines = (shared / "tags/epc_tds23.jsonl").read_text().splitlines()
    rows = [json.loads(line) for line in lines]
    seen = []
    for row in rows:
        if row["kind"] != "epc_tds_e3":
            continue
        digits = row["hex"] + "0" * (-len(row["hex"]) % 4)
        data = bytes.fromhex(digits)
        parts = row["dl_path"].partition("?")
        pairs = re.findall(r"/(\d+)/([^/]+)", parts[0]) + re.findall(r"(\d+)=([^&]+)", parts[2])
        pairs = [(ai, re.sub("%(..)", lambda m: chr(int(m[1], 16)), value)) for ai, value in pairs]
        given = "".join(f"{byte:08b}" for byte in data)
        assert whole_words(bits_of(data[0], pairs, random.Random(0), given)) == data, row
        seen.append(data[0])
    kinds = [sum(header in kind for header in seen) for kind in (CLASSIC, PLUS, PLUS_PLUS)]
    assert kinds == [11, 7, 4]
