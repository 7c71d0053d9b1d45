"""Write the scanner's font module from the drawing: `python make_font.py [--check]`."""

import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
SOURCE = HERE / "gatescan6x8.txt"
MODULE = HERE.parent / "gatescan" / "drivers" / "font6x8.py"
FIRST, BOX = 32, 127  # printable ASCII starts at 32; BOX takes the place of DEL
NAMES = {"SP": 32, "BOX": BOX}
WIDTH, ROWS = 5, 8


def read_drawing(text: str) -> dict[int, bytes]:
    """Glyphs of a drawing: code point -> five columns, bit 0 on top.

    Raises ValueError with the line number for a row that is not as wide as its heading.
    """
    glyphs: dict[int, bytes] = {}
    lines = [(n, s) for n, s in enumerate(text.splitlines(), 1) if s and not s.startswith("# ")]
    for at in range(0, len(lines), ROWS + 1):
        number, heading = lines[at]
        if not heading.startswith("= "):
            raise ValueError(f"line {number}: a block starts with '= characters'")
        codes = [NAMES.get(name) or ord(name) for name in heading[2:].split()]
        rows = []
        for row_number, row in lines[at + 1 : at + 1 + ROWS]:
            cells = row.split(" ")
            if [len(c) for c in cells] != [WIDTH] * len(codes) or set(row) - set("#. "):
                raise ValueError(f"line {row_number}: {len(codes)} cells of '#' and '.' expected")
            rows.append(cells)
        for i, code in enumerate(codes):
            if code in glyphs:
                raise ValueError(f"line {number}: U+{code:04X} is drawn twice")
            glyphs[code] = bytes(
                sum((rows[y][i][x] == "#") << y for y in range(ROWS)) for x in range(WIDTH)
            )
    return glyphs


def module_text(glyphs: dict[int, bytes]) -> str:
    """Source of the font module. Raises KeyError for a printable ASCII character without glyph."""
    table = b"".join(glyphs[code] for code in range(FIRST, BOX + 1))
    extra_at = len(table)
    extra = sorted(code for code in glyphs if code > BOX)
    table += b"".join(code.to_bytes(2, "little") + glyphs[code] for code in extra)
    rows = [table[i : i + 20] for i in range(0, len(table), 20)]
    body = "\n".join('    b"' + "".join(f"\\x{b:02x}" for b in row) + '"' for row in rows)
    return (
        '"""Glyphs of the panel font, made by firmware/font/make_font.py; edit the drawing."""\n\n'
        "from gatescan.core.compat import const\n\n"
        "# five columns a glyph, bit 0 on top\n"
        f"FIRST = const({FIRST})  # code point of the first glyph\n"
        f"BOX_AT = const({(BOX - FIRST) * WIDTH})  # bytes, the box for unknown characters\n"
        f"EXTRA_AT = const({extra_at})  # bytes, from here: code point (2, low first), glyph\n"
        f"GLYPHS = (\n{body}\n)\n"
    )


def main() -> int:
    """Write the module, or with --check say whether it is current (exit 1 if not)."""
    text = module_text(read_drawing(SOURCE.read_text(encoding="utf-8")))
    if "--check" in sys.argv[1:]:
        if MODULE.exists() and MODULE.read_text(encoding="utf-8") == text:
            return 0
        print("drivers/font6x8.py is not current: run `python firmware/font/make_font.py`")
        return 1
    MODULE.write_text(text, encoding="utf-8")
    print(f"{MODULE.name}: {len(text)} bytes of source")
    return 0


if __name__ == "__main__":
    sys.exit(main())
