"""Lists of items for the tests of deltas, and the one check that says all of them."""

import random
from collections.abc import Iterable, Mapping, Sequence

from gatescan.core.table import format as fmt
from gatescan.core.table.merge import merge
from gatescan.core.table.overlay import make_overlay
from gatescan.core.table.reader import Table
from gatescan_host.table import encode
from gatescan_host.table.blocks import item_parts
from gatescan_host.table.delta import Delta, make_delta
from gatescan_host.table.read import open_bytes, reader_of

Items = Mapping[int, int]  # 13-digit number -> class
_ASKED = 400
_CLASSES = [(number % 34, number) for number in range(64)]


def drawn(rng: random.Random, count: int, clustered: bool) -> dict[int, int]:
    """So many items: of some companies and mostly close together, or anywhere."""
    companies = [rng.randrange(10**8) for _ in range(max(1, count // 50))]
    items: dict[int, int] = {}
    class_id = 0
    while len(items) < count:
        key = rng.randrange(10**13)
        if clustered:
            key = rng.choice(companies) * 100_000 + rng.randrange(300)
        if rng.random() < 0.3 or not clustered:
            class_id = rng.randrange(rng.choice((3, 64)))
        items.setdefault(key, class_id)
    return items


def table(items: Items, codes: bytes | None = None, more: Sequence[int] = ()) -> bytes:
    """An items-only table; `more`: kinds of empty sections of pages that it has besides."""
    parts = [encode.classes(_CLASSES), *item_parts(sorted(items.items()), codes)]
    flags = fmt.FLAG_CRITICAL | fmt.FLAG_PAGES
    return encode.assemble([*parts, *(encode.Part(kind, flags, 0, b"") for kind in more)])


def overlay_of(parent: bytes, delta: bytes) -> bytes:
    """The overlay file that a scanner makes; raises TableError."""
    made = bytearray()
    for _ in make_overlay(
        open_bytes(parent, items_only=True), (reader_of(delta), len(delta)), made.extend
    ):
        pass
    return bytes(made)


def opened(parent: bytes, overlay: bytes) -> Table:
    """The parent with the overlay over it; raises TableError."""
    return Table(reader_of(parent), len(parent), True, (reader_of(overlay), len(overlay)))


def check(old: Items, new: Items) -> Delta:
    """Delta, overlay, answers and merged table are right from `old` to `new`."""
    parent = table(old)
    after = table(new, bytes(open_bytes(parent, items_only=True).files.codes()))
    delta = make_delta(parent, after)
    assert delta.changes == sum(
        old.get(key, -1) != new.get(key, -1) for key in {*old, *new}
    )
    made = overlay_of(parent, delta.data)
    assert made == delta.overlay
    both = opened(parent, made)
    assert list(both.verify())[-1] == 1000
    asked = near(old, new)
    for key in asked[:: 1 + len(asked) // _ASKED]:  # each decodes half a block
        assert both.lookup(key) == new.get(key, fmt.MISS), key
    merged = bytearray()
    for _ in merge(both, merged.extend):
        pass
    assert merged == after
    return delta


def near(*lists: Iterable[int]) -> list[int]:
    """All keys of the lists, and the numbers beside them."""
    return sorted(
        {key + n for keys in lists for key in keys for n in (-1, 0, 1) if 0 <= key + n < 10**13}
    )


def classes_of(items: Items) -> int:
    """How many classes they have."""
    return len(set(items.values()))
