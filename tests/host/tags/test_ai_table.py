"""The table of application identifiers, against a second reading of GS1's dictionary."""

import re
import sys
from itertools import product
from pathlib import Path

import pytest

from gatescan.core.tags import ai, ai_table
from gatescan_host.tags import make_ai_table
from gatescan_host.tags.make_ai_table import DictionaryError

_LINE = re.compile(r"(\d+)(?:-(\d+))?\s+([*?]*)\s*((?:\[?[NXYZ]\S*\s*)+)([^#]*)")


@pytest.fixture(scope="session")
def dictionary(shared: Path) -> str:
    return (shared / "tags/gs1-syntax-dictionary.txt").read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def lines(dictionary):
    """name -> (flags, format, {attribute: value}), read by a regular expression."""
    found = {}
    for line in dictionary.splitlines():
        match = _LINE.match(line)
        if match:
            first, last, flags, spec, attributes = match.groups()
            pairs = dict(f"{word}=".split("=")[:2] for word in attributes.split())
            for number in range(int(first), int(last or first) + 1):
                found[str(number).zfill(len(first))] = (flags, spec.split(), pairs)
    return found


def components(entry):
    """What ai_table.FORMATS holds, written as the dictionary writes it."""
    at, out = ai.format_of(entry), []
    while True:
        head, length = ai_table.FORMATS[at : at + 2]
        checks = ai_table.FORMATS[at + 2 : at + 2 + (head >> 5)]
        text = "NXYZ"[head & 3] + (".." if head & 8 else "") + str(length)
        text = f"[{text}]" if head & 4 else text
        out.append(",".join([text, *(make_ai_table.LINTERS[n - 1] for n in checks)]))
        if head & 16:
            return out
        at += 2 + len(checks)


def test_the_table_is_what_the_dictionary_makes(root, dictionary):
    path = root / "firmware/gatescan/core/tags/ai_table.py"
    assert path.read_text() == make_ai_table.source_of(dictionary)


def test_every_identifier_is_as_the_dictionary_has_it(lines):
    assert len(lines) == 541
    for name, (flags, spec, pairs) in lines.items():
        entry = ai.find(name.encode())
        assert ai.digits_of(entry) == len(name), name
        assert components(entry) == spec, name
        assert ai.required_by(entry).decode() == pairs.get("req", ""), name
        excluded = ai.excluded_by(entry).decode()
        excluded = name[:3] + "n" if excluded == make_ai_table.OWN_SERIES else excluded
        assert excluded == pairs.get("ex", ""), name
        wanted = int(re.sub(r"\D", "", spec[0].split(",")[0])) if "*" in flags else 0
        assert ai.predefined_length(entry) == wanted, name


def test_nothing_else_is_found(lines):
    for digits in (2, 3, 4):
        for symbols in product("0123456789", repeat=digits):
            text = "".join(symbols)
            known = [text[:n] for n in (2, 3, 4) if n <= digits and text[:n] in lines]
            entry = ai.find(text.encode())
            assert [text[: ai.digits_of(entry)]] * bool(entry) == known, text


@pytest.mark.parametrize("data", [b"", b"0", b"31", b"310", b"310A", b"A1", b"0\xb9", b"\x1d01"])
def test_no_identifier(data):
    assert ai.find(data) == 0


def test_what_a_digital_link_needs(lines):
    keys = {name: pairs["dlpkey"] for name, (_, _, pairs) in lines.items() if "dlpkey" in pairs}
    assert dict(word.split("=") for word in ai_table.LINK_KEYS.decode().split()) == keys
    path_only = [name for name, (flags, _, _) in lines.items() if "?" not in flags]
    assert ai_table.PATH_ONLY.decode().split() == path_only


def test_it_is_small():
    sizes = {k: len(v) for k, v in vars(ai_table).items() if isinstance(v, bytes)}
    assert sum(sizes.values()) <= 4096, sizes


@pytest.mark.parametrize(
    "line",
    [
        "01 *? N14,newcheck # a check that no scanner has",
        "01 *? N14 fee=1 # an attribute that no scanner knows",
        "01 *! N14 # a flag",
        "7003 *? N6 N4 # predefined, of two components",
        "01 *? N14\n011 X5 # 01 cannot be told from 011",
        "21 X..20 req=01 req=02 # twice",
        "253 N13 [X..17 # not closed",
    ],
)
def test_a_dictionary_that_does_not_fit_is_refused(line):
    with pytest.raises(DictionaryError):
        make_ai_table.source_of(line)


def test_the_command_prints_the_table(tmp_path, monkeypatch, capsys):
    path = tmp_path / "dictionary.txt"
    monkeypatch.setattr(sys, "argv", ["make_ai_table", str(path)])
    assert make_ai_table.main() == 1
    assert capsys.readouterr().err.startswith("No table was made: ")
    path.write_text("# two\n00 *? N18,csum,gcppos2 dlpkey # SSCC\n21 X..20 req=01 # SERIAL\n")
    assert make_ai_table.main() == 0
    made: dict = {}
    exec(capsys.readouterr().out, made)
    assert made["TAILS"] == b"\0\0"
    assert made["LINK_KEYS"] == b" 00= "
