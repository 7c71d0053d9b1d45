"""Site files: the shipped ones are good; every mistake is told with file, line and remedy."""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gatescan_host.site.errors import Problems, SiteError
from gatescan_host.site.example import example_text
from gatescan_host.site.items import ItemList, refusal
from gatescan_host.site.load import load_site
from gatescan_host.site.model import Policy, Site
from gatescan_host.site.schema import SCHEMA_FILE, schema_text

DEMO = Path(__file__).resolve().parents[3] / "host_tools/gatescan_host/site/demo/vestre.yaml"


def write(folder: Path, text: str, items: str | None = None) -> Path:
    path = folder / "site.yaml"
    path.write_text(text, encoding="utf-8")
    if items is not None:
        (folder / "items.csv").write_text(items, encoding="utf-8")
    return path


def problems_of(path: Path) -> tuple[str, ...]:
    """All sentences, from the file itself and from its item lists."""
    try:
        found = Problems()
        ItemList(load_site(path), found)
        found.raise_if_any()
    except SiteError as error:
        assert all("Traceback" not in sentence for sentence in error.problems)
        return error.problems
    return ()


def test_the_example_is_complete_and_good(tmp_path: Path):
    path = write(tmp_path, example_text())
    assert problems_of(path) == ()
    site = load_site(path).site
    assert set(Site.model_fields) <= site.model_fields_set
    for name in Policy.model_fields:
        assert f"{name}:" in example_text()


@pytest.mark.parametrize("seal", ["", '""', "VF-000201", "[a]", "nfc:04a1b2c3d4e580"])
def test_a_seal_that_is_none_is_told(tmp_path: Path, seal: str):
    text = DEMO.read_text(encoding="utf-8")
    assert text.count("seal: text:VF-000201") == 1
    (told,) = problems_of(write(tmp_path, text.replace("text:VF-000201", seal, 1)))
    assert "leave the line out" in told and "[ -~]" not in told


def test_the_demonstration_is_good():
    assert problems_of(DEMO) == ()
    found = Problems()
    assert 60 <= len(ItemList(load_site(DEMO), found).specs) <= 120


def test_the_schema_file_is_current():
    assert SCHEMA_FILE.read_text(encoding="utf-8") == schema_text(), (
        "run python -m gatescan_host.site.schema"
    )
    assert json.loads(schema_text())["additionalProperties"] is False


MISTAKES = [
    ("valid_days: 14", "valid_days: 0", "valid_days"),
    ("valid_days: 14", "valid_day: 14", "not known here"),
    ("valid_days: 14", "valid_days: 'x'", "valid_days"),
    ("institution: closed_prison", "institution: castle", "use 'open_prison'"),
    ("  pay_exam: false", "  pay_exam: perhaps", "pay_exam"),
    ("  pay_exam: false", "  pay_exams: false", "not known here"),
    ("seal_exempt: [wristwatch", "seal_exempt: [watch", "no category"),
    ("category: radio, attributes: [battery]", "category: radios, attributes: []", "no category"),
    ("  - id: inmate-0001", "  - id: 010203-1234", "registration number"),
    ("  - id: inmate-0001", "  - id: '0102031234'", "registration number"),
    ("  - id: inmate-0001", "  - id: hansen", "could be a name"),
    ("  - id: inmate-0001", "  - id: Inmate-0001", "form"),
    ("card: em4100:0100000A01", "card: em4100:0100000A", "form"),
    ("card: em4100:0100000A01", "card: text:010203-1234", "registration number"),
    ("regime: sentenced", "regime: free", "'sentenced' or 'pretrial'"),
    ("restricted: []\n", "restricted: perhaps\n", "unknown"),
    ("tag: text:EX-REG-0001", "tag: EX-REG-0001", "form"),
    ('gtin: "9520001001079"', "gtin: 9520001001079", "quotes"),
    ('gtin: "9520001001079"', 'gtin: "9520001001078"', "check digit"),
    ('gtin: "9520001001079"', 'gtin: "9780670022151"', "isbn"),
    ('gtin: "9520001001079"', 'gtin: "2135040039753"', "restricted"),
    ('gtin: "9520001001079"', 'gtin: "12345670"', "UPC-E"),
    ("category: pocket_radio}", "category: pocket_radios}", "no class"),
    ("  pocket_radio: {", "  radio: {", "a category already"),
    ("  files: []", "  files: [none.csv]", "cannot be read"),
    ("cash: [100, 200", "cash: [0, 200", "cash"),
    ("languages: [da, en]", "languages: [se]", "languages"),
]


@pytest.mark.parametrize(("good", "bad", "words"), MISTAKES, ids=lambda v: v[:30])
def test_mistakes_name_file_line_and_remedy(tmp_path: Path, good: str, bad: str, words: str):
    text = example_text()
    assert text.count(good) >= 1, good
    before, _, _ = text.partition(good)
    path = write(tmp_path, text.replace(good, bad, 1))
    found = problems_of(path)
    assert found, "the mistake was not seen"
    line = before.count("\n") + 1
    assert any(s.startswith(f"{path}:{line}:") and words in s for s in found), found


def test_missing_keys_are_named(tmp_path: Path):
    assert any("key 'order_id' is missing" in s for s in problems_of(write(tmp_path, "seals: []")))


@pytest.mark.parametrize(
    "text", ["", "a: [", "- 1", "a: b: c", "\x00", "x: &a [*a]", "a: 1\na: 2", "?", "%YAML 9.9\n"]
)
def test_no_yaml_is_said_in_one_sentence(tmp_path: Path, text: str):
    assert problems_of(write(tmp_path, text))


def test_missing_file(tmp_path: Path):
    assert "site init" in problems_of(tmp_path / "none.yaml")[0]


def with_items(folder: Path, csv_text: str) -> Path:
    return write(folder, example_text().replace("files: []", "files: [items.csv]"), csv_text)


CSV_MISTAKES = [
    ("gtin,category\n5901234123458,general\n", 2, "check digit"),
    ("# c\ngtin,category\n\n5901234123457,generals\n", 4, "no category"),
    ("gtin,category\n5901234123457,general\n5901234123457,radio\n", 3, "items.csv:2"),
    ("gtin,category\n5901234123457\n", 2, "commas"),
    ("gtin,category\n5901234123457,general,x\n", 2, "commas"),
    ("gtin,kind\n", 1, "begin the list"),
    ("gtin,category,price\n", 1, "begin the list"),
    ("5901234123457,general\n", 1, "begin the list"),
    ("", 1, "empty"),
    ("gtin,category\n590123412345x,general\n", 2, "product number"),
    ("gtin,category\n५901234123457,general\n", 2, "product number"),
    ("gtin,category\n9780670022151,general\n", 2, "isbn"),
    ("gtin,category\n2135040039753,general\n", 2, "restricted"),
    ("gtin,category\n9800000000007,general\n", 2, "coupon"),
    ("gtin,category,attributes\n5901234123457,general,heavy\n", 2, "no attribute"),
    ('gtin,category\n"5901234123457,general\n', 2, "quotes"),
]


@pytest.mark.parametrize(("text", "line", "words"), CSV_MISTAKES, ids=lambda v: str(v)[:30])
def test_mistakes_in_item_lists(tmp_path: Path, text: str, line: int, words: str):
    path = with_items(tmp_path, text)
    place = f"{tmp_path / 'items.csv'}:{line}:"
    found = problems_of(path)
    assert any(s.startswith(place) and words in s for s in found), found


def test_good_list(tmp_path: Path):
    path = with_items(
        tmp_path,
        "\ufeff# from a shop\r\nGTIN,category,attributes,name\r\n"
        "5901234123457,general,,\"Tea, black\"\r\n05901234123457,general,,again\r\n"
        "96385074,pocket_radio,mains,x\r\n",
    )
    found = Problems()
    items = ItemList(load_site(path), found)
    found.raise_if_any()
    assert items.specs[590123412345] == (33, 0)
    assert items.specs[9638507] == (21, 3)
    assert items.repeated == 1


def test_many_mistakes_are_cut_short(tmp_path: Path):
    rows = "".join(f"{n},general\n" for n in range(200))
    found = problems_of(with_items(tmp_path, "gtin,category\n" + rows))
    assert len(found) == Problems.LIMIT + 1
    assert "150 more" in found[-1]


@settings(max_examples=100, deadline=None)
@given(text=st.text(max_size=300))
def test_no_text_raises_anything_else(tmp_path_factory: pytest.TempPathFactory, text: str):
    folder = tmp_path_factory.mktemp("site")
    problems_of(write(folder, text))
    path = with_items(folder, "gtin,category\n" + text.replace("\ud800", ""))
    problems_of(path)


@given(st.text(max_size=16))
def test_refusal_never_raises(text: str):
    refusal(text)
