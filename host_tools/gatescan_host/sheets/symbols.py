"""A text as a barcode: dark and light modules, without the quiet zone."""

from enum import StrEnum
from typing import NamedTuple

import segno
from barcode.codex import Code128  # type: ignore[import-untyped]


class Symbol(StrEnum):
    """The kinds of barcodes on a sheet."""

    CODE128 = "code128"
    QR = "qr"


class Modules(NamedTuple):
    """`rows`: "1" is a dark module; `quiet`: light modules wanted on every side that counts."""

    rows: list[str]
    quiet: int

    @property
    def columns(self) -> int:
        """Modules in a row."""
        return len(self.rows[0])

    def runs(self) -> list[tuple[int, int, int]]:
        """(row, first column, columns) of every unbroken run of dark modules."""
        found = []
        for number, row in enumerate(self.rows):
            at = 0
            for part in row.replace("01", "0 1").replace("10", "1 0").split(" "):
                if part[0] == "1":
                    found.append((number, at, len(part)))
                at += len(part)
        return found


def modules_of(symbol: Symbol, text: str) -> Modules:
    """The modules of `text`: Code 128 (ISO/IEC 15417) or QR Code (ISO/IEC 18004).

    Quiet zones: 10 modules left and right (15417, 4.2.1), 4 all around (18004, 6.3.8). The QR
    code corrects 15 % at least (level M): a sheet in use is scratched and smeared.
    """
    if symbol is Symbol.CODE128:
        return Modules(Code128(text).build(), 10)
    matrix = segno.make(text, error="m", micro=False).matrix
    return Modules(["".join(str(cell & 1) for cell in row) for row in matrix], 4)
