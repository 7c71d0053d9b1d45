"""Item lists of a site: files, queries, inline items -> product number, category, attributes."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from gatescan.core.law import names
from gatescan_host.site.errors import Place, Problems
from gatescan_host.site.intake import Intake
from gatescan_host.site.item_codes import product_key, quoted, refusal
from gatescan_host.site.item_query import RowPlace, query_rows
from gatescan_host.site.item_rows import Row, csv_rows
from gatescan_host.site.load import SiteFile
from gatescan_host.site.model import ATTRIBUTES, CATEGORIES

ClassSpec = tuple[int, int]  # category number, CA_* bits
_BY_NAME = {name: names.CATEGORIES.index(name) for name in CATEGORIES}
_LINE_BITS = 40


class ItemList:
    """Product number (13 digits before the check digit) -> class, with the place of each.

    A million rows come this way: for a row only numbers are kept, no object of its own. `specs`
    is in ascending order, whatever the order of the rows; `repeated` counts rows that say again
    what another said. Codes that name no product go to `intake.left_out`, if there is one.
    """

    def __init__(
        self, source: SiteFile, problems: Problems, intake: Intake | None = None
    ) -> None:
        self._problems = problems
        self._intake = intake or Intake()
        self._classes = _classes(source, problems)
        self._known: dict[tuple[str, str], ClassSpec] = {}  # how lists write it -> class
        self._sources: list[tuple[type[Place], Path]] = []
        self._places: dict[int, int] = {}  # number of the source << _LINE_BITS | line
        self.specs: dict[int, ClassSpec] = {}
        self.repeated = 0
        moved = self._intake.moved
        for number, name in enumerate(source.site.items.files):
            path, named_at = source.path.parent / name, source.place("items", "files", number)
            self._take(Place, path, csv_rows(path, named_at, problems, moved))
        for number, query in enumerate(source.site.items.queries):
            named_at = source.place("items", "queries", number)
            rows = query_rows(query, named_at, problems, moved)
            self._take(RowPlace, Path(str(named_at)), rows)
        self._take(Place, source.path, _inline(source))
        self.specs = {key: self.specs[key] for key in sorted(self.specs)}

    def place(self, gtin13: int) -> Place:
        """Where the product was first listed."""
        packed = self._places[gtin13]
        kind, path = self._sources[packed >> _LINE_BITS]
        return kind(path, packed & (1 << _LINE_BITS) - 1)

    def _take(self, kind: type[Place], path: Path, rows: Iterable[Row]) -> None:
        """All rows of one source; `kind`: what a place in it is called."""
        specs, places, known = self.specs, self._places, self._known
        number = len(self._sources) << _LINE_BITS
        self._sources.append((kind, path))
        for line, code, category, attributes in rows:
            spec = known.get((category, attributes))
            if spec is None:
                spec = self._spec(kind(path, line), category, attributes)
                if spec is None:
                    continue
            key = product_key(code)
            if key is None:
                key = self._doubtful(kind(path, line), code)
                if key is None:
                    continue
            before = specs.get(key)
            if before is None:
                specs[key] = spec
                places[key] = number | line
            elif before == spec:
                self.repeated += 1
            else:
                self._problems.add(
                    kind(path, line),
                    f"{code} is {_said(spec)} here and {_said(before)} at {self.place(key)}:"
                    " keep one of the two lines.",
                )

    def _spec(self, place: Place, category: str, attributes: str) -> ClassSpec | None:
        """The class that a row names; None after a mistake was added."""
        found = self._classes.get(category)
        if found is None:
            self._problems.add(
                place,
                f"{quoted(category)} is no category and no class: use one of"
                f" {', '.join(CATEGORIES)}.",
            )
            return None
        given = attributes.split()
        wrong = [name for name in given if name not in ATTRIBUTES]
        if wrong:
            self._problems.add(
                place, f"{quoted(wrong[0])} is no attribute: use {', '.join(ATTRIBUTES)}."
            )
            return None
        spec = (found[0], found[1] | bits(given))
        self._known[category, attributes] = spec
        return spec

    def _doubtful(self, place: Place, code: str) -> int | None:
        """The key of a code that the fast way did not take; None when it is left out or wrong."""
        refused = refusal(code)
        if refused is None:
            return int(code[:-1])
        if refused.kind and self._intake.left_out is not None:
            self._intake.left_out.add(place, code, refused.kind)
        else:
            self._problems.add(place, refused.sentence)
        return None


def bits(attributes: Iterable[str]) -> int:
    """CA_* bits of attribute names."""
    return sum(ATTRIBUTES[name] for name in set(attributes))


def _classes(source: SiteFile, problems: Problems) -> dict[str, ClassSpec]:
    """What may stand in a column `category`: the categories and the site's own classes."""
    known: dict[str, ClassSpec] = {name: (number, 0) for name, number in _BY_NAME.items()}
    for name, entry in source.site.classes.items():
        if name in _BY_NAME:
            problems.add(
                source.place("classes", name),
                f"'{name}' is a category already: give the class another name.",
            )
        known[name] = (_BY_NAME[entry.category], bits(entry.attributes))
    return known


def _inline(source: SiteFile) -> Iterator[Row]:
    for number, item in enumerate(source.site.items.inline):
        line = source.place("items", "inline", number).line
        yield line, item.gtin, item.category, " ".join(item.attributes)


def _said(spec: ClassSpec) -> str:
    """A class in words, such as "radio (battery)"."""
    given = [name for name, bit in ATTRIBUTES.items() if spec[1] & bit]
    return names.CATEGORIES[spec[0]] + (f" ({', '.join(given)})" if given else "")
