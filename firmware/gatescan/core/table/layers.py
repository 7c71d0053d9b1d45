"""The table file and the overlay file over it: which section is read where.

What opens a table; the table keeps nothing of it, so that a board can forget this code.
"""

import struct
from binascii import crc32

from gatescan.core import compat
from gatescan.core.compat import TYPE_CHECKING
from gatescan.core.table.block_format import BLOCK_BYTES
from gatescan.core.table.codes import check_index, read_codes
from gatescan.core.table.directory import read_directory
from gatescan.core.table.format import (
    ENTRY_BYTES,
    HEADER_BYTES,
    INDEX_RECORDS,
    K_BASE_FACTS,
    K_CODES,
    K_ITEM_INDEX,
    K_ITEMS,
    K_META,
    K_OVERLAY,
    K_RANGES,
    K_REELS,
    K_TABLE_HEAD,
    K_TAGS,
    MAGIC,
    MAGIC_OVERLAY,
    PAGE_BYTES,
    RANGE_BYTES,
    REEL_BYTES,
    TAG_BYTES,
    TableError,
    take,
)
from gatescan.core.table.items import BlockBuffer, Items
from gatescan.core.table.pages import Page, Records
from gatescan.core.table.site import read_facts, read_meta

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from gatescan.core.table.directory import Section
    from gatescan.core.table.ranges import Ranges
    from gatescan.core.table.reels import Reels

    Source = tuple[Callable[..., None], int]  # read_at, size in bytes
    Place = tuple[Callable[..., None], int, int]  # read_at, offset, length


class File:
    """One of the two files: its sections, and the buffer for its pages."""

    def __init__(self, source: "Source", magic: bytes) -> None:
        """Raises TableError when the directory is damaged."""
        self.read_at, self.size = source
        self.sections = read_directory(self.read_at, self.size, magic)
        self.page = Page(self.read_at)

    def section(self, kind: int) -> "Section | None":
        """The directory entry of a section, None when there is none."""
        for section in self.sections:
            if section.kind == kind:
                return section
        return None

    def load(self, section: "Section") -> bytearray:
        """A whole small section, its CRC checked; raises TableError."""
        data = bytearray(section.length)
        take(self.read_at, section.offset, data)
        if crc32(data) != section.crc:
            raise TableError(
                "Section %d of the table is damaged: sync it again." % section.kind
            )
        return data


class Layers:
    """Both files as one: a section of the overlay stands for that of the table."""

    def __init__(
        self, source: "Source", overlay: "Source | None", magic: bytes = MAGIC
    ) -> None:
        """`magic`: that of the first file. Raises TableError."""
        self.base = File(source, magic)
        self.overlay = File(overlay, MAGIC_OVERLAY) if overlay is not None else None

    def file(self, kind: int) -> File:
        """The file whose section of this kind counts."""
        over = self.overlay
        return over if over is not None and over.section(kind) else self.base

    def section(self, kind: int) -> "Section | None":
        """The directory entry of the section that counts, None when there is none."""
        return self.file(kind).section(kind)

    def need(self, kind: int) -> "Section":
        """The same; raises TableError when there is none."""
        section = self.section(kind)
        if section is None:
            raise TableError("The table is incomplete (section %d): sync it again." % kind)
        return section

    def load(self, kind: int) -> bytearray:
        """A whole small section, its CRC checked; raises TableError."""
        return self.file(kind).load(self.need(kind))

    def matches(self, kind: int, data: "bytes | bytearray") -> bool:
        """Whether a small section is these very bytes; raises TableError."""
        section, file = self.need(kind), self.file(kind)
        whole = memoryview(data)
        if section.length != len(data):
            return False
        for at in range(0, section.length, PAGE_BYTES):
            part = file.page.view[: min(PAGE_BYTES, section.length - at)]
            take(file.read_at, section.offset + at, part)
            if part != whole[at : at + len(part)]:
                return False
        return True

    def count(self, kind: int) -> int:
        """How many records a section has, 0 without one."""
        section = self.section(kind)
        return section.count if section else 0

    def items_count(self) -> int:
        """How many items the table has, the overlay's changes counted in; raises TableError."""
        if self.overlay is not None:
            head = self.load(K_TABLE_HEAD)
            for at in range(HEADER_BYTES, len(head), ENTRY_BYTES):
                kind, _, _, _, count = struct.unpack_from("<HHIII", head, at)
                if kind == K_ITEMS:
                    return int(count)
        return self.need(K_ITEMS).count

    def place(self, kind: int) -> "Place | None":
        """What reads the section that counts, its offset and length; None when there is none."""
        section = self.section(kind)
        return (self.file(kind).read_at, section.offset, section.length) if section else None

    def model(self) -> bytearray:
        """The decoder's model of the code of the items; raises TableError."""
        return read_codes(self.codes())

    def codes(self) -> bytearray:
        """The CODES section of the table, which is the overlay's too; raises TableError."""
        section = self.base.section(K_CODES)
        if section is None:
            raise TableError("The table is incomplete (codes): sync it again.")
        return self.base.load(section)

    def buffer(self) -> BlockBuffer:
        """A buffer with the fastest decoder that there is: the board's, in viper, bytecode."""
        own = compat.block_decoder() if compat.block_decoder is not None else None
        if own is not None:
            return BlockBuffer(own)
        try:
            from gatescan.core.table.decode_viper import advance
        except (ImportError, SyntaxError, ValueError, AttributeError):
            from gatescan.core.table.decode_plain import advance
        return BlockBuffer(advance)

    def items(self, buffer: BlockBuffer, model: bytearray, overlay: bool = False) -> Items:
        """The items of one of the files, read through `buffer`; raises TableError."""
        file = self.overlay if overlay else self.base
        section = file.section(K_ITEMS) if file else None
        index = file.section(K_ITEM_INDEX) if file else None
        if file is None or section is None or index is None:
            raise TableError("The table is incomplete (items): sync it again.")
        if index.count != (section.length + BLOCK_BYTES - 1) // BLOCK_BYTES:
            raise TableError("The index of the table does not fit: sync the table again.")
        keys = file.load(index)
        check_index(keys)
        place = K_OVERLAY if overlay else K_ITEMS, section.offset, section.length
        return Items(file.read_at, buffer, model, place, keys)

    def tags(self) -> "Records | None":
        """The records of TAGS, None without; raises TableError."""
        return self._records(K_TAGS, TAG_BYTES, Records) if self.section(K_TAGS) else None

    def ranges(self) -> "Ranges | None":
        """RANGES, None without, and then their code is not loaded; raises TableError."""
        if not self.section(K_RANGES):
            return None
        from gatescan.core.table.ranges import Ranges

        return self._records(K_RANGES, RANGE_BYTES, Ranges)

    def reels(self) -> "Reels | None":
        """REELS, None without, and then their code is not loaded; raises TableError."""
        if not self.section(K_REELS):
            return None
        from gatescan.core.table.reels import Reels

        return self._records(K_REELS, REEL_BYTES, Reels)

    def _records(self, kind: int, width: int, form: "type") -> "Any":
        """A section of paged records of `width` bytes and its index."""
        section = self.need(kind)
        index = self.file(kind).section(kind + 1)
        if index is None:
            raise TableError("The table is incomplete (section %d): sync it again." % (kind + 1))
        pages = section.length // PAGE_BYTES
        if index.count != pages or index.length != (
            (pages + INDEX_RECORDS - 1) // INDEX_RECORDS * PAGE_BYTES
        ):
            raise TableError("The index of the table does not fit: sync the table again.")
        page = self.file(kind).page
        return form(page, kind, section.offset, pages, width, index.offset)

    def meta(self) -> "dict[str, Any]":
        """The site of the table; raises TableError."""
        return read_meta(self.load(K_META))

    def facts(self) -> "list[tuple[int, int | bool | bytes | None]]":
        """The base facts, as `Table.base_facts` has them; raises TableError."""
        return read_facts(self.load(K_BASE_FACTS))
