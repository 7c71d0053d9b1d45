"""Writes the sections of a table file, in the form of core/table/FORMAT.md."""

import hashlib
import struct
from collections.abc import Iterable, Sequence
from typing import NamedTuple
from zlib import crc32

from gatescan.core.table import format as fmt

K_RIGHTS = 11  # a section that the scanner need not know
RIGHT_CONTINUOUS, RIGHT_DEST_ALLOWED, RIGHT_SAME_INSTITUTION = 1, 2, 4  # flags of an entry
RIGHT_NOT_KNOWN = 3  # beside the codes of permission.status
RIGHT_BY_DIRECTORATE = 4
_PAGE_BODY = fmt.PAGE_BYTES - 4


class Part(NamedTuple):
    """A section before it has a place in the file."""

    kind: int
    flags: int
    records: int
    data: bytes


def plain(kind: int, records: int, data: bytes) -> Part:
    """A section with one CRC in the directory."""
    return Part(kind, fmt.FLAG_CRITICAL, records, data)


def paged(kind: int, records: Sequence[bytes], width: int) -> list[Part]:
    """Sorted records of `width` bytes as a section of pages, and its index (kind + 1)."""
    per_page = fmt.PAGE_RECORDS // width
    starts = range(0, len(records), per_page)
    firsts = [records[at][: fmt.PREFIX_BYTES] for at in starts]
    flags = fmt.FLAG_CRITICAL | fmt.FLAG_PAGES
    index = range(0, len(firsts), fmt.INDEX_RECORDS)
    return [
        Part(kind, flags, len(records), _pages(kind, records, starts, per_page)),
        Part(kind + 1, flags, len(firsts), _pages(kind + 1, firsts, index, fmt.INDEX_RECORDS)),
    ]


def _pages(kind: int, records: Sequence[bytes], starts: range, per_page: int) -> bytes:
    out = []
    for number, at in enumerate(starts):
        part = records[at : at + per_page]
        body = (bytes((len(part), 0)) + b"".join(part)).ljust(_PAGE_BODY, b"\0")
        seed = crc32(struct.pack(">I", kind << 24 | number))
        out.append(body + struct.pack("<I", crc32(body, seed)))
    return b"".join(out)


def classes(specs: Sequence[tuple[int, int]]) -> Part:
    """CLASSES of (category, CA_* bits)."""
    data = b"".join(struct.pack("<BBH", category, 0, bits) for category, bits in specs)
    return plain(fmt.K_CLASSES, len(specs), data)


def tag_hash(salt: bytes, key: bytes) -> bytes:
    """The 12 bytes under which a tag is filed."""
    return hashlib.sha256(salt + key).digest()[: fmt.TAG_KEY_BYTES]


def inmate_id(salt: bytes, pseudonym: str) -> bytes:
    """The 8 bytes that stand for an inmate on the device and in its journal."""
    return hashlib.sha256(salt + b"inmate" + pseudonym.encode()).digest()[:8]


class Lists(NamedTuple):
    """What is known of an inmate; None = the list is not known."""

    restricted: int | None  # bitmaps of categories
    decided: int | None
    rights: Sequence[bytes]  # entries of RIGHTS
    permitted: bool  # the permissions are known


def inmate(index: int, keyed: bytes, regime: int, first: int, lists: Lists) -> bytes:
    """One record of INMATES; `first`: number of the inmate's first entry in RIGHTS."""
    restricted, decided, rights, permitted = lists
    known = (restricted is not None) | (decided is not None) << 1 | permitted << 2
    body = struct.pack(
        "<8sBBHQQ", keyed, regime, known, first,
        (restricted or 0) | len(rights) << 8 * fmt.BITMAP_BYTES, decided or 0,
    )  # fmt: skip
    check = crc32(b"".join(rights), crc32(body, crc32(struct.pack("<I", index))))
    return body + struct.pack("<I", check)


def right(category: int, flags: int, states: int, permit_date: int) -> bytes:
    """One entry of RIGHTS."""
    return struct.pack("<BBHI", category, flags, states, permit_date)


def bitmap(categories: Iterable[int]) -> int:
    """Category numbers as one number: bit n = category n."""
    return sum(1 << number for number in set(categories))


def facts(values: Iterable[tuple[int, int | bool | frozenset[int] | None]]) -> Part:
    """BASE_FACTS of (fact number, value); a list of categories is a set of their numbers."""
    out = []
    for number, value in values:
        if value is None:
            kind, raw = fmt.FT_NULL, 0
        elif isinstance(value, bool):
            kind, raw = fmt.FT_BOOL, int(value)
        elif isinstance(value, frozenset):
            kind, raw = fmt.FT_BITMAP, bitmap(value)
        else:
            kind, raw = fmt.FT_NUMBER, value
        out.append(struct.pack("<BBq", number, kind, raw))
    return plain(fmt.K_BASE_FACTS, len(out), b"".join(out))


def texts(kinds: Sequence[Sequence[Sequence[Sequence[str]]]]) -> Part:
    """TEXTS; kinds[X_*][number][LANG_*] is a list of lines."""
    first: list[int] = []
    entries: list[bytes] = []
    blob = bytearray()
    total = sum(len(numbers) for numbers in kinds) * fmt.LANGS
    base = fmt.X_HEAD_BYTES + total * fmt.X_ENTRY_BYTES
    for kind, numbers in enumerate(kinds):
        first.append(len(entries))
        for number, langs in enumerate(numbers):
            for lang in range(fmt.LANGS):
                raw = "\n".join(langs[lang]).encode()
                check = crc32(raw, crc32(bytes((kind, number, lang)))) & 0xFFFF
                entries.append(struct.pack("<IHH", base + len(blob), len(raw), check))
                blob += raw
    head = struct.pack("<BBH4H", fmt.X_KINDS, fmt.LANGS, total, *first)
    return plain(fmt.K_TEXTS, total, head + b"".join(entries) + bytes(blob))


def assemble(parts: Sequence[Part], magic: bytes = fmt.MAGIC) -> bytes:
    """The complete file: header, directory, sections, SHA-256."""
    offset = fmt.HEADER_BYTES + fmt.ENTRY_BYTES * len(parts)
    directory = []
    for part in parts:
        own = fmt.FLAG_PAGES | fmt.FLAG_BLOCKS  # whose parts carry a CRC each
        crc = 0 if part.flags & own else crc32(part.data)
        directory.append(
            struct.pack(
                "<HHIIII", part.kind, part.flags, offset, len(part.data), part.records, crc
            )
        )
        offset += len(part.data)
    head = struct.pack(
        "<4sHHI", magic, fmt.VERSION, len(parts), offset + fmt.DIGEST_BYTES
    )
    crc = crc32(b"".join(directory), crc32(head))
    data = b"".join([head, struct.pack("<I", crc), *directory, *(p.data for p in parts)])
    return data + hashlib.sha256(data).digest()
