"""Lists for benchmarks: what counts as an item, and what is refused with which sentence."""

import gzip
import hashlib

import pytest

from gatescan_host.bench.items import csv_text, read_items
from gatescan_host.errors import GatescanError

_ITEMS = [(400638133393, "radio"), (952000100107, "alcohol"), (9999999999999, "general")]


@pytest.fixture
def listed(tmp_path):
    def write(text: str):
        path = tmp_path / "items.csv"
        path.write_text(text, encoding="utf-8")
        return path

    return write


def test_every_length_with_a_valid_check_digit_counts_and_others_are_told(listed):
    path = listed(
        "gtin,category\n96385074,radio\n036000291452,tv\n4006381333931,general\n"
        "14006381333938,general\n4006381333932,general\n12,tv\nabc,tv\n\n2000000000008,tv\n"
    )
    found = read_items(path)
    assert found.pairs == [
        (9638507, "radio"), (3600029145, "tv"), (200000000000, "tv"), (400638133393, "general"),
        (1400638133393, "general"),
    ]  # fmt: skip
    assert found.skipped == 3
    assert found.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()


def test_the_same_code_in_two_lengths_is_one_item(listed):
    assert read_items(listed("category,gtin\ntv,4006381333931\ntv,04006381333931\n")).pairs == [
        (400638133393, "tv")
    ]


def test_packed_lists_and_the_generators_text_read_the_same(tmp_path, listed):
    packed = tmp_path / "items.csv.gz"
    packed.write_bytes(gzip.compress(csv_text(_ITEMS).encode()))
    assert read_items(packed).pairs == read_items(listed(csv_text(_ITEMS))).pairs == _ITEMS


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("gtin,category\n4006381333931,tv\n96385074,tv\n04006381333931,radio\n",
         ":4: 04006381333931 is 'radio' here and 'tv' at line 2: keep one"),
        ("gtin,name\n4006381333931,tv\n", ":1: the list does not begin with the columns"),
        ("gtin,category\n4006381333931,television\n", ":2: 'television' is no category"),
        ("gtin,category\n4006381333931,tv,x\n", ":2: 3 columns instead of 2"),
        ("gtin,category\n4006381333932,tv\n", "lists no code with a valid check digit"),
        ('gtin,category\n"4006381333931,tv\n', "this is no CSV"),
        ("", "does not begin with the columns"),
    ],
)  # fmt: skip
def test_mistakes_name_the_line(listed, text, sentence):
    with pytest.raises(GatescanError, match=r"items\.csv") as caught:
        read_items(listed(text))
    assert sentence in str(caught.value)


@pytest.mark.parametrize("data", [b"\x1f\x8bnot packed", b"gtin,category\n\xff\xfe,tv\n"])
def test_files_that_are_no_text_are_refused(tmp_path, data):
    path = tmp_path / "items.csv"
    path.write_bytes(data)
    with pytest.raises(GatescanError, match="no list in UTF-8"):
        read_items(path)
