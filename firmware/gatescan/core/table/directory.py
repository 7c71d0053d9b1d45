"""Header and directory of a table file: where its sections lie, or why it is refused."""

import struct
from binascii import crc32
from collections import namedtuple

from gatescan.core.compat import TYPE_CHECKING
from gatescan.core.table.block_format import (
    BLOCK_BYTES,
    LEAST_BLOCK_BYTES,
    MAX_BLOCKS,
    MAX_CODES_BYTES,
    MAX_COUNT,
)
from gatescan.core.table.format import (
    CLASS_BYTES,
    DIGEST_BYTES,
    ENTRY_BYTES,
    FACT_BYTES,
    FLAG_BLOCKS,
    FLAG_CRITICAL,
    FLAG_PAGES,
    HEADER_BYTES,
    INMATE_BYTES,
    K_BASE_FACTS,
    K_CLASSES,
    K_CODES,
    K_INMATES,
    K_ITEM_INDEX,
    K_ITEMS,
    K_META,
    K_OPS,
    K_OVERLAY_HEAD,
    K_POLICY,
    K_RANGES,
    K_REELS,
    K_SEALS,
    K_TABLE_HEAD,
    K_TAG_INDEX,
    K_TAGS,
    K_TEXTS,
    MAGIC,
    MAX_CLASSES,
    MAX_FACTS,
    MAX_POLICY_BYTES,
    MAX_SECTIONS,
    META_BYTES,
    NO_OWNER,
    PAGE_BYTES,
    PAGE_RECORDS,
    PREFIX_BYTES,
    RANGE_BYTES,
    REEL_BYTES,
    SEAL_BYTES,
    TAG_BYTES,
    VERSION,
    X_HEAD_BYTES,
    TableError,
    take,
)

if TYPE_CHECKING:
    from collections.abc import Callable

Section = namedtuple("Section", ("kind", "flags", "offset", "length", "count", "crc"))

_DAMAGED = "The table file is damaged (%s): sync the table again."
_WIDTHS = {
    K_TAGS: TAG_BYTES,
    K_TAG_INDEX: PREFIX_BYTES,
    K_RANGES: RANGE_BYTES,
    K_RANGES + 1: PREFIX_BYTES,
    K_REELS: REEL_BYTES,
    K_REELS + 1: PREFIX_BYTES,
}


def read_directory(
    read_at: "Callable[..., None]", size: int, wanted: bytes = MAGIC
) -> "list[Section]":
    """All sections of the file of `size` bytes, checked for place and form; raises TableError.

    `wanted`: with which MAGIC the file begins.
    """
    if size < HEADER_BYTES + DIGEST_BYTES:
        raise TableError(_DAMAGED % "too short")
    head = bytearray(HEADER_BYTES)
    take(read_at, 0, head)
    magic, version, number, length, crc = struct.unpack("<4sHHII", head)
    if magic != wanted:
        raise TableError("This file is no Gatescan table: sync a table to the scanner.")
    if version != VERSION:
        raise TableError(
            "The table has format %d and this version reads %d: update the scanner or build the"
            " table with matching tools." % (version, VERSION)
        )
    if length != size:
        raise TableError(_DAMAGED % "%d of %d bytes" % (size, length))
    start = HEADER_BYTES + number * ENTRY_BYTES
    if not 1 <= number <= MAX_SECTIONS or start > size - DIGEST_BYTES:
        raise TableError(_DAMAGED % "directory")
    entries = bytearray(number * ENTRY_BYTES)
    take(read_at, HEADER_BYTES, entries)
    if crc32(entries, crc32(memoryview(head)[:12])) != crc:
        raise TableError(_DAMAGED % "directory checksum")
    sections: list[Section] = []
    for at in range(0, len(entries), ENTRY_BYTES):
        section = Section(*struct.unpack_from("<HHIIII", entries, at))
        if section.offset != start or section.length > size - DIGEST_BYTES - start:
            raise TableError(_DAMAGED % "place of section %d" % section.kind)
        start += section.length
        for other in sections:
            if other.kind == section.kind and section.kind <= K_SEALS:
                raise TableError(_DAMAGED % "section %d twice" % section.kind)
        _check_form(section)
        sections.append(section)
    if start != size - DIGEST_BYTES:
        raise TableError(_DAMAGED % "end")
    return sections


def _check_form(section: Section) -> None:
    """Refuse a section whose length and count cannot belong together."""
    kind, flags, _, length, count, _ = section
    ok = length % PAGE_BYTES == 0 if flags & FLAG_PAGES else kind not in _WIDTHS
    ok = ok and (flags & FLAG_BLOCKS != 0) == (kind == K_ITEMS)
    if kind in _WIDTHS:
        pages = length // PAGE_BYTES
        ok = ok and pages <= count <= pages * (PAGE_RECORDS // _WIDTHS[kind])
    elif kind == K_ITEMS:
        last = length % BLOCK_BYTES
        blocks = (length + BLOCK_BYTES - 1) // BLOCK_BYTES
        ok = ok and (last == 0 or last >= LEAST_BLOCK_BYTES)
        ok = ok and blocks <= count <= blocks * MAX_COUNT
    elif kind == K_ITEM_INDEX:
        ok = ok and length == count * PREFIX_BYTES and count <= MAX_BLOCKS
    elif kind == K_CODES:
        ok = ok and length <= MAX_CODES_BYTES
    elif kind == K_META:
        ok = ok and length == META_BYTES
    elif kind == K_CLASSES:
        ok = ok and length == count * CLASS_BYTES and 1 <= count <= MAX_CLASSES
    elif kind == K_INMATES:
        ok = ok and length == count * INMATE_BYTES and count < NO_OWNER
    elif kind == K_SEALS:
        ok = ok and length == count * SEAL_BYTES
    elif kind == K_BASE_FACTS:
        ok = ok and length == count * FACT_BYTES and count <= MAX_FACTS
    elif kind == K_POLICY:
        ok = ok and length <= MAX_POLICY_BYTES
    elif kind == K_TEXTS:
        ok = ok and length >= X_HEAD_BYTES
    elif kind in (K_TABLE_HEAD, K_OVERLAY_HEAD):
        entries_bytes = length - HEADER_BYTES
        ok = ok and 0 < entries_bytes <= MAX_SECTIONS * ENTRY_BYTES
        ok = ok and entries_bytes % ENTRY_BYTES == 0
    elif flags & FLAG_CRITICAL and kind != K_OPS:
        raise TableError(
            "The table needs a newer scanner (section %d): update the scanner." % kind
        )
    if not ok:
        raise TableError(_DAMAGED % "form of section %d" % kind)
