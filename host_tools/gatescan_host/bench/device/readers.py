"""Readers of all formats, for a host and for MicroPython: open a file, find a key's class.

An opener takes a `medium.File` and gives (what a key is asked as, how it is found). A key is the
canonical one of a product number, 8 bytes; turning it into what a format asks for is no part of
a lookup. Answers: the class, or a negative number.
"""

import json
from hashlib import sha256
from struct import unpack_from

from gatescan.core.compat import TYPE_CHECKING
from gatescan.core.table.reader import Table

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from gatescan_host.bench.device.medium import File

    Opened = tuple[Callable[[Any], Any], Callable[[Any], int]]

MISS = -1


def six(key: "bytearray") -> bytes:
    """The 6 bytes of a canonical key that hold its number."""
    return bytes(key[2:8])


def open_ours(file: "File") -> "Opened":
    """The table, by the scanner's own reader."""
    return bytes, Table(file, file.size, True).lookup_key


def open_fixed(file: "File") -> "Opened":
    """Ascending records of 8 bytes (key, class, a zero), bisected in the file."""
    record = bytearray(8)
    count = file.size // 8

    def find(key: "bytes") -> int:
        low, high = 0, count
        while low < high:
            middle = (low + high) // 2
            file(middle * 8, record)
            found = record[:6]
            if found == key:
                return record[6]
            if found < key:
                low = middle + 1
            else:
                high = middle
        return MISS

    return six, find


def open_cdb(file: "File") -> "Opened":
    """D. J. Bernstein's constant database (cr.yp.to/cdb/cdb.txt)."""
    pair = bytearray(8)
    record = bytearray(15)  # lengths of key and data, key, class

    def find(key: "bytes") -> int:
        digest = cdb_hash(key)
        file((digest & 255) * 8, pair)
        table, slots = unpack_from("<II", pair)
        slot = (digest >> 8) % slots if slots else 0
        for _ in range(slots):
            file(table + slot * 8, pair)
            stored, at = unpack_from("<II", pair)
            if not at:
                return MISS
            if stored == digest:
                file(at, record)
                if record[8:14] == key:
                    return record[14]
            slot = (slot + 1) % slots
        return MISS

    return six, find


def cdb_hash(key: "bytes") -> int:
    """The hash of a cdb: 32 bits."""
    digest = 5381
    for byte in key:
        digest = (digest * 33 & 0xFFFFFFFF) ^ byte
    return digest


def open_json(file: "File") -> "Opened":
    """A JSON object, 13 digits to class, in RAM as a whole."""
    with open(file.path) as text:  # noqa: PTH123 - MicroPython
        found = json.load(text)
    return digits, lambda code: found.get(code, MISS)


def digits(key: "bytearray") -> str:
    """The 13 digits of a canonical key."""
    return "%013d" % int.from_bytes(bytes(key[1:8]), "big")  # noqa: UP031 - MicroPython


def open_filter(file: "File") -> "Opened":
    """A binary fuse filter (filters.py) over 8-bit fingerprints with their class."""
    head = bytearray(12)
    file(0, head)
    bits, seed, segment_bits, segments = unpack_from("<BBBxI", head)
    part = bytearray(4)

    def cell(number: int) -> int:
        at = number * bits
        file(12 + (at >> 3), part)
        return (part[0] << 16 | part[1] << 8 | part[2]) >> 24 - bits - (at & 7)

    def find(key: "bytes") -> int:
        first, second, third, fingerprint = places(key, seed, segment_bits, segments)
        value = cell(first) ^ cell(second) ^ cell(third)
        return value >> 8 & (1 << bits - 8) - 1 if value & 255 == fingerprint else MISS

    return six, find


def places(
    key: "bytes", seed: int, segment_bits: int, segments: int
) -> "tuple[int, int, int, int]":
    """The three cells of a key in a binary fuse filter, and its fingerprint of 8 bits."""
    digest = sha256(key + bytes((seed,))).digest()
    mask = (1 << segment_bits) - 1
    base = ((digest[0] << 16 | digest[1] << 8 | digest[2]) % segments) << segment_bits
    first = base + ((digest[3] << 16 | digest[4] << 8 | digest[5]) & mask)
    base += 1 << segment_bits
    second = base + ((digest[6] << 16 | digest[7] << 8 | digest[8]) & mask)
    base += 1 << segment_bits
    return (
        first,
        second,
        base + ((digest[9] << 16 | digest[10] << 8 | digest[11]) & mask),
        digest[12],
    )


OPENERS = {
    "ours": open_ours,
    "fixed": open_fixed,
    "cdb": open_cdb,
    "json": open_json,
    "filter": open_filter,
}
