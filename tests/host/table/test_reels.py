"""Seals by the reel against a plain set of serials, and what a site file may say of them."""

import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gatescan.core import codes
from gatescan.core.table import format as fmt
from gatescan.core.table.format import CORRUPT, M_NONE, M_REEL, M_TAG, TableError
from gatescan.core.tags import barcode
from gatescan_host.site.errors import SiteError
from gatescan_host.site.example import example_text
from gatescan_host.site.load import load_site
from gatescan_host.table import info
from gatescan_host.table.build import build_table
from gatescan_host.table.read import open_bytes
from gatescan_host.table.reels import place_of, serial, split

SEALS = "seals: [EX-000001, EX-000002, {from: EX-100001, to: EX-100500}]"
SALT = bytes(range(16))


def site(folder: Path, seals: str) -> Path:
    assert SEALS in example_text()
    path = folder / "site.yaml"
    path.write_text(example_text().replace(SEALS, f"seals: [{seals}]", 1), "utf-8")
    return path


def built(path: Path, salt: bytes = SALT) -> bytes:
    return build_table(load_site(path), seq=1, created_utc=1_700_000_000, salt=salt).data


def reel(first: str, last: str) -> str:
    return f'{{from: "{first}", to: "{last}"}}'


def is_seal(table, text: str) -> bool:
    found = table.lookup_tag(b"\x10" + text.encode())
    assert found is None or tuple(found) == (codes.TK_SEAL, -1, -1, 0, 0, 0)
    return found is not None


STEMS = st.sampled_from(["A", "a", "AB-", "7-", "Z 9x", "A1000000000"])
RUNS = st.tuples(STEMS, st.integers(2, 9), st.integers(0, 10**9), st.integers(0, 200))


@settings(max_examples=60, deadline=None)
@given(runs=st.lists(RUNS, max_size=25), near=st.booleans())
def test_answers_equal_a_set(tmp_path_factory: pytest.TempPathFactory, runs, near):
    serials: set[str] = set()
    edges: set[str] = set()
    entries = []
    for stem, digits, start, length in runs:
        first = start % (300 if near else 10**digits)
        last = min(first + length, 10**digits - 1)
        first = min(first, last)
        texts = {f"{stem}{n:0{digits}d}" for n in range(first, last + 1)}
        if texts & serials:
            continue
        serials |= texts
        entries.append(reel(f"{stem}{first:0{digits}d}", f"{stem}{last:0{digits}d}"))
        edges |= {f"{stem}{n:0{digits}d}" for n in (first - 1, last + 1) if 0 <= n < 10**digits}
        edges |= {f"{stem}{n:0{digits + 1}d}" for n in (first, last)}
        edges |= {f"{stem.swapcase()}{first:0{digits}d}", stem, f"{stem}{first:0{digits}d}-"}
    table = open_bytes(built(site(tmp_path_factory.mktemp("site"), ", ".join(entries))))
    for text in serials | edges:
        assert is_seal(table, text) == (text in serials), text
        assert table.matched == (M_REEL if text in serials else M_NONE)


def test_split_is_what_the_format_says():
    assert split("EX-000120") == (("EX-", 6), 120)
    assert split("A1234567890") == (("A1", 9), 234567890)
    assert split("EX") is None
    assert split("EX1 ") is None
    assert split("EX٣") is None
    assert serial(("EX-", 6), 120) == "EX-000120"


def test_reels_in_a_row_are_one_record_and_take_14_bytes(tmp_path: Path):
    rows = [reel(f"A{n:06d}", f"A{n + 499:06d}") for n in range(0, 20_000, 500)]
    table = open_bytes(built(site(tmp_path, ", ".join(rows))))
    assert table.section(fmt.K_REELS).count == 1
    rows = [reel(f"A{n:06d}", f"A{n + 399:06d}") for n in range(0, 150_000, 500)]
    table = open_bytes(built(site(tmp_path, ", ".join(rows))))
    section = table.section(fmt.K_REELS)
    assert section.count == 300
    assert section.length <= 300 * fmt.REEL_BYTES + 300 // 36 * 8 + 512
    for n in range(0, 150_000, 97):
        assert is_seal(table, f"A{n:06d}") == (n % 500 < 400)


def test_a_single_tag_wins_and_get_says_which(tmp_path: Path):
    path = tmp_path / "t.gst1"
    path.write_bytes(built(site(tmp_path, f"EX-7, {reel('EX-08', 'EX-99')}")))
    for text, matched in (("EX-7", "tag"), ("EX-08", "reel"), ("EX-99", "reel"), ("EX-07", None)):
        got = info.get(path, text)
        assert (got["found"], got["matched"]) == (matched is not None, matched)
        assert (got["tag"] or {}).get("kind") == ("seal" if matched else None)
    assert "reel_index" in info.info(path)["sections"]
    assert open_bytes(built(site(tmp_path, "EX-7"))).section(fmt.K_REELS) is None


def test_no_serial_stands_in_the_file(tmp_path: Path):
    data = built(site(tmp_path, reel("SECRET-000100", "SECRET-000999")))
    assert b"SECRET" not in data
    assert built(site(tmp_path, reel("SECRET-000100", "SECRET-000999"))) == data


def test_a_salt_under_which_reels_collide_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    path = site(tmp_path, f"{reel('A000', 'A500')}, {reel('B500', 'B900')}")
    for base in ((1 << 48) - 600, 7):
        monkeypatch.setattr(
            "gatescan_host.table.reels.place_of", lambda salt, stem, at=base: (at, bytes(4))
        )
        with pytest.raises(ValueError, match="build again"):
            built(path)


def test_another_stem_at_the_same_place_is_no_hit(tmp_path: Path):
    """The check bytes tell two stems apart whose places touch: found by trying stems."""
    table = open_bytes(built(site(tmp_path, reel("A000000000", "A999999999"))))
    base, check = place_of(SALT, ("A", 9))
    other = next(
        stem
        for stem in (f"Q{n}-" for n in range(10**6))
        if -(10**9) < place_of(SALT, (stem, 9))[0] - base < 10**9
    )
    at, other_check = place_of(SALT, (other, 9))
    assert check != other_check
    assert is_seal(table, serial(("A", 9), 500_000_000))
    number = max(base - at, 0) + 1
    assert base <= at + number < base + 10**9
    assert not is_seal(table, serial((other, 9), number))


def test_damage_never_gives_a_seal_that_is_none(tmp_path: Path, rng: random.Random):
    rows = [reel(f"A{n:06d}", f"A{n + 99:06d}") for n in range(0, 20_000, 500)]
    good = built(site(tmp_path, f"A999999, {', '.join(rows)}"))
    place = open_bytes(good).section(fmt.K_REELS)
    texts = [f"A{n:06d}" for n in range(0, 20_000, 511)]
    for bit in rng.sample(range(place.length * 8), 1500):
        bad = bytearray(good)
        bad[place.offset + (bit >> 3)] ^= 1 << (bit & 7)
        table = open_bytes(bytes(bad))
        assert table.lookup_tag(b"\x10A999999").kind == codes.TK_SEAL
        assert table.matched == M_TAG
        for text in texts:
            found = table.lookup_tag(barcode.parse(text.encode()).key)
            assert found == CORRUPT or (found is not None) == (int(text[1:]) % 500 < 100)
        if bit % 50 == 0:
            with pytest.raises(TableError):
                list(table.verify())


REFUSED = [
    (reel("A500", "A100"), "behind its end"),
    (reel("A100", "B500"), "not alike"),
    (reel("A100", "A1500"), "not alike"),
    (reel("A1234567890", "A2234567890"), "not alike"),
    (reel("A", "A"), "not alike"),
    (reel("GSC-CAT01", "GSC-CAT09"), "kept for command barcodes"),
    (reel("123456", "123499"), "cannot be a tag"),
    (reel("5901234123457", "5901234123457"), "of kind gtin"),
    (reel("010203-1234", "010203-1299"), "registration number"),
    ("{from: 1, to: 2}", "quotes"),
    ("{from: A1}", "'to' is missing"),
    ("{from: A1, to: A2, kind: x}", "not known here"),
    ("5", "quotes"),
    (reel("EX-REG-0000", "EX-REG-0009"), "a tag of its own"),
    (reel("EX-BADGE-00", "EX-BADGE-09"), "a tag of its own"),
]


@pytest.mark.parametrize(("entry", "words"), REFUSED, ids=lambda v: v[:40])
def test_refused_with_file_and_line(tmp_path: Path, entry: str, words: str):
    path = site(tmp_path, entry)
    line = path.read_text("utf-8").partition("seals: [")[0].count("\n") + 1
    with pytest.raises(SiteError) as caught:
        built(path)
    found = caught.value.problems[0]
    assert all(words in sentence for sentence in caught.value.problems), caught.value.problems
    assert abs(int(found.removeprefix(f"{path}:").split(":")[0]) - line) <= 1


OVERLAPS = [
    (reel("A100", "A200"), reel("A200", "A300"), "holds A200"),
    (reel("A100", "A300"), reel("A150", "A200"), "holds A150"),
    ("A150", reel("A100", "A200"), "A150 is a seal of a reel and a tag"),
    (reel("A100", "A200"), "A200", "A200 is a seal of a reel and a tag"),
]


@pytest.mark.parametrize(("one", "other", "words"), OVERLAPS)
def test_what_overlaps_names_both_lines(tmp_path: Path, one: str, other: str, words: str):
    path = site(tmp_path, f"\n  {one},\n  {other}\n")
    line = path.read_text("utf-8").partition("seals: [")[0].count("\n") + 2
    with pytest.raises(SiteError) as caught:
        built(path)
    assert len(caught.value.problems) == 1
    assert caught.value.problems[0].startswith(f"{path}:{line + 1}: ")
    assert words in caught.value.problems[0]
    assert f"{path}:{line} " in caught.value.problems[0]
