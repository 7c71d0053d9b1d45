"""The sheet as a PDF: A4, two columns, to be printed at 100 %."""

from collections.abc import Sequence
from datetime import UTC, datetime, time
from typing import NamedTuple

from fpdf import FPDF
from fpdf.enums import Align

from gatescan_host.sheets import words
from gatescan_host.sheets.content import Entry, Sheet
from gatescan_host.sheets.symbols import Symbol, modules_of

# All lengths in mm. A module is 4 dots of a printer with 300 dpi, 8 with 600: no edge is rounded.
CODE128_MODULE = 25.4 / 300 * 4
QR_MODULE = 25.4 / 300 * 12
_WIDTH, _HEIGHT = 210.0, 297.0
_MARGIN = 12.0
_COLUMNS = 2
_CELL = (_WIDTH - 2 * _MARGIN) / _COLUMNS
_TOP, _BOTTOM = 31.0, 278.0
_ROW = 33.0
_HEADING = 10.0
_BAR_HEIGHT = 13.0
_LABEL_HEIGHT = 11.5
_CLEAR = 1.0  # between a quiet zone and what is printed beside it
_CODE_HEIGHT = 4.5
_FONT, _FIXED_FONT = "helvetica", "courier"
_LABEL_PT = (13.0, 11.5, 10.0, 8.0)  # the largest at which the words fit is taken
_CODE_PT = 9.0
_SMALL_PT = 8.0
_LINE = 0.42  # height of a line of text, mm a point
_BLACK, _GREY, _PALE = 0, 90, 205


class Block(NamedTuple):
    """A heading and the rows below it, on one page."""

    heading: str
    rows: list[Sequence[Entry]]


class Printed(NamedTuple):
    """A PDF file and how many pages it has."""

    data: bytes
    pages: int


def make_pdf(sheet: Sheet, symbol: Symbol) -> Printed:
    """The sheet with every barcode as `symbol`; the same sheet gives the same bytes.

    Letters that are not in Windows-1252, which the built-in fonts have, are printed as "?".
    """
    pdf = FPDF(unit="mm", format="A4")
    pdf.core_fonts_encoding = "cp1252"
    pdf.set_auto_page_break(False)
    pdf.set_margin(0)
    pdf.c_margin = 0
    pdf.set_title(_printable(f"{words.TITLE[sheet.lang]} {sheet.site_id} {sheet.sheet_id}"))
    pdf.set_lang(sheet.lang)
    pdf.set_creation_date(datetime.combine(sheet.revised, time(), UTC))
    pages = paginate(sheet)
    for number, blocks in enumerate(pages, 1):
        pdf.add_page()
        _header(pdf, sheet)
        _footer(pdf, sheet, number, len(pages))
        y = _TOP
        for block in blocks:
            _write(pdf, _MARGIN, y + 3, _WIDTH, block.heading, 12, "B")
            y += _HEADING
            for row in block.rows:
                for column, entry in enumerate(row):
                    _cell(pdf, _MARGIN + column * _CELL, y, entry, symbol)
                y += _ROW
    return Printed(bytes(pdf.output()), len(pages))


def paginate(sheet: Sheet) -> list[list[Block]]:
    """The blocks of each page; a heading has a row below it, and is repeated on the next page."""
    pages: list[list[Block]] = [[]]
    left = _BOTTOM - _TOP
    for group in sheet.groups:
        entries = group.entries
        rows = [entries[at : at + _COLUMNS] for at in range(0, len(entries), _COLUMNS)]
        heading = group.heading
        while rows:
            fit = int((left - _HEADING) // _ROW)
            if fit < 1:
                pages.append([])
                left = _BOTTOM - _TOP
                continue
            here = Block(heading, list(rows[:fit]))
            pages[-1].append(here)
            left -= _HEADING + _ROW * len(here.rows)
            rows = rows[fit:]
            heading = group.heading + words.CONTINUED[sheet.lang]
    return pages


def _cell(pdf: FPDF, x: float, y: float, entry: Entry, symbol: Symbol) -> None:
    """Words, barcode and its text inside a thin frame that the quiet zone does not touch."""
    pdf.set_draw_color(_PALE)
    pdf.set_line_width(0.2)
    pdf.rect(x, y, _CELL, _ROW)
    modules = modules_of(symbol, entry.text)
    if symbol is Symbol.CODE128:
        module, height = CODE128_MODULE, _BAR_HEIGHT
        left = x + (_CELL - modules.columns * module) / 2
        top = y + _LABEL_HEIGHT + 2
        room = left - x
        _label(pdf, x + 2, y + 0.5, _CELL - 4, _LABEL_HEIGHT, entry.meaning, Align.C)
        _write(pdf, x, top + height + 1, _CELL, entry.text, _CODE_PT, "", _FIXED_FONT, Align.C)
    else:
        module = height = QR_MODULE
        left = x + modules.quiet * module + _CLEAR
        top = y + (_ROW - len(modules.rows) * module) / 2
        room = min(left - x, top - y)
        beside = left + (modules.columns + modules.quiet) * module + _CLEAR
        wide = x + _CELL - beside - 2
        _label(pdf, beside, y + 4, wide, _ROW - 12, entry.meaning, Align.L)
        _write(pdf, beside, y + _ROW - 7.5, wide, entry.text, _CODE_PT, "", _FIXED_FONT)
    if room < modules.quiet * module - 1e-6:
        raise ValueError(f"{entry.text} is too long for a column of the sheet")
    pdf.set_fill_color(_BLACK)
    for row, column, count in modules.runs():
        pdf.rect(left + column * module, top + row * module, count * module, height, style="F")


def _label(
    pdf: FPDF, x: float, y: float, width: float, height: float, text: str, align: Align
) -> None:
    """Words as large as they fit, in the middle of a space."""
    lines: list[str] = []
    for points in _LABEL_PT:
        pdf.set_font(_FONT, "B", points)
        lines = _wrapped(pdf, _printable(text), width)
        widest = max(map(pdf.get_string_width, lines), default=0)
        if widest <= width and len(lines) * points * _LINE <= height:
            break
    y += (height - len(lines) * points * _LINE) / 2
    for line in lines:
        _write(pdf, x, y, width, line, points, "B", align=align)
        y += points * _LINE


def _wrapped(pdf: FPDF, text: str, width: float) -> list[str]:
    """The lines of a text in the font that is set; a single word may be too wide."""
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and pdf.get_string_width(longer) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def _header(pdf: FPDF, sheet: Sheet) -> None:
    _write(pdf, _MARGIN, 12, _WIDTH, words.TITLE[sheet.lang], 22, "B")
    wide = _WIDTH - 2 * _MARGIN
    _label(pdf, _WIDTH - _MARGIN - 115, 11.5, 115, 6, sheet.site_name, Align.R)
    told = f"{sheet.site_id} · {sheet.order_id}"
    _write(pdf, _MARGIN, 19, wide, told, 10, "", align=Align.R, grey=_GREY)
    pdf.set_draw_color(_BLACK)
    pdf.set_line_width(0.6)
    pdf.line(_MARGIN, 26, _WIDTH - _MARGIN, 26)


def _footer(pdf: FPDF, sheet: Sheet, page: int, pages: int) -> None:
    wide = _WIDTH - 2 * _MARGIN
    lang = sheet.lang
    told = words.REVISION[lang] % (sheet.site_id, sheet.order_id, sheet.revised, sheet.sheet_id)
    _write(pdf, _MARGIN, 281, wide, words.HANDLING[lang], _SMALL_PT, "B")
    _write(pdf, _MARGIN, 285, wide, told, _SMALL_PT, "", grey=_GREY)
    _write(pdf, _MARGIN, 285, wide, words.PAGE[lang] % (page, pages), _SMALL_PT, "",
           align=Align.R)  # fmt: skip


def _write(
    pdf: FPDF, x: float, y: float, width: float, text: str, points: float, style: str,
    font: str = _FONT, align: Align = Align.L, grey: int = _BLACK,
) -> None:  # fmt: skip
    """One line of text, its upper left corner at (x, y)."""
    pdf.set_font(font, style, points)
    pdf.set_text_color(grey)
    pdf.set_xy(x, y)
    pdf.cell(width, points * _LINE, _printable(text), align=align)


def _printable(text: str) -> str:
    return text.encode("cp1252", "replace").decode("cp1252")
