"""The open table: items, tags, inmates, facts, policy and texts, checked as they are read.

Callers see nothing of the encoding: another one may stand behind the same methods.
"""

import hashlib

from gatescan.core.compat import TYPE_CHECKING, const
from gatescan.core.table.format import (
    CLASS_BYTES,
    CORRUPT,
    INMATE_BYTES,
    K_CLASSES,
    K_INMATES,
    K_POLICY,
    K_RANGES,
    K_RIGHTS,
    K_SEALS,
    K_TAGS,
    K_TEXTS,
    M_NONE,
    M_REEL,
    M_TAG,
    MISS,
    TAG_KEY_BYTES,
)
from gatescan.core.table.products import Products
from gatescan.core.table.records import read_inmate, read_tag
from gatescan.core.table.texts import Texts
from gatescan.core.tags import gtin

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from gatescan.core.seals.seal_record import SealRecord
    from gatescan.core.table.directory import Section
    from gatescan.core.table.layers import Layers
    from gatescan.core.table.pages import Records
    from gatescan.core.table.records import Inmate, TagRecord
    from gatescan.core.table.verify import Note

_RIGHT_BYTES = const(8)


class Table:
    """`read_at(offset, buffer)` fills the whole buffer from the file or raises OSError."""

    def __init__(
        self,
        read_at: "Callable[..., None]",
        size: int,
        items_only: bool = False,
        overlay: "tuple[Callable[..., None], int] | None" = None,
    ) -> None:
        """Open a file of `size` bytes; raises TableError with one sentence.

        `items_only`: a benchmark file without site, policy and texts will do. `overlay`: the
        overlay file over it, as (read_at, size): the answers are those of the merged table.
        """
        self._read_at = read_at
        self.size = size
        self._overlay = overlay
        files = self.files
        self._classes = files.load(K_CLASSES)
        self.model = files.model()
        block = files.buffer()
        self.products = Products(
            files.items(block, self.model),
            files.items(block, self.model, True) if overlay else None,
            files.ranges(),
            files.file(K_RANGES) is not files.base,
            len(self._classes) // CLASS_BYTES,
        )
        self.items = files.items_count()
        self._tags, self._reels = files.tags(), files.reels()
        self.tags = files.count(K_TAGS)
        self._tag_matched = M_NONE
        self._inmates = files.place(K_INMATES)
        self._rights = files.place(K_RIGHTS)
        self.inmates = files.count(K_INMATES)
        self._seals = files.place(K_SEALS)
        self.meta = {}
        self._facts = []
        self._texts = None
        if not items_only:
            self.meta = files.meta()
            self._facts = files.facts()
            files.need(K_POLICY)
            self._texts = Texts(files.file(K_TEXTS).read_at, files.need(K_TEXTS))

    @property
    def files(self) -> "Layers":
        """What stands where in the files: read anew, it is not worth the RAM of keeping it."""
        from gatescan.core.table.layers import Layers  # whoever is short of RAM forgets it

        return Layers((self._read_at, self.size), self._overlay)

    @property
    def sections(self) -> "list[Section]":
        """The directory of the table file."""
        return self.files.base.sections

    def section(self, kind: int) -> "Section | None":
        """The directory entry of a section, None when there is none; the overlay's comes first."""
        return self.files.section(kind)

    @property
    def matched(self) -> int:
        """M_*: what answered the last lookup of a product or a tag."""
        return self.products.matched or self._tag_matched

    def lookup(self, gtin13: int) -> int:
        """Class of the item whose GTIN-14 without check digit is `gtin13`, MISS or CORRUPT."""
        self._tag_matched = M_NONE
        if not 0 <= gtin13 < 10000000000000:
            self.products.matched = M_NONE
            return MISS
        return self.products.find(gtin13 >> 24, gtin13 & 0xFFFFFF)

    def lookup_key(self, key: "bytes | bytearray | memoryview") -> int:
        """The same for the canonical key of a tag of scheme gtin; leaves no garbage."""
        self._tag_matched = M_NONE
        if not gtin.is_product(key) or key[1]:
            self.products.matched = M_NONE
            return MISS
        return self.products.find(
            key[2] << 16 | key[3] << 8 | key[4], key[5] << 16 | key[6] << 8 | key[7]
        )

    def class_of(self, class_id: int) -> "tuple[int, int]":
        """(category, CA_* attributes) of a class; (0, 0), category unknown, if there is none."""
        at = class_id * CLASS_BYTES
        if not 0 <= at < len(self._classes):
            return (0, 0)
        return (self._classes[at], self._classes[at + 2] | self._classes[at + 3] << 8)

    def lookup_tag(self, key: bytes) -> "TagRecord | int | None":
        """The record of a canonical tag key (any scheme), None when unlisted, or CORRUPT.

        A text that is not listed may be the serial number of a seal on a reel.
        """
        found = self._listed(self._tags, key) if self._tags and key else None
        matched = M_TAG
        if found is None and self._reels is not None:
            found = self._reels.find_seal(self.meta.get("salt", b""), key)
            matched = M_REEL
        self.products.matched = M_NONE
        self._tag_matched = matched if isinstance(found, tuple) else M_NONE
        return found

    def _listed(self, tags: "Records", key: bytes) -> "TagRecord | int | None":
        hashed = hashlib.sha256(self.meta.get("salt", b""))
        hashed.update(key)
        k = hashed.digest()
        at = tags.find(k[0] << 16 | k[1] << 8 | k[2], k[3] << 16 | k[4] << 8 | k[5])
        if at < 0:
            return CORRUPT if at == CORRUPT else None
        buffer = tags.page.buffer
        for i in range(6, TAG_KEY_BYTES):
            if buffer[at + i] != k[i]:
                return None
        return read_tag(buffer, at, len(self._classes) // CLASS_BYTES, self.inmates)

    def inmate(self, index: int) -> "Inmate | int | None":
        """One inmate, None when there is no such index, or CORRUPT."""
        if self._inmates is None or not 0 <= index < self.inmates:
            return None
        data = bytearray(INMATE_BYTES)
        read_at, offset, _ = self._inmates
        try:
            read_at(offset + index * INMATE_BYTES, data)
            return read_inmate(data, self._entries(data[10] | data[11] << 8, data[17]), index)
        except OSError:
            return CORRUPT

    def _entries(self, first: int, count: int) -> bytearray:
        """Entries of RIGHTS, none where the file has not so many; raises OSError."""
        read_at, offset, length = self._rights or (None, 0, 0)
        if not read_at or (first + count) * _RIGHT_BYTES > length:
            return bytearray()
        rights = bytearray(count * _RIGHT_BYTES)
        read_at(offset + first * _RIGHT_BYTES, rights)
        return rights

    def seal(self, number: int) -> "SealRecord | int | None":
        """What is known of a seal by its number, from 1; None without such a seal, or CORRUPT."""
        if self._seals is None:
            return None
        from gatescan.core.seals.seal_record import read_seal  # seldom scanned

        return read_seal(self._seals, number)

    def base_facts(self) -> "list[tuple[int, int | bool | bytes | None]]":
        """(fact number F_*, value) of this site: institution and policy switches."""
        return self._facts

    def policy(self) -> bytearray:
        """The compiled order, freshly read and checked; raises TableError."""
        return self.files.load(K_POLICY)

    def has_policy(self, data: "bytes | bytearray") -> bool:
        """Whether the compiled order is these very bytes; raises TableError."""
        return self.files.matches(K_POLICY, data)

    def text(self, kind: int, number: int, lang: int) -> "tuple[str, ...]":
        """Lines of a display text (X_*, its number, LANG_*), () when there is none."""
        return self._texts.get(kind, number, lang) if self._texts else ()

    def verify(self, slice_bytes: int = 4096, note: "Note | None" = None) -> "Iterator[int]":
        """Check every CRC and the SHA-256 in slices; yields permille done, raises TableError.

        `note` hears of damage in the table file, as in verify.py.
        """
        from gatescan.core.table.verify import verify

        files = self.files
        if files.overlay is not None and self.products.overlay is not None:
            yield from verify(files.overlay, self.products.overlay, slice_bytes)
        yield from verify(files.base, self.products.items, slice_bytes, note)
