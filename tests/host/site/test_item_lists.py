"""Item lists in files: every mistake with its line, nothing read whole, good rows found again."""

import gzip
import os
import tracemalloc

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from gatescan.core.tags import gtin
from gatescan_host.site.errors import Place, Problems
from gatescan_host.site.intake import Intake, unseen
from gatescan_host.site.item_codes import product_key, refusal
from gatescan_host.site.item_rows import csv_rows

HEAD = "gtin,category\n"
GOOD = "5901234123457,general\n"
OTHER = "4006381333931,radio\n"


def code(number: int) -> str:
    """The 13-digit code of 12 digits."""
    digits = b"%012d" % number
    return (digits + b"%d" % gtin.check_digit(digits, 0, 12)).decode()


MISTAKES = [
    (HEAD + GOOD + "5901234123458,general\n", "a.csv:3: 5901234123458 has a wrong check digit"),
    (HEAD + "# c\n\n" + GOOD + "4006381333931,radios\n", "a.csv:5: 'radios' is no category"),
    (HEAD + GOOD + OTHER + "05901234123457,radio\n", "general at a.csv:2"),
    ('name,category,gtin\n"Tea\n2 lines",general,5901234123458\n', "a.csv:2: 5901234123458"),
    ('name,category,gtin\n"Tea\n2",general,5901234123457\nx,radio,1\n', "a.csv:4: '1' is no"),
    (HEAD + GOOD + '"4006381333931,radio\n' + GOOD * 3, "a.csv:3: this is no CSV"),
    (HEAD + "# tøj\nx\n", "a.csv:3: 1 columns instead"),
    (HEAD + GOOD + ",\n" + "," + "general\n", "a.csv:4: '' is no product number"),
    (HEAD + "\x1b[2J,general\n", r"a.csv:2: '\x1b[2J' is no product number"),
    (HEAD + "9" * 5000 + ",general\n", "…' is no product number"),
    (HEAD + GOOD + "x" * 70_000 + "\n", "a.csv:3: a line of more than"),
    (HEAD.replace("\n", "\r") + "1,general\r", "a.csv:2: '1' is no product number"),
    (HEAD.encode() + GOOD.encode() + b"4006381333931,t\xf8j\n", "a.csv:3: this line is not"),
    ((HEAD + GOOD).encode("utf-16"), "a.csv:1: this line is not UTF-8"),
    ("gtin;category\n", "a.csv:1: the columns are 'gtin;category'"),
    ("gtin,gtin,category\n", "a.csv:1: the columns are"),
    ("# only words\n\n", "a.csv:1: the list is empty"),
]


@pytest.mark.parametrize(("text", "words"), MISTAKES, ids=range(len(MISTAKES)))
def test_mistakes_have_their_line(lists, text, words):
    lists.files(a=text)
    found = lists.mistakes()
    assert len(found) == 1 and words in found[0], found
    assert len(found[0]) < 500 and found[0].isprintable(), "short, and no control characters"


def test_a_conflict_between_two_lists_names_both(lists):
    lists.files(a=HEAD + GOOD, b_gz=HEAD + OTHER + "\n5901234123457,pocket_radio\n")
    assert lists.mistakes() == (
        "b.csv.gz:4: 5901234123457 is radio (battery) here and general at a.csv:2: keep one of"
        " the two lines.",
    )


def test_a_conflict_with_an_inline_item_names_both(lists):
    lists.files(a=HEAD + GOOD)
    inline = '  files: [a.csv]\n  inline:\n    - {gtin: "5901234123457", category: radio}\n'
    line = lists.site(inline).read_text().splitlines().index(inline.splitlines()[2]) + 1
    assert lists.mistakes()[0].startswith(f"site.yaml:{line}: 5901234123457 is radio here")


def test_compressed_lists_that_are_damaged(lists):
    rows = "".join(f"{code(300_000_000_000 + n * 7919)},general\n" for n in range(5000))
    data = gzip.compress((HEAD + rows).encode())
    holed = data[:2000] + bytes(99) + data[2099:]
    for bad in (data[: len(data) // 2], b"gtin,category\n", holed):
        lists.files(a_gz=bad)
        found = lists.mistakes()
        assert any("cannot be read further" in s and s.startswith("a.csv.gz:") for s in found)
    lists.files(a_gz=data)
    assert len(lists.taken().specs) == 5000


def test_files_that_are_none(lists):
    (lists.folder / "folder.csv").mkdir()
    lists.site("  files: [none.csv, folder.csv]\n")
    assert len(lists.mistakes()) == 2
    assert all(s.startswith("site.yaml:") and "cannot be read" in s for s in lists.mistakes())


def test_how_many_more_mistakes(lists):
    lists.files(a=HEAD + "1,general\n" * 200, b=HEAD + "5901234123457,x\n" * 100)
    found = lists.mistakes()
    assert len(found) == Problems.LIMIT + 1
    assert "250 more" in found[-1]


def test_twenty_thousand_rows(lists, rng):
    numbers = rng.sample(range(300_000_000_000, 976_999_999_999), 20_000)
    rows = [f"{code(number)},{rng.choice(('general', 'radio'))}\n" for number in numbers]
    rows += rng.sample(rows, 300)
    rng.shuffle(rows)
    told = []
    lists.files(a=HEAD + "".join(rows[:9000]), b_gz=HEAD + "".join(rows[9000:]))
    items = lists.taken(Intake(moved=lambda *step: told.append(step)))
    assert list(items.specs) == sorted(numbers), "in ascending order"
    assert items.repeated == 300
    assert items.place(int(rows[0][:12])) == Place(lists.folder / "a.csv", 2)
    assert [step[:2] for step in told] == [("a.csv", 8192), ("b.csv.gz", 8192)]
    assert all(0 < done <= total for _, _, done, total in told)


def test_a_list_is_not_read_whole(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("gtin,category,name\n" + f"5901234123457,general,{'x' * 300}\n" * 20_000)
    tracemalloc.start()
    try:
        count = sum(1 for _ in csv_rows(path, Place(path, 1), Problems(), unseen))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert count == 20_000
    assert peak < 500_000 < path.stat().st_size, "bytes in memory at a time"


def test_a_pipe_can_be_read(lists):
    read, write = os.pipe()
    os.write(write, (HEAD + GOOD).encode())
    os.close(write)
    lists.site(f"  files: [/dev/fd/{read}]\n")
    try:
        assert list(lists.taken().specs) == [590123412345]
    finally:
        os.close(read)


CODES = st.one_of(
    st.text(max_size=15),
    st.text("0123456789", min_size=8, max_size=14),
    st.integers(0, 10**13 - 1).map(
        lambda key: gtin.gtin14_of_key(gtin.key_of(1, b"%013d0" % key))
    ),
)


@given(CODES, st.sampled_from((8, 12, 13, 14)))
@example("00000096385074", 14)
@example("٣٤٥٦٧٨٩٠١٢٣٤٥", 13)
@example("²234567890128", 13)
def test_the_fast_way_takes_what_the_exact_one_takes(text, length):
    for candidate in (text, text[-length:]):
        key = product_key(candidate)
        if key is not None:
            assert refusal(candidate) is None and key == int(candidate[:-1])
        elif refusal(candidate) is None:
            assert int(candidate) < 10**8, "only a GTIN-8 is left to the exact way"
