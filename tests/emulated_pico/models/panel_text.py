"""Reads the text off a picture, with the font that the firmware draws it in.

A line stands on a band of 1 to 4 pages (8 rows each) and is stretched 1 to 4 times in width, lit
on dark or dark on lit. A band is read at the largest size at which every lit column is explained.
"""

from functools import cache

from gatescan.drivers.font6x8 import BOX_AT, EXTRA_AT, FIRST, GLYPHS

UNREADABLE = "\ufffd"
_GLYPH, _CELL, _PAGE_ROWS = 5, 6, 8
_SIZES = (4, 3, 2, 1)
_LIT_COLUMN = 0xFF


@cache
def glyphs() -> dict[bytes, str]:
    """Five columns -> character; where two look alike, the earlier code point."""
    found: dict[bytes, str] = {GLYPHS[BOX_AT : BOX_AT + _GLYPH]: UNREADABLE}
    for at in range(EXTRA_AT, len(GLYPHS), _GLYPH + 2):
        found[GLYPHS[at + 2 : at + 2 + _GLYPH]] = chr(GLYPHS[at] | GLYPHS[at + 1] << 8)
    for at in range(BOX_AT - _GLYPH, -1, -_GLYPH):
        found[GLYPHS[at : at + _GLYPH]] = chr(FIRST + at // _GLYPH)
    return found


def read(pixels: list[list[int]]) -> list[str]:
    """The lines of a picture of 64 rows, from the top; blank bands give no line."""
    lines = []
    page, pages = 0, len(pixels) // _PAGE_ROWS
    while page < pages:
        for tall in (size for size in _SIZES if page + size <= pages):
            text = _read_band(pixels[page * _PAGE_ROWS : (page + tall) * _PAGE_ROWS], tall)
            if text is not None:
                break
        else:
            text, tall = UNREADABLE, 1
        if text:
            lines.append(text)
        elif tall > 1:
            tall = 1  # blank: a line may start on the next page
        page += tall
    return lines


def _read_band(rows: list[list[int]], tall: int) -> str | None:
    columns = _columns(rows, tall)
    if columns is None:
        return None
    if not any(columns):
        return ""
    for shown in (columns, bytes(column ^ _LIT_COLUMN for column in columns)):
        for wide in _SIZES:
            text = _read_columns(shown, wide)
            if text:
                return text
    return None


def _columns(rows: list[list[int]], tall: int) -> bytes | None:
    """One byte a column, bit 0 on top; None where the rows are not stretched `tall` times."""
    for at in range(0, len(rows), tall):
        if any(rows[at + i] != rows[at] for i in range(1, tall)):
            return None
    sampled = rows[::tall]
    width = len(rows[0])
    return bytes(sum(sampled[bit][x] << bit for bit in range(8)) for x in range(width))


def _read_columns(columns: bytes, wide: int) -> str | None:
    first = next((x for x, column in enumerate(columns) if column), None)
    if first is None:
        return None
    # A glyph may begin with blank columns, so the first cell starts up to four of them earlier.
    for blank in range(_GLYPH):
        start = first - blank * wide
        if start >= 0:
            text = _read_cells(columns, start, wide)
            if text is not None:
                return text
    return None


def _read_cells(columns: bytes, start: int, wide: int) -> str | None:
    text = ""
    for x in range(start, len(columns), _CELL * wide):
        cell = columns[x : x + _CELL * wide]
        if len(cell) < _GLYPH * wide:  # cut off at the edge
            break
        narrow = cell[::wide]
        if cell[: _GLYPH * wide] != b"".join(
            bytes((column,)) * wide for column in narrow[:_GLYPH]
        ) or any(cell[_GLYPH * wide :]):
            return None
        character = glyphs().get(bytes(narrow[:_GLYPH]))
        if character is None:
            return None
        text += character
    return text.rstrip() or None
