"""Item lists of a site: CSV files and inline items -> product number, category, attributes."""

import csv
import re
from collections.abc import Iterator
from pathlib import Path

from gatescan.core.law import names
from gatescan.core.tags import gtin
from gatescan.core.tags.scheme import NAMES, S_GTIN
from gatescan_host.site.errors import Place, Problems
from gatescan_host.site.load import SiteFile
from gatescan_host.site.model import ATTRIBUTES, CATEGORIES

ClassSpec = tuple[int, int]  # category number, CA_* bits
_COLUMNS = {"gtin", "category", "attributes", "name"}
_BY_NAME = {name: names.CATEGORIES.index(name) for name in CATEGORIES}


class ItemList:
    """Product number (13 digits before the check digit) -> class, with the line of each."""

    def __init__(self, source: SiteFile, problems: Problems) -> None:
        self._problems = problems
        self._classes: dict[str, ClassSpec] = {n: (c, 0) for n, c in _BY_NAME.items()}
        self.specs: dict[int, ClassSpec] = {}
        self._lines: dict[int, tuple[int, int]] = {}  # file, line: two numbers, not an object each
        self._files: list[Path] = []
        self.repeated = 0
        for name, entry in source.site.classes.items():
            if name in _BY_NAME:
                problems.add(
                    source.place("classes", name),
                    f"'{name}' is a category already: give the class another name.",
                )
            self._classes[name] = (_BY_NAME[entry.category], bits(entry.attributes))
        for number, file in enumerate(source.site.items.files):
            path = source.path.parent / file
            self._files.append(path)
            for line, code, category, attributes in _rows(
                path, source.place("items", "files", number), problems
            ):
                self._add(Place(path, line), len(self._files) - 1, code, category, attributes)
        self._files.append(source.path)
        for number, item in enumerate(source.site.items.inline):
            place = source.place("items", "inline", number)
            self._add(
                place, len(self._files) - 1, item.gtin, item.category, list(item.attributes)
            )

    def place(self, gtin13: int) -> Place:
        """Where the product was first listed."""
        file, line = self._lines[gtin13]
        return Place(self._files[file], line)

    def _add(
        self, place: Place, file: int, code: str, category: str, attributes: list[str]
    ) -> None:
        spec = self._classes.get(category)
        if spec is None:
            self._problems.add(
                place, f"'{category}' is no category and no class: use one of {_known()}."
            )
            return
        wrong = [a for a in attributes if a not in ATTRIBUTES]
        if wrong:
            self._problems.add(
                place, f"'{wrong[0]}' is no attribute: use {', '.join(ATTRIBUTES)}."
            )
            return
        spec = (spec[0], spec[1] | bits(attributes))
        mistake = refusal(code)
        if mistake:
            self._problems.add(place, mistake)
            return
        key = int(code[:-1])
        before = self.specs.setdefault(key, spec)
        if key not in self._lines:
            self._lines[key] = (file, place.line)
        elif before != spec:
            self._problems.add(
                place,
                f"{code} has another class than at {self.place(key)}: keep one of the two lines.",
            )
        else:
            self.repeated += 1


def bits(attributes: list[str] | list) -> int:
    """CA_* bits of attribute names."""
    return sum(ATTRIBUTES[name] for name in set(attributes))


def refusal(code: str) -> str | None:
    """Why `code` cannot be listed as a product; None when it can."""
    digits = code.encode("ascii", "replace")
    if not re.fullmatch(r"[0-9]+", code, re.ASCII) or len(code) not in (8, 12, 13, 14):
        return f"'{code}' is no product number: write 8, 12, 13 or 14 digits."
    if not gtin.check_ok(digits, 0, len(digits)):
        return (
            f"{code} has a wrong check digit: read the number off the packaging again"
            f" (computed: {gtin.check_digit(digits, 0, len(digits) - 1)})."
        )
    if len(digits) == 8 and gtin.upce_expand(digits):
        return (
            f"{code} may be a GTIN-8 or a UPC-E: write the GTIN-8 with six zeros in front, or"
            f" the {gtin.upce_expand(digits).decode()} that the UPC-E stands for."  # type: ignore[union-attr]
        )
    scheme = gtin.scheme_of(gtin.to_gtin14(digits))
    if scheme != S_GTIN:
        return (
            f"{code} is a number of kind {NAMES[scheme]}, which names no product: remove the"
            " line; such items are classified by hand."
        )
    return None


def _known() -> str:
    return ", ".join(CATEGORIES)


def _rows(
    path: Path, named_at: Place, problems: Problems
) -> Iterator[tuple[int, str, str, list[str]]]:
    """(line, gtin, category, attributes) of each row; comment lines begin with `#`."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        problems.add(
            named_at,
            f"the item list {path} cannot be read ({type(error).__name__}): correct the path, or"
            " save the list as UTF-8.",
        )
        return
    # comments become empty lines, so that the reader's line numbers stay true
    lines = ["" if line.startswith("#") else line for line in text.splitlines(keepends=True)]
    reader = csv.reader((line if line else "\n" for line in lines), strict=True)
    header: list[str] = []
    try:
        for row in reader:
            if not row or not any(cell.strip() for cell in row):
                continue
            place = Place(path, reader.line_num)
            cells = [cell.strip() for cell in row]
            if not header:
                header = [cell.lower() for cell in cells]
                if not _header_ok(header, place, problems):
                    return
                continue
            if len(cells) != len(header):
                problems.add(
                    place, f"{len(cells)} columns instead of {len(header)}: check the commas."
                )
                continue
            fields = dict(zip(header, cells, strict=True))
            attributes = fields.get("attributes", "").split()
            yield reader.line_num, fields["gtin"], fields["category"], attributes
    except csv.Error as error:
        problems.add(Place(path, reader.line_num), f"this is no CSV ({error}): check the quotes.")
        return
    if not header:
        problems.add(Place(path, 1), "the list is empty: begin with the line gtin,category.")


def _header_ok(header: list[str], place: Place, problems: Problems) -> bool:
    unknown = [name for name in header if name not in _COLUMNS]
    if unknown or len(set(header)) != len(header) or not {"gtin", "category"} <= set(header):
        problems.add(
            place,
            f"the columns are {','.join(header)}: begin the list with gtin,category and, if"
            " wanted, attributes and name.",
        )
        return False
    return True
