"""Item lists in CSV files, plain or .gz, read row by row: a list may be larger than memory."""

import csv
import gzip
import io
import stat
import zlib
from collections.abc import Iterator
from os import fstat
from pathlib import Path
from typing import BinaryIO, NamedTuple

from gatescan_host.site.errors import Place, Problems
from gatescan_host.site.intake import Moved
from gatescan_host.site.item_codes import quoted

Row = tuple[int, str, str, str]  # line, gtin, category, attributes with blanks between
_COLUMNS = {"gtin", "category", "attributes", "name"}
_LINE_MAX = 1 << 16  # characters; a longer "line" is no list that a person made
_TELL_EVERY = 1 << 13  # rows between two calls of `moved`


class Columns(NamedTuple):
    """Which column holds what; `attributes` is None where there is none."""

    gtin: int
    category: int
    attributes: int | None


class _Unreadable(Exception):
    """The file gives no further line; the text is a sentence."""

    def __init__(self, line: int, sentence: str) -> None:
        super().__init__(sentence)
        self.line = line


def columns_of(header: list[str], place: Place, problems: Problems) -> Columns | None:
    """Where the columns stand, by their names; None after a mistake was added."""
    named = [name.strip().lower() for name in header]
    if len(set(named)) != len(named) or not {"gtin", "category"} <= set(named) <= _COLUMNS:
        problems.add(
            place,
            f"the columns are {quoted(','.join(named))}: begin the list with gtin,category and,"
            " if wanted, attributes and name.",
        )
        return None
    attributes = named.index("attributes") if "attributes" in named else None
    return Columns(named.index("gtin"), named.index("category"), attributes)


def csv_rows(path: Path, named_at: Place, problems: Problems, moved: Moved) -> Iterator[Row]:
    """The rows of the list at `path`, which the site file names at `named_at`.

    Comment lines begin with `#`. A row that has no such form is added to `problems`; what makes
    the rest unreadable ends the list there.
    """
    try:
        raw = path.open("rb")
    except (OSError, ValueError) as fault:
        cause = getattr(fault, "strerror", None) or fault
        problems.add(
            named_at, f"the item list {path} cannot be read ({cause}): correct the path."
        )
        return
    line = 1
    with raw:
        reader = csv.reader(_lines(raw, path, moved), strict=True)
        try:
            columns: Columns | None = None
            width = -1
            for row in reader:
                first, line = line, reader.line_num + 1
                if len(row) != width or not row[0]:
                    if not any(cell.strip() for cell in row):
                        continue
                    if columns is None:
                        columns, width = columns_of(row, Place(path, first), problems), len(row)
                        if columns is None:
                            return
                        gtin, category, attributes = columns
                        continue
                    if len(row) != width:
                        problems.add(
                            Place(path, first),
                            f"{len(row)} columns instead of {width}: check the commas.",
                        )
                        continue
                yield (
                    first,
                    row[gtin].strip(),
                    row[category].strip(),
                    "" if attributes is None else row[attributes],
                )
            if columns is None:
                problems.add(
                    Place(path, 1), "the list is empty: begin with the line gtin,category."
                )
        except csv.Error as error:
            problems.add(Place(path, line), f"this is no CSV ({error}): check the quotes.")
        except _Unreadable as fault:
            problems.add(Place(path, fault.line), str(fault))


def _lines(raw: BinaryIO, path: Path, moved: Moved) -> Iterator[str]:
    """The lines of a file; a comment becomes an empty one, so that the reader counts on."""
    state = fstat(raw.fileno())
    size = state.st_size if stat.S_ISREG(state.st_mode) else None
    plain = gzip.GzipFile(fileobj=raw) if path.suffix.lower() == ".gz" else raw
    text = io.TextIOWrapper(plain, encoding="utf-8-sig", errors="surrogateescape", newline="")
    number = 0
    try:
        while line := text.readline(_LINE_MAX):
            number += 1
            if not line.isascii():
                line.encode()  # what could not be decoded cannot be encoded: its line is known
            if line[0] == "#":
                line = "\n"
            if len(line) == _LINE_MAX:
                raise _Unreadable(
                    number, f"a line of more than {_LINE_MAX} letters: this is no item list."
                )
            if not number % _TELL_EVERY:
                moved(path.name, number, 0 if size is None else raw.tell(), size)
            yield line
    except UnicodeEncodeError:
        raise _Unreadable(number, "this line is not UTF-8: save the list as UTF-8.") from None
    except (OSError, EOFError, zlib.error) as fault:
        raise _Unreadable(
            number + 1, f"the file cannot be read further ({fault}): put a good copy in its place."
        ) from None
