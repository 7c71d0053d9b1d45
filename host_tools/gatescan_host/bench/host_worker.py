"""Measures one format on the host, in a process of its own: its memory is that of the process."""

import gc
import json
import os
import sqlite3
import sys
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from time import perf_counter_ns
from typing import TYPE_CHECKING, Any

from gatescan_host.bench.device.measure import MARK, measure
from gatescan_host.bench.device.medium import File
from gatescan_host.bench.device.readers import MISS, OPENERS, digits

if TYPE_CHECKING:
    from gatescan_host.bench.device.readers import Opened


def open_sqlite(file: File) -> "Opened":
    """A table of SQLite with the number as its primary key."""
    statement = "SELECT class FROM item WHERE gtin = ?"
    cursor = sqlite3.connect(f"file:{file.path}?mode=ro", uri=True).cursor()

    def find(number: int) -> int:
        row = cursor.execute(statement, (number,)).fetchone()
        return MISS if row is None else row[0]

    return lambda key: int.from_bytes(key[1:8], "big"), find


def open_marisa(file: File) -> "Opened":
    """A marisa-trie with a record of one byte for each 13 digits; mapped, not loaded."""
    import marisa_trie

    trie: Any = marisa_trie.RecordTrie("B").mmap(file.path)
    return digits, lambda code: trie[code][0][0] if code in trie else MISS


def resident_bytes() -> int:
    """Memory of this process (Linux)."""
    gc.collect()
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def traced_bytes(opener: Callable[[File], "Opened"], path: str) -> int:
    """Memory that Python's objects take: exact, where the process counts in pages."""
    tracemalloc.start()
    opened = opener(File(path))
    traced = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    del opened
    return traced


def main() -> None:
    """Arguments: name of the format, its file, the questions."""
    name, path, questions = sys.argv[1:]
    openers = {**OPENERS, "sqlite": open_sqlite, "marisa": open_marisa}
    found = measure(
        openers[name],
        path,
        questions,
        perf_counter_ns,
        lambda begun: (perf_counter_ns() - begun) / 1000,
        resident_bytes,
    )
    found["ram_bytes"] = max(found["ram_bytes"], traced_bytes(openers[name], path))
    print(MARK + json.dumps(found))


if __name__ == "__main__":
    main()
