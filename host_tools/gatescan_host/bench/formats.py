"""Writes the other formats from (13 digits, class) pairs, ascending; device/readers.py reads."""

import json
import sqlite3
import struct
from collections.abc import Callable
from pathlib import Path

from gatescan_host.bench import filters
from gatescan_host.bench.device.readers import cdb_hash

Pairs = list[tuple[int, int]]
_CDB_TABLES = 256


def write_fixed(pairs: Pairs, path: Path) -> None:
    """Records of 8 bytes: key, class, a zero."""
    path.write_bytes(b"".join(key.to_bytes(6, "big") + bytes((c, 0)) for key, c in pairs))


def write_cdb(pairs: Pairs, path: Path) -> None:
    """D. J. Bernstein's constant database (cr.yp.to/cdb/cdb.txt), keys of 6 bytes."""
    tables: list[list[tuple[int, int]]] = [[] for _ in range(_CDB_TABLES)]
    at = _CDB_TABLES * 8
    records = []
    for number, class_id in pairs:
        key = number.to_bytes(6, "big")
        digest = cdb_hash(key)
        tables[digest % _CDB_TABLES].append((digest, at))
        records.append(struct.pack("<II", len(key), 1) + key + bytes((class_id,)))
        at += len(records[-1])
    head, tail = [], []
    for entries in tables:
        slots = [(0, 0)] * (2 * len(entries))
        for digest, where in entries:
            slot = (digest >> 8) % len(slots)
            while slots[slot][1]:
                slot = (slot + 1) % len(slots)
            slots[slot] = (digest, where)
        head.append(struct.pack("<II", at, len(slots)))
        tail += [struct.pack("<II", *slot) for slot in slots]
        at += 8 * len(slots)
    path.write_bytes(b"".join(head + records + tail))


def write_sqlite(pairs: Pairs, path: Path) -> None:
    """One table with the number as its primary key."""
    with sqlite3.connect(path) as database:
        database.execute("CREATE TABLE item (gtin INTEGER PRIMARY KEY, class INTEGER NOT NULL)")
        database.executemany("INSERT INTO item VALUES (?, ?)", pairs)
    database.execute("VACUUM")
    database.close()


def write_json(pairs: Pairs, path: Path) -> None:
    """One object, 13 digits to class."""
    text = json.dumps({f"{key:013d}": c for key, c in pairs}, separators=(",", ":"))
    path.write_text(text, encoding="ascii")


def write_marisa(pairs: Pairs, path: Path) -> None:
    """A marisa-trie of 13 digits with a record of one byte; ImportError without the library."""
    import marisa_trie

    trie = marisa_trie.RecordTrie("B", ((f"{key:013d}", (c,)) for key, c in pairs))
    trie.save(str(path))


def write_filter(pairs: Pairs, path: Path) -> None:
    """A binary fuse filter with fingerprints of 8 bits."""
    path.write_bytes(filters.build(pairs))


WRITERS: dict[str, Callable[[Pairs, Path], None]] = {
    "fixed": write_fixed,
    "cdb": write_cdb,
    "sqlite": write_sqlite,
    "json": write_json,
    "marisa": write_marisa,
    "filter": write_filter,
}
