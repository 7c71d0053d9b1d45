"""Ranges of products against a naive scan of the rules, and what a site file may say of them."""

import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gatescan.core.law import names
from gatescan.core.table import format as fmt
from gatescan.core.table import pages
from gatescan.core.table.format import CORRUPT, M_ITEM, M_NONE, M_RANGE, MISS, TableError
from gatescan.core.tags.gtin import check_digit
from gatescan_host.site.errors import Place, SiteError
from gatescan_host.site.example import example_text
from gatescan_host.site.load import load_site
from gatescan_host.table import encode, info
from gatescan_host.table.blocks import item_parts
from gatescan_host.table.build import build_table
from gatescan_host.table.ranges import Rule, contradictions, flatten, parts
from gatescan_host.table.read import open_bytes

SPECS = [(number, 0) for number in range(1, 34)]
IDS = {spec: n for n, spec in enumerate(SPECS)}
LAST = 10**13 - 1
EXAMPLE = '  - {prefix: "9520002", category: radio, attributes: [mains]}\n'


def rule(first: int, last: int, class_id: int, line: int = 1) -> Rule:
    return Rule(first, last, SPECS[class_id], Place(Path("site.yaml"), line))


def table_of(rules: list[Rule], items: dict[int, int]):
    sections = [encode.classes(SPECS), *item_parts(sorted(items.items()))]
    return encode.assemble([*sections, *parts(flatten(rules), IDS)])


def naive(rules: list[Rule], number: int) -> int:
    """The class of the smallest rule around a number, by looking at each."""
    around = [r for r in rules if r.first <= number <= r.last]
    return IDS[min(around, key=lambda r: r.size).spec] if around else MISS


def edges(rules: list[Rule]) -> set[int]:
    found = {0, LAST}
    for r in rules:
        found |= {r.first - 1, r.first, r.first + 1, r.last - 1, r.last, r.last + 1}
    return {number for number in found if 0 <= number <= LAST}


INTERVALS = st.one_of(
    st.tuples(st.integers(0, 60), st.integers(0, 40)),  # many on top of each other
    st.tuples(st.integers(0, LAST), st.integers(0, 10**12)),
    st.builds(lambda p, n: (p * 10**n, 10**n - 1), st.integers(0, 9999), st.integers(0, 9)),
)


@settings(max_examples=150, deadline=None)
@given(st.lists(INTERVALS, max_size=60), st.lists(st.integers(0, 99), max_size=9), st.randoms())
def test_answers_equal_a_naive_scan(intervals, listed, rng):
    sizes: dict[int, int] = {}  # rules of one size have one class: they never contradict
    rules = []
    for first, length in intervals:
        last = min(first + length, LAST)
        rules.append(rule(first, last, sizes.setdefault(last - first, rng.randrange(33))))
    assert contradictions(rules) == []
    items = {number: rng.randrange(33) for number in listed}
    table = open_bytes(table_of(rules, items), items_only=True)
    for number in edges(rules) | set(items) | set(range(100)):
        wanted = items.get(number, naive(rules, number))
        matched = M_ITEM if number in items else M_NONE if wanted == MISS else M_RANGE
        assert (table.lookup(number), table.matched) == (wanted, matched)
        key = b"\x01" + number.to_bytes(7, "big")
        assert (table.lookup_key(key), table.matched) == (wanted, matched)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 6), st.integers(0, 2)), max_size=8))
def test_contradictions_are_found(entries):
    rules = [rule(a, a + n, c, line) for line, (a, n, c) in enumerate(entries)]
    found = contradictions(rules)
    wanted = any(
        a.size == b.size and a.first <= b.last and b.first <= a.last and a.spec != b.spec
        for a in rules
        for b in rules
    )
    assert bool(found) == wanted
    assert all(one.place.line < other.place.line for one, other in found)


def test_steps_are_few_ascending_and_end():
    rules = [rule(10, 19, 1), rule(12, 13, 1), rule(20, 29, 1), rule(30, 39, 2), rule(33, 33, 3)]
    steps = flatten(rules)
    assert [(n, spec and IDS[spec]) for n, spec in steps] == [
        (10, 1), (30, 2), (33, 3), (34, 2), (40, None),
    ]  # fmt: skip
    assert flatten([]) == []
    assert parts([], IDS) == []


@pytest.mark.parametrize("index_bytes", [4096, 600])  # 600: the index stays in the file
def test_many_rules(index_bytes: int, monkeypatch: pytest.MonkeyPatch, rng: random.Random):
    monkeypatch.setattr(pages, "_MAX_INDEX_BYTES", index_bytes)
    rules = [rule(n * 10**8, n * 10**8 + 10**7 - 1, rng.randrange(33)) for n in range(20_000)]
    table = open_bytes(table_of(rules, {}), items_only=True)
    for r in rng.sample(rules, 2000):
        for number in (r.first - 1, r.first, r.last, r.last + 1):
            inside = r.first <= number <= r.last
            assert table.lookup(number) == (IDS[r.spec] if inside else MISS)


def test_damage_never_gives_a_wrong_class(rng: random.Random):
    rules = [rule(n * 1000, n * 1000 + 499, n % 33) for n in range(100)]
    items = {n * 1000 + 7: (n + 1) % 33 for n in range(0, 100, 9)}
    good = table_of(rules, items)
    probes = [*items, *range(0, 100_000, 2503), 499, 500, 10**12]
    for bit in rng.sample(range(len(good) * 8), 3000):
        bad = bytearray(good)
        bad[bit >> 3] ^= 1 << (bit & 7)
        try:
            table = open_bytes(bytes(bad), items_only=True)
        except TableError:
            continue
        for number in probes:
            wanted = items.get(number, naive(rules, number))
            assert table.lookup(number) in (wanted, CORRUPT), (bit, number)
        with pytest.raises(TableError):
            list(table.verify())


def site(folder: Path, new: str, old: str = EXAMPLE) -> Path:
    assert old in example_text()
    path = folder / "site.yaml"
    path.write_text(example_text().replace(old, new, 1), "utf-8")
    return path


def built(path: Path) -> bytes:
    return build_table(load_site(path), seq=1, created_utc=1_700_000_000, salt=bytes(16)).data


def printed(body: str) -> str:
    """The code with its check digit."""
    return body + str(check_digit(body.encode(), 0, len(body)))


def test_the_example_says_which_matched(tmp_path: Path):
    path = tmp_path / "t.gst1"
    path.write_bytes(built(site(tmp_path, EXAMPLE)))
    for body, category, matched in (
        ("952000200000", "radio", "range"),
        ("952000299999", "radio", "range"),
        ("952000230000", "valuable", "range"),  # the smaller one decides
        ("952000239999", "valuable", "range"),
        ("952000100107", "radio", "item"),
        ("952000199999", "unknown", None),
        ("952000300000", "unknown", None),
        ("1952000200000", "unknown", None),  # a carton is not what is in it
    ):
        got = info.get(path, printed(body))
        assert (got["category"], got["matched"]) == (category, matched), body
    assert info.get(path, printed("952000200000"))["attributes"] == ["mains"]
    assert info.get(path, "EX-000001")["matched"] == "tag"
    assert info.get(path, "EX-9")["matched"] is None
    assert info.get(path, "12345670")["matched"] is None
    assert "range_index" in info.info(path)["sections"]


def test_classes_of_the_site_and_short_numbers(tmp_path: Path):
    new = f"""  - {{prefix: "012345678", category: pocket_radio}}
  - {{from: "{printed('9638500')}", to: "{printed('9638599')}", category: phone}}
  - {{from: "{printed('1952000200000')}", to: "{printed('1952000299999')}", category: radio}}
"""
    table = open_bytes(built(site(tmp_path, new)))
    radio = names.CATEGORIES.index("radio")
    assert table.class_of(table.lookup(int("012345678999")))[0] == radio
    assert table.class_of(table.lookup(int("012345678999")))[1] != 0
    assert table.class_of(table.lookup(9638507))[0] == names.CATEGORIES.index("phone")
    assert table.class_of(table.lookup(1952000212345))[0] == radio
    assert table.lookup(9638600) == MISS


def test_no_ranges_no_section(tmp_path: Path):
    text = example_text()
    at, end = text.index("ranges:\n"), text.index("# card:")
    path = tmp_path / "site.yaml"
    path.write_text(text[:at] + text[end:], "utf-8")
    assert open_bytes(built(path)).section(fmt.K_RANGES) is None


REFUSED = [
    ("{category: radio}", "must have either prefix"),
    ('{prefix: "9520002", from: "96385074", category: radio}', "must have either prefix"),
    ('{from: "9520002000003", category: radio}', "must have either prefix"),
    ('{prefix: "95", category: radio}', "form"),
    ('{prefix: "9520002000003", category: radio}', "form"),
    ("{prefix: 9520002, category: radio}", "quotes"),
    ('{prefix: "9520002", category: radios}', "no category and no class"),
    ('{prefix: "9520002", category: radio, attributes: [red]}', "use"),
    ('{prefix: "978", category: radio}', "kind isbn"),
    ('{prefix: "2000", category: radio}', "kind restricted"),
    ('{prefix: "000", category: radio}', "GTIN-8 too"),
    ('{prefix: "000000123", category: radio}', "GTIN-8 too"),
    ('{from: "9520003000004", to: "9520003999991", category: radio}', "check digit"),
    ('{from: "9520003000002", to: "9520003000002", category: radio}', "computed"),
    (
        f'{{from: "{printed("952000399999")}", to: "{printed("952000300000")}", category: radio}}',
        "behind its end",
    ),
    (
        f'{{from: "{printed("9638507")}", to: "{printed("952000300000")}", category: radio}}',
        "two kinds",
    ),
    (
        f'{{from: "{printed("952000300000")}", to: "{printed("1952000300000")}",'
        " category: radio}",
        "two kinds",
    ),
    (
        f'{{from: "{printed("978000000000")}", to: "{printed("978999999999")}", category: radio}}',
        "kind isbn",
    ),
]


@pytest.mark.parametrize(("entry", "words"), REFUSED, ids=lambda v: v[:44])
def test_refused_with_file_and_line(tmp_path: Path, entry: str, words: str):
    path = site(tmp_path, f"  - {entry}\n")
    line = path.read_text("utf-8").partition(f"  - {entry}")[0].count("\n") + 1
    with pytest.raises(SiteError) as caught:
        built(path)
    found = [s for s in caught.value.problems if words in s]
    assert found, caught.value.problems
    assert found[0].startswith(f"{path}:{line}:")


def test_two_of_one_size_name_both_lines(tmp_path: Path):
    new = EXAMPLE + '  - {prefix: "9520002", category: phone}\n'
    path = site(tmp_path, new)
    line = path.read_text("utf-8").partition(EXAMPLE)[0].count("\n") + 1
    with pytest.raises(SiteError) as caught:
        built(path)
    assert len(caught.value.problems) == 1
    assert caught.value.problems[0].startswith(f"{path}:{line + 1}: ")
    assert f"{path}:{line} " in caught.value.problems[0]
    built(site(tmp_path, EXAMPLE + EXAMPLE))  # said twice is said
