"""How small an update is: the operation logs of two usual kinds of changes to a list."""

import random
from collections import Counter
from collections.abc import Iterable, Mapping

from gatescan.core.law import names
from gatescan_host.bench.statistics import ITEM_SPACE
from gatescan_host.table import encode
from gatescan_host.table.blocks import item_parts
from gatescan_host.table.delta import Delta, make_delta
from gatescan_host.table.read import open_bytes

INSERTS, DELETES, CLASS_CHANGES = 400, 300, 300
SUPPLIER_ITEMS = 500

Pairs = Iterable[tuple[int, str]]
_Items = Mapping[int, int]  # 13 digits before the check digit -> class


def oplog_figures(pairs: Pairs, seed: int) -> dict[str, int | None]:
    """Bytes of the operation log and of the whole delta file of two updates.

    `random_*`: 1,000 changes drawn by `seed`: 400 items that were held out come, 300 go, 300 get
    another class. `supplier_*`: the first 500 items of the company with the most items come. The
    signed head, which travels too, is not counted. None where the list is too small for them.
    """
    listed = dict(pairs)
    numbers = {name: n for n, name in enumerate(sorted(set(listed.values())))}
    items = {key: numbers[name] for key, name in listed.items()}
    specs = [(names.CATEGORIES.index(name), 0) for name in numbers]
    rng = random.Random(seed)  # noqa: S311 - changes that can be drawn again
    figures: dict[str, int | None] = {"seed": seed}
    figures |= _told("random", _random_changes(items, specs, rng))
    return figures | _told("supplier", _supplier(items, specs))


def _random_changes(
    items: _Items, specs: list[tuple[int, int]], rng: random.Random
) -> Delta | None:
    total = INSERTS + DELETES + CLASS_CHANGES
    if len(items) < 2 * total or len(specs) < 2:
        return None
    drawn = rng.sample(sorted(items), total)
    inserted, deleted = drawn[:INSERTS], drawn[INSERTS : INSERTS + DELETES]
    old, new = dict(items), dict(items)
    for key in inserted:
        del old[key]
    for key in deleted:
        del new[key]
    for key in drawn[INSERTS + DELETES :]:
        new[key] = rng.choice([n for n in range(len(specs)) if n != items[key]])
    return _delta(old, new, specs)


def _supplier(items: _Items, specs: list[tuple[int, int]]) -> Delta | None:
    (company, count), *_ = Counter(key // ITEM_SPACE for key in items).most_common(1)
    if count < SUPPLIER_ITEMS or len(items) < 2 * SUPPLIER_ITEMS:
        return None
    held = sorted(key for key in items if key // ITEM_SPACE == company)[:SUPPLIER_ITEMS]
    old = dict(items)
    for key in held:
        del old[key]
    return _delta(old, items, specs)


def _delta(old: _Items, new: _Items, specs: list[tuple[int, int]]) -> Delta:
    classes = encode.classes(specs)
    after = sorted(new.items())
    parent = encode.assemble([classes, *item_parts(sorted(old.items()))])
    codes = bytes(open_bytes(parent, items_only=True).files.codes())
    return make_delta(parent, encode.assemble([classes, *item_parts(after, codes)]), after)


def _told(what: str, delta: Delta | None) -> dict[str, int | None]:
    return {
        f"{what}_changes": delta.changes if delta else None,
        f"{what}_ops_bytes": delta.ops_bytes if delta else None,
        f"{what}_delta_bytes": len(delta.data) if delta else None,
    }
