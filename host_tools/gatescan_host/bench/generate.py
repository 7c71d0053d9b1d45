"""Draws lists of items that are clustered like a real one: `clustered.json` says how."""

import hashlib
import json
import random
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import accumulate
from typing import TypeVar

from gatescan_host.bench.items import Items, csv_text
from gatescan_host.bench.statistics import (
    COMPANY_SPACE,
    DATA,
    EDGES,
    ITEM_SPACE,
    Statistics,
    before_kind,
    bucket,
    company_kind,
    octave,
    size_kind,
)

MAX_KEYS = 10_000_000
T = TypeVar("T")
_BATCH = 4096  # drawing many at a time is several times as fast


@cache
def clustered() -> Statistics:
    """The statistics that lists are drawn from."""
    return json.loads(DATA.read_text(encoding="utf-8"))


def generate(keys: int, seed: int) -> Items:
    """`keys` distinct items; the same numbers give the same items, everywhere."""
    if not 1 <= keys <= MAX_KEYS:
        raise ValueError(f"1 to {MAX_KEYS} keys")
    rng = random.Random(seed)  # noqa: S311 - a list that can be drawn again
    drawn = list(_keys(rng, keys))
    pairs = list(zip(drawn, _categories(rng, drawn), strict=True))
    return Items(pairs, 0, hashlib.sha256(csv_text(pairs).encode()).hexdigest())


def _draws(rng: random.Random, values: Sequence[T], counts: list[int]) -> Iterator[T]:
    """One of `values` after the other, each as often as `counts` say."""
    weights = list(accumulate(counts))
    while True:
        yield from rng.choices(values, cum_weights=weights, k=_BATCH)


def _values(rng: random.Random, histogram: list[int]) -> Iterator[int]:
    """Numbers as a histogram over `EDGES` has them, evenly spread inside a bucket."""
    for n in _draws(rng, range(len(histogram)), histogram):
        width = EDGES[n + 1] - EDGES[n]
        yield EDGES[n] if width == 1 else EDGES[n] + int(rng.random() * width)


def _sizes(rng: random.Random, keys: int) -> list[int]:
    """Items of each company, `keys` in all."""
    sizes, left = [], keys
    for size in _values(rng, clustered()["sizes"]):
        sizes.append(min(size, left))
        left -= sizes[-1]
        if not left:
            return sizes
    raise AssertionError("a histogram never ends")


def _companies(rng: random.Random, count: int) -> list[int]:
    """Ascending company numbers; where so many do not fit, the gaps shrink."""
    draws = [_values(rng, _usual(histogram)) for histogram in clustered()["company_gaps"]]
    gaps, gap = [], 0
    for _ in range(count):
        gap = next(draws[company_kind(gap)])
        gaps.append(gap)
    shrink = min(1.0, (COMPANY_SPACE - 1 - count) / sum(gaps))
    return list(accumulate(max(1, int(gap * shrink)) for gap in gaps))


def _usual(histogram: list[int]) -> list[int]:
    """Without the leaps from one first digit to the next: at most one in the whole list each."""
    return histogram[: bucket(COMPANY_SPACE // 100)]


def _keys(rng: random.Random, keys: int) -> Iterator[int]:
    """Ascending keys, company by company."""
    told = clustered()
    sizes = _sizes(rng, keys)
    firsts = [_values(rng, histogram) for histogram in told["firsts"]]
    gaps = [[_values(rng, h) if h else None for h in row] for row in told["gaps"]]
    for company, size in zip(_companies(rng, len(sizes)), sizes, strict=True):
        kind = size_kind(size)
        item, offsets, gap = 0, [0], 0
        while len(offsets) < size:
            draws = gaps[kind][before_kind(gap)]
            assert draws is not None
            gap = next(draws)
            item += gap
            offsets.append(item)
            if item >= ITEM_SPACE:  # it has run over the end of the company: once more
                item, offsets, gap = 0, [0], 0
        first = next(firsts[kind])
        if first + item >= ITEM_SPACE:
            first = rng.randrange(ITEM_SPACE - item)
        base = company * ITEM_SPACE + first
        for offset in offsets:
            yield base + offset


def _categories(rng: random.Random, keys: list[int]) -> Iterator[str]:
    """A category for each key: that of the key before, the one before that, or one drawn anew."""
    told = clustered()
    drawn = _draws(rng, list(told["classes"]), list(told["classes"].values()))
    back, differs = _chances([count / told["keys"] for count in told["classes"].values()])
    chances = [changed / total / differs if total else 1.0 for changed, total in told["changes"]]
    current = last = next(drawn)
    before = keys[0]
    for key in keys:
        if rng.random() < chances[octave(before, key)]:
            category = last if rng.random() < back else next(drawn)
            if category != current:
                current, last = category, current
        before = key
        yield current


def _chances(shares: list[float]) -> tuple[float, float]:
    """How often to go back rather than draw anew, and how often either makes a difference.

    So that of all changes as many lead back to the category before as in the real list.
    """
    returned, changes = clustered()["returns"]
    wanted = returned / changes
    anew = 1 - sum(share * share for share in shares)  # another one is drawn
    by_chance = sum(  # and the next change leads back
        one * one / anew * other / (1 - other)
        for n, one in enumerate(shares)
        for m, other in enumerate(shares)
        if n != m
    )
    back = anew * (wanted - by_chance) / (1 - wanted + anew * (wanted - by_chance))
    return back, back + (1 - back) * anew
