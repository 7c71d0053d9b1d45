"""Takes a table file apart and puts it together again, with sums that fit or do not.

A parser of its own: what the reader overlooks must not be overlooked here too.
"""

import hashlib
import struct
from binascii import crc32
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

HEADER_BYTES = 16
ENTRY_BYTES = 20
ITEMS, ITEM_INDEX, INMATES, RIGHTS, OVERLAY = 3, 4, 7, 11, 17
PAGES, BLOCKS = 2, 4
# what `assemble` mends
MEND_PARTS = 1  # the CRCs inside sections, and those of sections
MEND_DIRECTORY = 2
MEND_SHA = 4
MEND_ALL = 7


@dataclass
class Piece:
    """A section; all of it may be changed."""

    kind: int
    flags: int
    count: int
    data: bytearray
    crc: int


@cache
def _parsed(file: bytes) -> tuple[bytes, tuple[tuple[int, int, int, bytes, int], ...]]:
    pieces = []
    for at in range(HEADER_BYTES, HEADER_BYTES + ENTRY_BYTES * file[6], ENTRY_BYTES):
        kind, flags, offset, length, count, crc = struct.unpack_from("<HHIIII", file, at)
        pieces.append((kind, flags, count, file[offset : offset + length], crc))
    return file[:4], tuple(pieces)


def take_apart(file: bytes) -> tuple[bytes, list[Piece]]:
    """Magic and sections of a good file."""
    magic, pieces = _parsed(file)
    return magic, [Piece(k, f, n, bytearray(data), crc) for k, f, n, data, crc in pieces]


def assemble(magic: bytes, pieces: Sequence[Piece], mend: int = MEND_ALL) -> bytearray:
    """A file of these sections; sums that are not mended stay as they were."""
    if mend & MEND_PARTS:
        index = next((bytes(p.data) for p in pieces if p.kind == ITEM_INDEX), b"")
        rights = next((bytes(p.data) for p in pieces if p.kind == RIGHTS), b"")
        for piece in pieces:
            if piece.flags & BLOCKS:
                mend_blocks(piece.data, index, OVERLAY if magic == b"GSO1" else ITEMS)
            elif piece.flags & PAGES:
                mend_pages(piece.data, piece.kind)
            else:
                if piece.kind == INMATES:
                    mend_inmates(piece.data, rights)
                piece.crc = crc32(piece.data)
    start = HEADER_BYTES + ENTRY_BYTES * len(pieces)
    directory = bytearray()
    for p in pieces:
        own = 0 if p.flags & (PAGES | BLOCKS) else p.crc
        directory += struct.pack("<HHIIII", p.kind, p.flags, start, len(p.data), p.count, own)
        start += len(p.data)
    head = struct.pack("<4sHHII", magic, 2, len(pieces), start + 32, 0)
    file = bytearray(head + directory + b"".join(p.data for p in pieces) + bytes(32))
    if mend & MEND_DIRECTORY:
        mend_directory(file)
    if mend & MEND_SHA:
        file[-32:] = hashlib.sha256(file[:-32]).digest()
    return file


def mend_directory(file: bytearray) -> None:
    """Length and CRC of header and directory."""
    struct.pack_into("<I", file, 8, len(file))
    end = HEADER_BYTES + ENTRY_BYTES * int.from_bytes(file[6:8], "little")
    crc = crc32(file[HEADER_BYTES:end], crc32(file[:12]))
    struct.pack_into("<I", file, 12, crc)


def mend_blocks(data: bytearray, index: bytes, kind: int) -> None:
    """The CRC of each block, with the key that the index has for it."""
    for number, at in enumerate(range(0, len(data), 1024)):
        end = min(at + 1024, len(data)) - 4
        if end >= at:
            seed = struct.pack(">IH", kind << 24 | number, 0) + index[number * 6 : number * 6 + 6]
            struct.pack_into("<I", data, end, crc32(data[at:end], crc32(seed)))


def mend_pages(data: bytearray, kind: int) -> None:
    """The CRC of each whole page."""
    for number, at in enumerate(range(0, len(data) - 511, 512)):
        seed = struct.pack(">I", (kind & 255) << 24 | number)
        struct.pack_into("<I", data, at + 508, crc32(data[at : at + 508], crc32(seed)))


def mend_inmates(data: bytearray, rights: bytes) -> None:
    """The CRC of each record, with the entries of RIGHTS that it names."""
    for number, at in enumerate(range(0, len(data) - 31, 32)):
        first, count = data[at + 10] | data[at + 11] << 8, data[at + 17]
        own = rights[first * 8 : (first + count) * 8]
        crc = crc32(own, crc32(data[at : at + 28], crc32(struct.pack("<I", number))))
        struct.pack_into("<I", data, at + 28, crc)
