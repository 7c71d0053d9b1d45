"""The sheet closes the loop: printed, rendered, read with zxing-cpp, found in the table."""

import json
import os
from pathlib import Path
from typing import NamedTuple

import pypdfium2
import pytest
import zxingcpp
from PIL import Image

import demo_site
from gatescan.core import codes
from gatescan.core.law import names
from gatescan.core.tags import barcode
from gatescan_host.rules import codes as shared_lists
from gatescan_host.sheets.content import Group, Sheet, make_sheet
from gatescan_host.sheets.pdf import make_pdf, paginate
from gatescan_host.sheets.symbols import Symbol, modules_of
from gatescan_host.site.example import example_text
from gatescan_host.site.load import load_site
from gatescan_host.table import commands
from gatescan_host.table.build import build_table
from gatescan_host.table.read import open_bytes
from host_side import gatescan, is_sentence
from host_side import own_home as own_home

SALT = bytes(range(16))
DPI = 300
MM = DPI / 25.4  # pixels
WHITE = 250
IDS = {Symbol.CODE128: "]C0", Symbol.QR: "]Q1"}
FORMS = [(symbol, lang) for symbol in Symbol for lang in ("da", "en")]


class Code(NamedTuple):
    """A barcode as a reader saw it."""

    text: str
    mark: str
    box: tuple[int, int, int, int]  # pixels: left, top, right, bottom


class Page(NamedTuple):
    image: Image.Image
    codes: list[Code]
    pdf: pypdfium2.PdfPage

    def words_around(self, code: Code) -> str:
        """The words of the cell in which a barcode stands: 93 by 33 mm, two columns."""
        x, y = (code.box[0] + code.box[2]) / 2 / MM, (code.box[1] + code.box[3]) / 2 / MM
        left = 12.0 if x < 105 else 105.0
        top = y - (20 if code.mark == "]C0" else 16.5)
        points, height = 72 / 25.4, self.pdf.get_height()
        found = self.pdf.get_textpage().get_text_bounded(
            left=left * points, right=(left + 93) * points,
            top=height - (top + 0.5) * points, bottom=height - (top + 32.5) * points,
        )  # fmt: skip
        return " ".join(found.split())


def demo(lang: str | None = None) -> Sheet:
    return make_sheet(load_site(demo_site.site_file()), SALT, lang)


def rendered(data: bytes, dpi: float = DPI) -> list[Page]:
    pages = []
    for page in pypdfium2.PdfDocument(data):
        image = page.render(scale=dpi / 72, grayscale=True).to_pil()
        read = []
        for one in zxingcpp.read_barcodes(image):
            corners = [getattr(one.position, name) for name in
                       ("top_left", "top_right", "bottom_left", "bottom_right")]  # fmt: skip
            xs, ys = [c.x for c in corners], [c.y for c in corners]
            box = (min(xs), min(ys), max(xs), max(ys))
            read.append(Code(one.text, one.symbology_identifier, box))
        pages.append(Page(image, read, page))
    return pages


@pytest.fixture(scope="module", params=FORMS, ids=lambda form: "-".join(form))
def printed(request) -> tuple[Symbol, Sheet, list[Page]]:
    symbol, lang = request.param
    sheet = demo(lang)
    return symbol, sheet, rendered(make_pdf(sheet, symbol).data)


@pytest.fixture(scope="module")
def table():
    source = load_site(demo_site.site_file())
    return open_bytes(build_table(source, seq=1, created_utc=1_700_000_000, salt=SALT).data)


def test_every_barcode_is_read_once_and_found_with_its_category(printed, table):
    symbol, sheet, pages = printed
    read = [code for page in pages for code in page.codes]
    assert sorted(c.text for c in read) == sorted(e.text for e in sheet.entries)
    every = commands.of_site(load_site(demo_site.site_file()).site.cash)
    by_text = {commands.text_of(SALT, one.name): one for one in every}
    assert set(by_text) == {code.text for code in read}
    for code in read:
        assert code.mark == IDS[symbol]
        record = table.lookup_tag(barcode.parse((code.mark + code.text).encode()).key)
        one = by_text[code.text]
        assert (record.kind, record.command, record.arg) == (
            codes.TK_COMMAND, one.command, one.dkk)
        if one.category:
            assert table.class_of(record.class_id) == (one.category, 0)


def test_words_and_text_stand_beside_their_own_barcode(printed):
    _, sheet, pages = printed
    meanings = {entry.text: entry.meaning for entry in sheet.entries}
    assert len(set(meanings.values())) == len(meanings), "two barcodes with the same words"
    for page in pages:
        for code in page.codes:
            assert page.words_around(code) == f"{meanings[code.text]} {code.text}"


def test_modules_are_wide_and_quiet_zones_kept(printed):
    """ISO/IEC 15417, 4.2.1: 10 modules at the sides; ISO/IEC 18004, 6.3.8: 4 all around."""
    symbol, _, pages = printed
    for page in pages:
        for code in page.codes:
            left, top, right, bottom = code.box
            columns = modules_of(symbol, code.text).columns
            module = (right - left) / columns
            assert module / MM >= 0.33, code
            if symbol is Symbol.CODE128:
                # the reader reports one line through the bars
                assert columns * 0.33 <= 93
                quiet, above = 10 * module, 0.0
                assert all(
                    band(page.image, code.box, dy) == band(page.image, code.box, 0)
                    for dy in (-4 * MM, 4 * MM)
                ), "bars less than 8 mm high"
            else:
                quiet = above = 4 * module
            edge = 4  # pixels: corners are not reported more exactly
            zones = [
                (left - quiet, top, left - edge, bottom + 1),
                (right + edge, top, right + quiet, bottom + 1),
            ]
            if above:
                zones += [
                    (left - quiet, top - above, right + quiet, top - edge),
                    (left - quiet, bottom + edge, right + quiet, bottom + above),
                ]
            for zone in zones:
                darkest, _ = page.image.crop(tuple(map(round, zone))).getextrema()
                assert darkest >= WHITE, (code, zone)


def band(image: Image.Image, box: tuple[int, int, int, int], dy: float) -> list[bool]:
    """Dark or light along the middle line of a barcode, moved by `dy` pixels."""
    y = round((box[1] + box[3]) / 2 + dy)
    row = image.crop((box[0] + 2, y, box[2] - 2, y + 1)).tobytes()
    return [value < 128 for value in row]


@pytest.mark.parametrize("symbol", Symbol)
def test_it_is_read_from_a_poor_copy_too(symbol):
    """Half the resolution, turned a little, grey on grey."""
    sheet = demo()
    read = set()
    for page in rendered(make_pdf(sheet, symbol).data, 200):
        poor = page.image.rotate(1.5, Image.Resampling.BILINEAR, fillcolor=255)
        poor = poor.point([60 + value // 2 for value in range(256)])
        read |= {found.text for found in zxingcpp.read_barcodes(poor)}
    assert read == {entry.text for entry in sheet.entries}


def test_every_page_says_whose_sheet_it_is(printed):
    _, sheet, pages = printed
    for number, page in enumerate(pages, 1):
        words = " ".join(page.pdf.get_textpage().get_text_range().split())
        for told in ("Vestre Fængsel", "vestre", "dk-2009", str(sheet.revised), sheet.sheet_id):
            assert told in words
        page_words = {"da": f"Side {number} af {len(pages)}", "en": f"Page {number} of"}
        assert page_words[sheet.lang] in words


def test_words_are_those_that_the_scanner_shows():
    shown = {entry["num"]: entry["display"] for entry in shared_lists.provisions()["categories"]}
    for lang in ("da", "en"):
        meanings = {entry.text: entry.meaning for entry in demo(lang).entries}
        for number in range(1, len(names.CATEGORIES)):
            text = commands.text_of(SALT, f"CAT{number:02d}")
            assert meanings[text] == " ".join(shown[number][lang])


def test_the_first_language_of_the_site_is_the_default():
    assert demo().lang == "da"
    assert demo().groups[0].entries[0].meaning == "Afslut besøget"
    amounts = [entry.meaning for entry in demo().groups[1].entries]
    assert amounts == ["100 kr.", "200 kr.", "500 kr.", "1.000 kr.", "2.000 kr.", "3.000 kr."]
    assert demo("en").groups[1].entries[3].meaning == "DKK 1,000"


def test_the_same_sheet_is_the_same_file():
    assert make_pdf(demo(), Symbol.QR) == make_pdf(demo(), Symbol.QR)
    other = make_sheet(load_site(demo_site.site_file()), bytes(16))
    assert other.sheet_id != demo().sheet_id


@pytest.mark.parametrize("sizes", [(1,), (2, 3), (13, 1), (14, 14), (15,), (40, 1, 2), (43,)])
def test_pages_lose_nothing_and_no_heading_stands_alone(sizes):
    sheet = demo()
    entries = iter(sheet.entries)
    groups = [Group(f"G{n}", [next(entries) for _ in range(size)]) for n, size in enumerate(sizes)]
    pages = paginate(sheet._replace(groups=groups))
    out = [entry for page in pages for block in page for row in block.rows for entry in row]
    assert out == [entry for group in groups for entry in group.entries]
    for page in pages:
        assert page and all(block.rows for block in page)
        assert sum(10 + 33 * len(block.rows) for block in page) <= 278 - 31


def site(folder: Path, old: str, new: str) -> Path:
    text = example_text()
    assert old in text
    path = folder / "site.yaml"
    path.write_text(text.replace(old, new, 1), "utf-8")
    return path


def test_the_longest_amount_fits_a_column(tmp_path: Path):
    path = site(tmp_path, "cash: [100, 200, 500, 1000]", "cash: [100000, 99999]")
    sheet = make_sheet(load_site(path), SALT)
    for symbol in Symbol:
        read = {code.text for page in rendered(make_pdf(sheet, symbol).data)
                for code in page.codes}  # fmt: skip
        assert read == {entry.text for entry in sheet.entries}


def test_a_site_without_cash_has_no_empty_heading(tmp_path: Path):
    path = site(tmp_path, "cash: [100, 200, 500, 1000]", "cash: []")
    assert all(group.entries for group in make_sheet(load_site(path), SALT).groups)


def test_a_name_in_letters_that_the_font_has_not(tmp_path: Path):
    path = site(tmp_path, "site_name: Example prison", 'site_name: "Łódź – Nuuk ᐃ"')
    data = make_pdf(make_sheet(load_site(path), SALT), Symbol.CODE128).data
    words = pypdfium2.PdfDocument(data)[0].get_textpage().get_text_range()
    assert "?ód? – Nuuk ?" in words


# --- the command ---


def test_command_writes_the_pdf_and_lists_the_same_barcodes(tmp_path: Path):
    key, out = demo_site.key_folder(), tmp_path / "sheet.pdf"
    done = gatescan("sheet", demo_site.site_file(), "--key", key, "-o", out, "--symbol", "qr",
                    "--lang", "en", "--json")  # fmt: skip
    assert done.code == 0, done.err
    assert "DEMO key" in done.err
    listed = done.answer
    assert all(set(one) == {"text", "symbol", "meaning"} for one in listed)
    assert {one["symbol"] for one in listed} == {"qr"}
    assert {"text": demo_site.command("CAT03"), "symbol": "qr", "meaning": "Alcohol"} in listed
    read = {code.text for page in rendered(out.read_bytes()) for code in page.codes}
    assert read == {one["text"] for one in listed}
    alone = gatescan("sheet", demo_site.site_file(), "--key", key, "--json")
    assert [one["text"] for one in json.loads(alone.out)] == [one["text"] for one in listed]
    plain = gatescan("sheet", demo_site.site_file(), "--key", key, "-o", out)
    assert plain.code == 0 and "43 barcodes on 4 pages" in plain.out


def test_the_table_of_the_same_key_obeys_the_sheet(tmp_path: Path):
    key = demo_site.key_folder()
    listed = gatescan("sheet", demo_site.site_file(), "--key", key, "--json").answer
    table = open_bytes(demo_site.table_path().read_bytes())
    for one in listed:
        record = table.lookup_tag(barcode.parse(one["text"].encode()).key)
        assert record.kind == codes.TK_COMMAND


def test_command_makes_no_salt_where_there_is_no_key(tmp_path: Path):
    done = gatescan("sheet", demo_site.site_file(), "--key", tmp_path, "--json")
    assert done.code == 1 and is_sentence(done.err)
    assert not os.listdir(tmp_path)


def test_command_names_the_line_of_an_order_that_is_not_there(tmp_path: Path):
    path = site(tmp_path, "order_id: dk-2009 ", "order_id: dk-1848 ")
    done = gatescan("sheet", path, "--key", demo_site.key_folder(), "--json")
    assert done.code == 1 and done.out == ""
    assert f"{path}:7: There is no order dk-1848" in done.err
