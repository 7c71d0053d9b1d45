"""Ranges of products: rules of a site file -> steps of the section RANGES."""

import heapq
from collections.abc import Iterable, Mapping
from itertools import pairwise
from typing import NamedTuple

from gatescan.core.table import format as fmt
from gatescan.core.tags import gtin
from gatescan.core.tags.names import NAMES
from gatescan.core.tags.scheme import S_GTIN
from gatescan_host.site.errors import Place, Problems
from gatescan_host.site.item_codes import refusal
from gatescan_host.site.items import ClassSpec, bits
from gatescan_host.site.load import SiteFile
from gatescan_host.site.model import CATEGORIES, ProductRange
from gatescan_host.table import encode

_BODY_DIGITS = 12  # of an EAN-13 before its check digit
_GTIN8_LIMIT = 10**7  # smaller numbers are GTIN-8 without their check digit
_INDICATOR = 10**12  # what the first digit of a GTIN-14 counts

_NO_PRODUCT = (
    "%s stands for numbers of kind %s, which name no product: remove the range; such items are"
    " classified by hand."
)


class Rule(NamedTuple):
    """All product numbers (13 digits) from `first` to `last` have the class `spec`."""

    first: int
    last: int
    spec: ClassSpec
    place: Place

    @property
    def size(self) -> int:
        """How many numbers: fewer are more specific."""
        return self.last - self.first + 1


class RangeList:
    """The rules of a site; refuses those of which none is the more specific."""

    def __init__(self, source: SiteFile, problems: Problems) -> None:
        self._problems = problems
        self._classes = {name: (number, 0) for number, name in enumerate(CATEGORIES, 1)}
        for name, named in source.site.classes.items():
            self._classes[name] = (self._classes[named.category][0], bits(named.attributes))
        self.rules: list[Rule] = []
        for number, entry in enumerate(source.site.ranges):
            self._add(source.place("ranges", number), entry)
        for one, other in contradictions(self.rules):
            problems.add(
                other.place,
                f"the range has another class than the equally large one at {one.place} that it"
                " overlaps: make one of the two smaller, or give both the same class.",
            )

    @property
    def specs(self) -> set[ClassSpec]:
        """The classes that rules give."""
        return {rule.spec for rule in self.rules}

    def parts(self, class_ids: Mapping[ClassSpec, int]) -> list[encode.Part]:
        """RANGES and its index; nothing without rules."""
        return parts(flatten(self.rules), class_ids)

    def _add(self, place: Place, entry: ProductRange) -> None:
        spec = self._classes.get(entry.category)
        if spec is None:
            self._problems.add(
                place,
                f"'{entry.category}' is no category and no class: use one of"
                f" {', '.join(CATEGORIES)}.",
            )
            return
        if entry.prefix is not None:
            found = _of_prefix(entry.prefix)
        else:
            found = _between(entry.from_ or "", entry.to or "")
        if isinstance(found, str):
            self._problems.add(place, found)
            return
        spec = (spec[0], spec[1] | bits(entry.attributes))
        self.rules.append(Rule(*found, spec, place))


def _of_prefix(prefix: str) -> tuple[int, int] | str:
    """The numbers whose EAN-13 begins so, or why there are none.

    Cartons are not among them: what an indicator digit 1 to 9 marks may hold several things.
    """
    first = int(prefix.ljust(_BODY_DIGITS, "0"))
    last = int(prefix.ljust(_BODY_DIGITS, "9"))
    if first < _GTIN8_LIMIT:
        return f"'{prefix}' is a prefix of GTIN-8 too: write the range with from and to."
    kinds = {gtin.scheme_of(b"%013d0" % number) for number in (first, last)}
    if S_GTIN not in kinds:
        return _NO_PRODUCT % (prefix, NAMES[kinds.pop()])
    return first, last


def _between(first: str, last: str) -> tuple[int, int] | str:
    """The numbers between two of the same length, or what is wrong with them."""
    for code in (first, last):
        refused = refusal(code)
        if refused:
            return _NO_PRODUCT % (code, refused.kind) if refused.kind else refused.sentence
    low, high = int(first[:-1]), int(last[:-1])
    if low > high:
        return f"the range begins at {first} behind its end {last}: exchange the two."
    if (low < _GTIN8_LIMIT) != (high < _GTIN8_LIMIT) or low // _INDICATOR != high // _INDICATOR:
        return (
            f"{first} and {last} are numbers of two kinds: write a range for GTIN-8, and one for"
            " each first digit of a GTIN-14."
        )
    return low, high


def contradictions(rules: Iterable[Rule]) -> list[tuple[Rule, Rule]]:
    """Pairs of overlapping rules of one size with different classes, the earlier line first."""
    ordered = sorted(rules, key=lambda rule: (rule.size, rule.first))
    # of rules of one size, two that contradict have two neighbours between them that do
    return [
        (one, other) if one.place <= other.place else (other, one)
        for one, other in pairwise(ordered)
        if one.size == other.size and other.first <= one.last and one.spec != other.spec
    ]


def flatten(rules: Iterable[Rule]) -> list[tuple[int, ClassSpec | None]]:
    """(number from which on, class or None) ascending; the smallest rule around a number wins."""
    ordered = sorted(rules)
    edges = sorted({rule.first for rule in ordered} | {rule.last + 1 for rule in ordered})
    begun = 0
    heap: list[tuple[int, Rule]] = []  # by size; what has ended goes when it comes to the top
    steps: list[tuple[int, ClassSpec | None]] = []
    for edge in edges:
        while begun < len(ordered) and ordered[begun].first == edge:
            heapq.heappush(heap, (ordered[begun].size, ordered[begun]))
            begun += 1
        while heap and heap[0][1].last < edge:
            heapq.heappop(heap)
        spec = heap[0][1].spec if heap else None
        if not steps or steps[-1][1] != spec:
            steps.append((edge, spec))
    return steps


def parts(
    steps: list[tuple[int, ClassSpec | None]], class_ids: Mapping[ClassSpec, int]
) -> list[encode.Part]:
    """RANGES and its index of steps from `flatten`; nothing without steps."""
    records = [
        number.to_bytes(fmt.PREFIX_BYTES, "big")
        + bytes((fmt.NO_CLASS if spec is None else class_ids[spec],))
        for number, spec in steps
    ]
    return encode.paged(fmt.K_RANGES, records, fmt.RANGE_BYTES) if records else []
