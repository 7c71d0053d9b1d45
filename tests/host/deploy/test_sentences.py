"""Refusals without their sentences: the same tags are refused, and nothing else is lost."""

import ast
import subprocess
import sys
from pathlib import Path

from gatescan_host.deploy.sentences import silence
from host.deploy.shipped_texts import texts

SOURCE = """
_HAND = " Classify the item by hand."
_SHORT = "The code is short." + _HAND
_LONG = "The code is long." + _HAND
_BOTH = "Two readings fit." + _HAND
_LETTERS = "abc"


def refused(sentence, inferred=False):
    return (sentence, inferred)


def read(code):
    if len(code) < 2:
        return refused(
            _SHORT,
            True,
        )
    if code in _LETTERS:
        return refused(_BOTH)
    if len(code) > 9:
        return refused("%d are too many.%s" % (len(code), _HAND) if code[0] == "1" else _LONG)
    return refused(code + _HAND), _BOTH
"""

# one of each kind of carrier and fault, as engines and readers send them
CODES = (
    b"]E05901041003003", b"]E05901041003004", b"]E3", b"12345670", b"96385074", b"]C10100", b"",
    b"]d20109521234543213211234\x1d10AB", b"]I112345678901231", b"]I3123", b"]d3x", b"]ZZ",
    b"https://id.gs1.org/01/09521234543213", b"https://x.example/", b"urn:x", b"a" * 60,
    b"a" * 600, b"]e1x",
    b"no such tag", b"   ", b"\x01", b"4111111111111111", b"123", b"0109521234543213",
)  # fmt: skip
PRINT = """
import sys
from gatescan.core.tags import barcode, chip_ids, em4100, epc, ndef
for line in sys.stdin.read().split():
    raw = bytes.fromhex(line[1:])
    tags = [barcode.parse(raw), em4100.read(raw), chip_ids.iso14443a(raw), ndef.read(raw)]
    tags.append(epc.read(raw))
    print([tag._replace(error=tag.error is None) for tag in tags])
"""


def test_sentences_go_and_what_they_were_made_of():
    after = silence({"m.py": SOURCE})["m.py"]
    assert after.count("\n") == SOURCE.count("\n")
    before: dict[str, object] = {}
    exec(SOURCE, before)
    silent: dict[str, object] = {}
    exec(after, silent)
    read, hush = before["read"], silent["read"]
    assert callable(read) and callable(hush)
    assert read("x") == ("The code is short. Classify the item by hand.", True)
    assert hush("x") == ("?", True)
    assert hush("ab") == hush("1" * 10) == hush("2" * 10) == ("?", False)
    assert hush("xyz") == read("xyz"), "a sentence that is computed stays, and so does its part"
    assert "_SHORT" not in after and "_LONG" not in after
    assert "_LETTERS" in after


def test_other_modules_stay_as_they_are():
    source = '_HAND = "x"\n\n\ndef refusal(text):\n    return text + _HAND\n'
    assert silence({"m.py": source}) == {"m.py": source}


def test_the_firmware_refuses_the_same_tags(root: Path, tmp_path: Path):
    sources = texts()
    silent = silence(sources)
    saved = sum(len(sources[path]) - len(silent[path]) for path in sources)
    assert saved > 3000
    for path, text in silent.items():
        assert text.count("\n") == sources[path].count("\n"), path
        ast.parse(text)
        target = tmp_path / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
    told = "\n".join("." + code.hex() for code in CODES)
    found = [
        subprocess.run(
            [sys.executable, "-c", PRINT], input=told, env={"PYTHONPATH": str(folder)},
            capture_output=True, text=True, check=True, timeout=60,
        ).stdout
        for folder in (root / "firmware", tmp_path)
    ]  # fmt: skip
    assert found[0].count("\n") == len(CODES)
    assert found[0] == found[1]
