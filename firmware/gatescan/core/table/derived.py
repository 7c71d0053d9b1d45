"""Writes a table file or an overlay file whose head is known before its items are.

The scanner makes two files from a delta (overlay.py, merge.py). Their heads come with the delta,
because a file system for flash does not go back to the beginning of a file; their SHA-256 is
signed, so that whatever went wrong shows at the end.
"""

import hashlib
import struct
from array import array

from gatescan.core.compat import TYPE_CHECKING, const
from gatescan.core.table.block_format import ITEMS_OF_COMPANY, M_ITEM, WORDS
from gatescan.core.table.format import (
    DIGEST_BYTES,
    ENTRY_BYTES,
    HEADER_BYTES,
    K_ITEM_INDEX,
    K_ITEMS,
    TableError,
    take,
)
from gatescan.core.table.writer import BlockWriter, fill_words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from gatescan.core.table.layers import Layers

    Write = Callable[[bytes | bytearray | memoryview], None]

_COPY_BYTES = const(1024)
_SLICE_ITEMS = const(16)  # written between two slices


class DerivedFile:
    """One such file on its way: `write(buffer)` gets its bytes in order."""

    def __init__(self, head: "bytes | bytearray", write: "Write") -> None:
        """`head`: header and directory of the file; raises TableError when they do not fit."""
        self._write_out = write
        self._hash = hashlib.sha256()
        self._head = head
        if len(head) < HEADER_BYTES:
            raise TableError("The changes do not fit the table: sync the whole table.")
        number, self.size = struct.unpack_from("<HI", head, 6)
        if len(head) != HEADER_BYTES + number * ENTRY_BYTES:
            raise TableError("The changes do not fit the table: sync the whole table.")
        self._done = 0
        self._index = bytearray()

    def _write(self, part: "bytes | bytearray | memoryview") -> None:
        self._done += len(part)
        if self._done > self.size:  # before the flash is full of what can never be right
            raise TableError("The changes do not fit the table: sync the whole table.")
        self._hash.update(part)
        self._write_out(part)

    def write(
        self,
        kind: int,
        files: "Layers",
        model: "bytearray",
        items: "Callable[[BlockWriter], Iterator[None]]",
    ) -> "Iterator[int]":
        """Write all of it, in slices; yields permille done, raises TableError.

        `kind`: in the seed of the blocks; `items(writer)` adds the items, in slices, and is asked
        when their section is due; the other sections are copied from `files`.
        """
        self._write(self._head)
        for at in range(HEADER_BYTES, len(self._head), ENTRY_BYTES):
            section, _, offset, length, _, _ = struct.unpack_from("<HHIIII", self._head, at)
            if section == K_ITEMS:
                for _ in self._items(kind, model, items):
                    yield 1000 * self._done // self.size
            elif section == K_ITEM_INDEX:
                self._write(self._index)
            else:
                for _ in self._copy(files, section):
                    yield 1000 * self._done // self.size
            if self._done != offset + length:
                raise TableError("The changes do not fit the table: sync the whole table.")
        self._write_out(self._hash.digest())
        if self._done + DIGEST_BYTES != self.size:
            raise TableError("The changes do not fit the table: sync the whole table.")
        yield 1000

    def _items(
        self, kind: int, model: "bytearray", items: "Callable[[BlockWriter], Iterator[None]]"
    ) -> "Iterator[None]":
        words = array("I", [0] * WORDS * (model[M_ITEM] + 1))
        yield from fill_words(model, words)
        writer = BlockWriter(kind, model, words, self._emit)
        yield from items(writer)
        writer.flush()

    def _emit(self, first_key: memoryview, block: memoryview) -> None:
        self._index.extend(first_key)
        self._write(block)

    def _copy(self, files: "Layers", kind: int) -> "Iterator[None]":
        section = files.need(kind)
        read_at = files.file(kind).read_at
        view = memoryview(bytearray(min(_COPY_BYTES, section.length)))
        for at in range(0, section.length, _COPY_BYTES):
            part = view[: section.length - at]
            take(read_at, section.offset + at, part)
            self._write(part)
            yield


def add_all(
    writer: BlockWriter, items: "Iterator[tuple[int, int, int] | None]"
) -> "Iterator[None]":
    """Add (company, item, class) to `writer`, a few a slice; None is a slice of its own."""
    count = 0
    before = item_before = -1
    for found in items:
        if found is None:
            yield
            continue
        company, item, class_id = found
        if not 0 <= item < ITEMS_OF_COMPANY or company < before or (
            company == before and item <= item_before
        ):  # the encoder takes nothing but ascending keys
            raise TableError("The changes do not fit the table: sync the whole table.")
        before, item_before = company, item
        writer.add(company, item, class_id)
        count += 1
        if count == _SLICE_ITEMS:
            count = 0
            yield
