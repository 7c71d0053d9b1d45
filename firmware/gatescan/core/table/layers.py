"""The table file and the overlay file over it: which section is read where."""

from binascii import crc32

from gatescan.core.compat import TYPE_CHECKING
from gatescan.core.table.block_format import BLOCK_BYTES
from gatescan.core.table.format import (
    INDEX_RECORDS,
    K_CODES,
    K_ITEM_INDEX,
    K_ITEMS,
    K_OVERLAY,
    MAGIC,
    MAGIC_OVERLAY,
    PAGE_BYTES,
    TableError,
    take,
)
from gatescan.core.table.items import BlockBuffer, Items
from gatescan.core.table.pages import Page, Records

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from gatescan.core.table.directory import Section

    Source = tuple[Callable[..., None], int]  # read_at, size in bytes


class File:
    """One of the two files: its sections, and the buffer for its pages."""

    def __init__(self, source: "Source", magic: bytes) -> None:
        """Raises TableError when the directory is damaged."""
        # Needed once a table: whoever is short of RAM forgets it afterwards.
        from gatescan.core.table.directory import read_directory

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

    def records(self, kind: int, width: int, form: "type" = Records) -> "Any":
        """A section of paged records of `width` bytes and its index; raises TableError."""
        section = self.need(kind)
        index = self.need(kind + 1)
        pages = section.length // PAGE_BYTES
        if index.count != pages or index.length != (
            (pages + INDEX_RECORDS - 1) // INDEX_RECORDS * PAGE_BYTES
        ):
            raise TableError("The index of the table does not fit: sync the table again.")
        page = self.file(kind).page
        return form(page, kind, section.offset, pages, width, index.offset)

    def items(self, buffer: BlockBuffer, model: bytearray, overlay: bool = False) -> Items:
        """The items of one of the files, read through `buffer`; raises TableError."""
        file = self.overlay if overlay else self.base
        section = file.section(K_ITEMS) if file else None
        index = file.section(K_ITEM_INDEX) if file else None
        if file is None or section is None or index is None:
            raise TableError("The table is incomplete (items): sync it again.")
        if index.count != (section.length + BLOCK_BYTES - 1) // BLOCK_BYTES:
            raise TableError("The index of the table does not fit: sync the table again.")
        place = K_OVERLAY if overlay else K_ITEMS, section.offset, section.length
        return Items(file.read_at, buffer, model, place, file.load(index))

    def codes(self) -> bytearray:
        """The CODES section of the table, which is the overlay's too; raises TableError."""
        section = self.base.section(K_CODES)
        if section is None:
            raise TableError("The table is incomplete (codes): sync it again.")
        return self.base.load(section)
