"""Repairs the table in flash with the bytes that a host sends for its damaged ranges.

What came is laid over a second view of the file and used only when all of it has the signed
SHA-256: a CRC tells damage, not who sent the bytes. A rare room.
"""

import os

from gatescan.app import fixes, heap, storage, watched
from gatescan.app.slots import NO_MEMORY
from gatescan.app.watched import FileWindow
from gatescan.core.compat import TYPE_CHECKING
from gatescan.core.table.format import (
    ENTRY_BYTES,
    HEADER_BYTES,
    MAGIC,
    MAX_SECTIONS,
    TableError,
)
from gatescan.core.table.layers import File
from gatescan.core.table.reader import Table
from gatescan.core.table.verify import verify
from gatescan.core.trust.acceptance import REFUSED_CONTENT, Refusal

if TYPE_CHECKING:
    from typing import Generator, Iterator

    from gatescan.app.slots import Slots
    from gatescan.app.tables import Tables


def patch(
    tables: "Tables", sha: bytes, number: int, offset: int, data: "bytes | memoryview"
) -> bool:
    """Take the `number`th patch for the table with this SHA-256; `Tables.activate` ends with it.

    False when it does not fit: another table, not the next one, too many, too long.
    Raises OSError.
    """
    slots = tables.slots
    if not slots.slot or slots.manifest is None or slots.base_sha256 != sha:
        return False
    if number == 0:
        tables.mending, tables.job_sha = Mending(slots, sha), b""
    return tables.mending is not None and tables.mending.take(number, offset, data)


class Mending:
    """One round of patches, from the first to the check of all of them."""

    def __init__(self, slots: "Slots", sha: bytes) -> None:
        """`sha`: SHA-256 of the table that the patches are for; raises OSError."""
        self.sha = sha
        self._slots = slots
        self._path = slots.fix_path(slots.slot) + ".new"
        before = fixes.begin(self._path, slots.fix_path(slots.slot), sha)
        self._before = len(before.places)
        self._offsets: list[int] = []  # of the patches of this round

    def take(self, number: int, offset: int, data: "bytes | memoryview") -> bool:
        """Add the `number`th patch; the last one once more changes nothing.

        False when it is not the next one, or one too many or too long. Raises OSError.
        """
        count = len(self._offsets)
        if number == count - 1 and self._offsets[-1] == offset:
            return True
        if (
            number != count
            or self._before + count >= fixes.MAX_FIXES
            or not 0 < len(data) <= fixes.MAX_BYTES
        ):
            return False
        fixes.add(self._path, offset, data)
        self._offsets.append(offset)
        return True

    def verify(self, tables: "Tables") -> "Iterator[int]":
        """Hash the mended table and use it, or say what is still damaged; yields bytes done."""
        refusal = None
        try:
            if (yield from self._is_whole()):
                os.rename(self._path, self._slots.fix_path(self._slots.slot))
                yield 0
                self._use(tables)
            else:
                storage.remove(self._path)
                refusal = (
                    "The bytes sent do not make the table whole, %d damaged places are known: "
                    "sync it again." % len(self._slots.damaged)
                )
        except OSError:
            refusal = "The stored table cannot be read: sync it again."
        except MemoryError:
            refusal = "The scanner had no memory left to check the table: restart it, sync again."
        if refusal is not None:
            tables.refuse(Refusal(REFUSED_CONTENT, refusal))

    def _is_whole(self) -> "Generator[int, None, bool]":
        """Whether the mended file is the signed one; what else is damaged is noted."""
        slots = self._slots
        window = FileWindow(slots.path(slots.slot), slots.head_bytes)
        try:
            window.fixes = fixes.Fixes(self._path, self.sha)
            yield from window.compare(slots.base_bytes, self.sha)
        except TableError:
            yield from search(slots, window)
            return False
        finally:
            window.close()
        return True

    def _use(self, tables: "Tables") -> None:
        slots = self._slots
        slots.damaged.clear()
        if slots.table is not None:
            slots.lay_fixes(slots.table.window)
            tables.mended()
            return
        tables.let_go()
        try:
            heap.low(slots.use_stored)
        except MemoryError:  # mended, but not in use: it is at the next start
            tables.withdraw(NO_MEMORY)
        tables.done()


def search(slots: "Slots", window: FileWindow) -> "Iterator[int]":
    """Note in `slots.damaged` what a host must send again to make the file of `window` whole.

    Yields when others may run; where nothing can be told, nothing is noted.
    """

    def go_on(flags: int, offset: int, length: int) -> bool:
        watched.note(slots.damaged, offset, length)
        return True

    source = window, slots.base_bytes
    try:
        file = File(source, MAGIC)
    except TableError:
        directory = HEADER_BYTES + MAX_SECTIONS * ENTRY_BYTES
        go_on(0, 0, min(directory, slots.base_bytes))
        return
    try:
        items = Table(*source, items_only=True).products.items
    except (TableError, MemoryError):
        items = None  # the index must be mended first
    try:
        for _ in verify(file, items, 4096, go_on):
            yield 0
    except (TableError, OSError, MemoryError):
        pass  # it cannot be read: the whole file must come again


def search_stored(slots: "Slots") -> "Iterator[int]":
    """The same for the file in the slot as it lies there, with the patches that hold."""
    try:
        window = slots.window()
    except OSError:
        return
    try:
        yield from search(slots, window)
    finally:
        window.close()


def search_withdrawn(tables: "Tables") -> "Iterator[int]":
    """The same, after the log has heard that the table is out of use."""
    tables.on_change(Refusal(REFUSED_CONTENT, tables.slots.problem))
    yield from search_stored(tables.slots)


def tell(tables: "Tables") -> None:
    """Have the log know that the table in use has a damaged place."""
    tables.on_change(
        Refusal(
            REFUSED_CONTENT,
            "A part of the table in use is damaged, what stands in it is inspected by hand: "
            "sync the table again to repair it.",
        )
    )
