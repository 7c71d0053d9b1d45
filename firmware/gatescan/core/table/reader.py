"""The open table: items, tags, inmates, facts, policy and texts, checked as they are read.

Callers see nothing of the encoding: another one may stand behind the same methods.
"""

import hashlib
from binascii import crc32

from gatescan.core.compat import TYPE_CHECKING, const
from gatescan.core.table.format import (
    CLASS_BYTES,
    CORRUPT,
    INDEX_RECORDS,
    INMATE_BYTES,
    ITEM_BYTES,
    K_BASE_FACTS,
    K_CLASSES,
    K_INMATES,
    K_ITEM_INDEX,
    K_ITEMS,
    K_META,
    K_POLICY,
    K_TAG_INDEX,
    K_TAGS,
    K_TEXTS,
    MISS,
    PAGE_BYTES,
    TAG_BYTES,
    TAG_KEY_BYTES,
    TableError,
    take,
)
from gatescan.core.table.pages import Page, Records
from gatescan.core.table.records import read_facts, read_inmate, read_meta, read_tag
from gatescan.core.table.texts import Texts
from gatescan.core.tags.scheme import S_GTIN

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from gatescan.core.table.directory import Section
    from gatescan.core.table.records import Inmate, TagRecord

_RIGHTS = const(11)  # the kind of the section, and the bytes of an entry
_RIGHT_BYTES = const(8)


class Table:
    """`read_at(offset, buffer)` fills the whole buffer from the file or raises OSError."""

    def __init__(
        self, read_at: "Callable[..., None]", size: int, items_only: bool = False
    ) -> None:
        """Open a file of `size` bytes; raises TableError with one sentence.

        `items_only`: a benchmark file without site, policy and texts will do.
        """
        # Needed once a table: whoever is short of RAM forgets it afterwards.
        from gatescan.core.table.directory import read_directory

        self._read_at = read_at
        self.size = size
        self.sections = read_directory(read_at, size)
        self._page = Page(read_at)
        self._classes = self._load(K_CLASSES)
        items = self._need(K_ITEMS)
        self.items = items.count
        self._items = self._records(items, K_ITEM_INDEX, ITEM_BYTES)
        tags = self.section(K_TAGS)
        self.tags = tags.count if tags else 0
        self._tags = self._records(tags, K_TAG_INDEX, TAG_BYTES) if tags else None
        self._inmates = self.section(K_INMATES)
        self.inmates = self._inmates.count if self._inmates else 0
        self.meta = {}
        self._facts = []
        self._texts = None
        if not items_only:
            self.meta = read_meta(self._load(K_META))
            self._facts = read_facts(self._load(K_BASE_FACTS))
            self._need(K_POLICY)
            self._texts = Texts(read_at, self._need(K_TEXTS))

    def section(self, kind: int) -> "Section | None":
        """The directory entry of a section, None when the file has none."""
        for section in self.sections:
            if section.kind == kind:
                return section
        return None

    def _need(self, kind: int) -> "Section":
        section = self.section(kind)
        if section is None:
            raise TableError("The table is incomplete (section %d): sync it again." % kind)
        return section

    def _load(self, kind: int) -> bytearray:
        """A whole small section, its CRC checked."""
        section = self._need(kind)
        data = bytearray(section.length)
        take(self._read_at, section.offset, data)
        if crc32(data) != section.crc:
            raise TableError("Section %d of the table is damaged: sync it again." % kind)
        return data

    def _records(self, section: "Section", index_kind: int, width: int) -> Records:
        index = self._need(index_kind)
        pages = section.length // PAGE_BYTES
        if index.count != pages or index.length != (
            (pages + INDEX_RECORDS - 1) // INDEX_RECORDS * PAGE_BYTES
        ):
            raise TableError("The index of the table does not fit: sync the table again.")
        return Records(self._page, section.kind, section.offset, pages, width, index.offset)

    def lookup(self, gtin13: int) -> int:
        """Class of the item whose GTIN-14 without check digit is `gtin13`, MISS or CORRUPT."""
        if not 0 <= gtin13 < 10000000000000:
            return MISS
        return self._class_at(gtin13 >> 24, gtin13 & 0xFFFFFF)

    def lookup_key(self, key: "bytes | bytearray | memoryview") -> int:
        """The same for the canonical key of a tag of scheme gtin; leaves no garbage."""
        if len(key) != 8 or key[0] != S_GTIN or key[1]:
            return MISS
        return self._class_at(
            key[2] << 16 | key[3] << 8 | key[4], key[5] << 16 | key[6] << 8 | key[7]
        )

    def _class_at(self, high: int, low: int) -> int:
        at = self._items.find(high, low)
        if at < 0:
            return at
        class_id = self._page.buffer[at + 6]
        return class_id if class_id * CLASS_BYTES < len(self._classes) else CORRUPT

    def class_of(self, class_id: int) -> "tuple[int, int]":
        """(category, CA_* attributes) of a class; (0, 0), category unknown, if there is none."""
        at = class_id * CLASS_BYTES
        if not 0 <= at < len(self._classes):
            return (0, 0)
        return (self._classes[at], self._classes[at + 2] | self._classes[at + 3] << 8)

    def lookup_tag(self, key: bytes) -> "TagRecord | int | None":
        """The record of a canonical tag key (any scheme), None when unlisted, or CORRUPT."""
        if self._tags is None or not key:
            return None
        hashed = hashlib.sha256(self.meta.get("salt", b""))
        hashed.update(key)
        k = hashed.digest()
        at = self._tags.find(k[0] << 16 | k[1] << 8 | k[2], k[3] << 16 | k[4] << 8 | k[5])
        if at < 0:
            return CORRUPT if at == CORRUPT else None
        buffer = self._page.buffer
        for i in range(6, TAG_KEY_BYTES):
            if buffer[at + i] != k[i]:
                return None
        return read_tag(buffer, at, len(self._classes) // CLASS_BYTES, self.inmates)

    def inmate(self, index: int) -> "Inmate | int | None":
        """One inmate, None when there is no such index, or CORRUPT."""
        if self._inmates is None or not 0 <= index < self.inmates:
            return None
        data = bytearray(INMATE_BYTES)
        try:
            self._read_at(self._inmates.offset + index * INMATE_BYTES, data)
            return read_inmate(data, self._rights(data[10] | data[11] << 8, data[17]), index)
        except OSError:
            return CORRUPT

    def _rights(self, first: int, count: int) -> bytearray:
        """Entries of RIGHTS, none where the file has not so many; raises OSError."""
        section = self.section(_RIGHTS)
        if not section or (first + count) * _RIGHT_BYTES > section.length:
            return bytearray()
        rights = bytearray(count * _RIGHT_BYTES)
        self._read_at(section.offset + first * _RIGHT_BYTES, rights)
        return rights

    def base_facts(self) -> "list[tuple[int, int | bool | bytes | None]]":
        """(fact number F_*, value) of this site: institution and policy switches."""
        return self._facts

    def policy(self) -> bytearray:
        """The compiled order, freshly read and checked; raises TableError."""
        return self._load(K_POLICY)

    def text(self, kind: int, number: int, lang: int) -> "tuple[str, ...]":
        """Lines of a display text (X_*, its number, LANG_*), () when there is none."""
        return self._texts.get(kind, number, lang) if self._texts else ()

    def verify(self, slice_bytes: int = 4096) -> "Iterator[int]":
        """Check every CRC and the SHA-256 in slices; yields permille done, raises TableError."""
        from gatescan.core.table.verify import verify

        return verify(self._read_at, self.size, self.sections, self._page, slice_bytes)
