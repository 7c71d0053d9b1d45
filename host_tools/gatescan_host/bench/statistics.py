"""How a list of items is built, in numbers: the gaps between keys, and how classes follow.

`clustered.json` holds those of 100,000 real product numbers, and no key of theirs. To make it:
python -m gatescan_host.bench.statistics ITEMS.csv.gz "where the codes are from" > clustered.json
"""

import json
import sys
from bisect import bisect_right
from collections import Counter
from itertools import pairwise
from pathlib import Path
from typing import Any

from gatescan_host.bench.items import read_items

DATA = Path(__file__).with_name("clustered.json")
ITEM_SPACE = 100_000  # numbers of a company: the last 5 of the 13 digits
COMPANY_SPACE = 10**8
# Small values count one by one, larger ones in half octaves: bucket n is EDGES[n] .. EDGES[n+1]-1.
EDGES = (*range(33), *(half << exponent for exponent in range(4, 27) for half in (3, 4)))
_SIZES = (1, 2, 4, 16, 64)  # kinds of companies, by their number of items
_BEFORE = (0, 1, 2, 16, 256)  # kinds of the gap before; 0: the company's first item
_COMPANY_BEFORE = (0, 8, 64, 512)  # kinds of the company gap before

Statistics = dict[str, Any]


def bucket(value: int) -> int:
    """The bucket of a number in `EDGES`."""
    return bisect_right(EDGES, value) - 1


def size_kind(items: int) -> int:
    """Which kind of company has so many items."""
    return bisect_right(_SIZES, items) - 1


def before_kind(gap: int) -> int:
    """Which kind of item gap this was, for the one that follows."""
    return bisect_right(_BEFORE, gap) - 1


def company_kind(gap: int) -> int:
    """Which kind of company gap this was, for the one that follows."""
    return bisect_right(_COMPANY_BEFORE, gap) - 1


def statistics(pairs: list[tuple[int, str]]) -> Statistics:
    """The statistics of ascending (key, category) pairs, ready for JSON.

    Histograms are lists of counts by bucket; `changes` are [class changes, neighbours].
    """
    companies: dict[int, list[int]] = {}
    for key, _ in pairs:
        companies.setdefault(key // ITEM_SPACE, []).append(key % ITEM_SPACE)
    company_gaps = [Counter[int]() for _ in _COMPANY_BEFORE]
    before = 0
    for one, other in pairwise(companies):
        company_gaps[company_kind(before)][bucket(other - one)] += 1
        before = other - one
    firsts = [Counter[int]() for _ in _SIZES]
    gaps = [[Counter[int]() for _ in _BEFORE] for _ in _SIZES]
    for items in companies.values():
        kind = size_kind(len(items))
        firsts[kind][bucket(items[0])] += 1
        before = 0
        for one, other in pairwise(items):
            gaps[kind][before_kind(before)][bucket(other - one)] += 1
            before = other - one
    return {
        "keys": len(pairs),
        "company_gaps": [_listed(counter) for counter in company_gaps],
        "sizes": _listed(Counter(bucket(len(items)) for items in companies.values())),
        "firsts": [_listed(counter) for counter in firsts],
        "gaps": [[_listed(counter) for counter in row] for row in gaps],
        **_class_statistics(pairs),
    }


def _class_statistics(pairs: list[tuple[int, str]]) -> Statistics:
    """How the category of an item follows from those before it."""
    changes: dict[int, list[int]] = {}
    returns = [0, 0]
    current, last = pairs[0][1], ""
    for (one, _), (other, category) in pairwise(pairs):
        seen = changes.setdefault(octave(one, other), [0, 0])
        seen[1] += 1
        if category != current:
            seen[0] += 1
            if last:
                returns[0] += category == last
                returns[1] += 1
            current, last = category, current
    return {
        "changes": [changes.get(n, [0, 0]) for n in range(max(changes, default=0) + 1)],
        "returns": returns,
        "classes": dict(sorted(Counter(category for _, category in pairs).items())),
    }


def octave(one: int, other: int) -> int:
    """0 for neighbours of two companies, else the bits of their gap."""
    return (other - one).bit_length() if one // ITEM_SPACE == other // ITEM_SPACE else 0


def _listed(counter: Counter[int]) -> list[int]:
    return [counter[n] for n in range(max(counter, default=-1) + 1)]


def main() -> None:
    """Print the statistics of a list as JSON."""
    found = {"source": sys.argv[2], **statistics(read_items(Path(sys.argv[1])).pairs)}
    print(json.dumps(found, separators=(",", ":")))


if __name__ == "__main__":
    main()
