"""A built table file with its figures, and the items-only file that benchmarks measure."""

import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from gatescan.core.law import names
from gatescan.core.table import format as fmt
from gatescan.core.table.block_format import BLOCK_BYTES
from gatescan_host.table import encode
from gatescan_host.table.blocks import item_parts


@dataclass(frozen=True)
class BuiltTable:
    """An unsigned table file and what `table build --json` says about it."""

    data: bytes
    stats: dict[str, Any]
    items: list[tuple[int, int]]  # ascending (13 digits before the check digit, class)


def build_items(pairs: Iterable[tuple[int, str]]) -> BuiltTable:
    """An items-only file of (13 digits before the check digit, category name), for benchmarks."""
    begun = time.perf_counter()
    used = dict(pairs)
    specs = [(names.CATEGORIES.index(name), 0) for name in sorted(set(used.values()))]
    class_ids = {names.CATEGORIES[category]: n for n, (category, _) in enumerate(specs)}
    items = sorted((key, class_ids[name]) for key, name in used.items())
    parts = [encode.classes(specs), *item_parts(items)]
    data = encode.assemble(parts)
    return BuiltTable(data, count(data, parts, len(used), begun), items)


def count(data: bytes, parts: list[encode.Part], keys: int, begun: float) -> dict[str, Any]:
    """Figures of a built file; `begun` is the time.perf_counter() of its start."""
    items = next(p for p in parts if p.kind == fmt.K_ITEMS)
    return {
        "keys": keys,
        "bytes": len(data),
        "bytes_per_key": round(len(data) / keys, 4) if keys else None,
        "blocks": -(-len(items.data) // BLOCK_BYTES),
        "seconds": round(time.perf_counter() - begun, 3),
    }
