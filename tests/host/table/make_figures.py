"""Writes TABLE and QUERIES for lookup_figures.py and prints the host's own figures.

Usage: python make_figures.py ITEMS.csv.gz OUT_DIR [NUMBER OF ITEMS]
"""

import csv
import gzip
import random
import sys
import time
from pathlib import Path

from gatescan_host.table.built import build_items
from gatescan_host.table.read import open_bytes


def main() -> None:
    source, out = Path(sys.argv[1]), Path(sys.argv[2])
    limit = int(sys.argv[3]) if len(sys.argv) > 3 else None
    with gzip.open(source, "rt") as file:
        items = {int(r["gtin"][:-1]): r["category"] for r in csv.DictReader(file)}
    if limit:
        items = {key: items[key] for key in sorted(items)[:limit]}
    built = build_items(items.items())
    rng = random.Random(1)
    count = min(1000, len(items))
    hits = rng.sample(sorted(items), count)
    far = (key for key in rng.sample(range(10**13), len(items)) if key not in items)
    near = (key + 1 for key in rng.sample(sorted(items), len(items)) if key + 1 not in items)
    misses = [next(near if n % 2 else far) for n in range(count)]
    out.mkdir(parents=True, exist_ok=True)
    (out / "t.bin").write_bytes(built.data)
    (out / "q.bin").write_bytes(
        b"".join(b"\x01" + key.to_bytes(7, "big") for key in hits + misses)
    )
    print(built.stats)
    table = open_bytes(built.data, items_only=True)
    keys = [b"\x01" + key.to_bytes(7, "big") for key in hits]
    begun = time.perf_counter()
    for key in keys:
        table.lookup_key(key)
    print(f"host: {len(keys) / (time.perf_counter() - begun):.0f} lookups/s")


if __name__ == "__main__":
    main()
