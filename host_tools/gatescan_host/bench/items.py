"""The list that a benchmark measures: read from CSV, or drawn by the generator."""

import csv
import gzip
import hashlib
import io
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from gatescan.core.law import names
from gatescan.core.tags import gtin
from gatescan_host.errors import Exit, GatescanError
from gatescan_host.files import read_file

LENGTHS = (8, 12, 13, 14)
_GZIP_MAGIC = b"\x1f\x8b"


@dataclass(frozen=True)
class Items:
    """Distinct items: (13 digits before the check digit, category), ascending.

    `skipped`: lines whose code has no valid check digit; `sha256` of the file as it lies, or of
    the CSV text that the generator's items make.
    """

    pairs: list[tuple[int, str]]
    skipped: int
    sha256: str


def read_items(path: Path) -> Items:
    """The items of a CSV file (columns gtin,category; .gz or not); raises GatescanError.

    Every code of 8, 12, 13 or 14 digits with a valid check digit counts, also those that name no
    product for sale: what is measured is the encoding.
    """
    data = read_file(path)
    found: dict[int, str] = {}
    skipped = 0
    for line, code, category in _rows(path, data):
        key = key_of(code)
        if key is None:
            skipped += 1
        elif found.setdefault(key, category) != category:
            first = next(n for n, other, _ in _rows(path, data) if key_of(other) == key)
            raise GatescanError(
                f"{path}:{line}: {code} is '{category}' here and '{found[key]}' at line {first}:"
                " keep one of the two lines."
            )
    if not found:
        raise GatescanError(f"{path} lists no code with a valid check digit: name another list.")
    return Items(sorted(found.items()), skipped, hashlib.sha256(data).hexdigest())


def key_of(code: str) -> int | None:
    """The 13 digits before the check digit of the GTIN-14 of `code`, None when it is no code."""
    digits = code.encode("ascii", "replace")
    if len(digits) not in LENGTHS or not digits.isdigit():
        return None
    return int(digits[:-1]) if gtin.check_ok(digits, 0, len(digits)) else None


def csv_text(pairs: Iterable[tuple[int, str]]) -> str:
    """A list of items as the CSV that `read_items` reads."""
    lines = ["gtin,category\n"]
    for key, category in pairs:
        body = b"%013d" % key
        lines.append(f"{key:013d}{gtin.check_digit(body, 0, 13)},{category}\n")
    return "".join(lines)


@contextmanager
def _text(path: Path, data: bytes) -> Iterator[io.TextIOBase]:
    packed = data[:2] == _GZIP_MAGIC
    try:
        with io.BytesIO(data) as raw, gzip.open(raw) if packed else raw as plain:
            yield io.TextIOWrapper(plain, encoding="utf-8-sig", newline="")
    except (UnicodeDecodeError, EOFError, gzip.BadGzipFile) as fault:
        raise GatescanError(
            f"{path} is no list in UTF-8 ({type(fault).__name__}): save it as CSV."
        ) from None


def _rows(path: Path, data: bytes) -> Iterator[tuple[int, str, str]]:
    """(line, code, category) of each row; raises GatescanError."""
    with _text(path, data) as text:
        reader = csv.reader(text, strict=True)
        try:
            header = [cell.strip().lower() for cell in next(reader, [])]
            if not {"gtin", "category"} <= set(header):
                raise GatescanError(
                    f"{path}:1: the list does not begin with the columns gtin,category: add them.",
                    Exit.USAGE,
                )
            code, category = header.index("gtin"), header.index("category")
            for row in reader:
                if not row:
                    continue
                if len(row) != len(header):
                    raise GatescanError(
                        f"{path}:{reader.line_num}: {len(row)} columns instead of {len(header)}:"
                        " check the commas."
                    )
                if row[category] not in names.CATEGORIES:
                    raise GatescanError(
                        f"{path}:{reader.line_num}: '{row[category]}' is no category:"
                        " use those of core/law/names.py."
                    )
                yield reader.line_num, row[code].strip(), row[category]
        except csv.Error as fault:
            raise GatescanError(
                f"{path}:{reader.line_num}: this is no CSV ({fault}): check the quotes."
            ) from None
