"""Merges a table with its overlay into the table file that the host built with `--parent`."""

from gatescan.core.compat import TYPE_CHECKING, const
from gatescan.core.table.block_format import END_COMPANY, TOMBSTONE
from gatescan.core.table.derived import DerivedFile
from gatescan.core.table.format import K_ITEMS, K_TABLE_HEAD
from gatescan.core.table.walk import Walk

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gatescan.core.table.derived import Write
    from gatescan.core.table.reader import Table
    from gatescan.core.table.writer import BlockWriter

_SLICE_ITEMS = const(100)  # copied between two slices


def merge(table: "Table", write: "Write") -> "Iterator[int]":
    """Write the table file that `table`, opened with its overlay, answers like.

    In slices of some ms; yields permille done. `write(buffer)` gets every byte in order. The
    result proves itself by its SHA-256, which is signed. Raises TableError.
    """
    files = table.files
    base, over = files.buffer(), files.buffer()

    def items(writer: "BlockWriter") -> "Iterator[None]":
        below = Walk(files.items(base, table.model), base, table.model)
        above = Walk(files.items(over, table.model, True), over, table.model)
        return _both(below, above, writer)

    head = files.load(K_TABLE_HEAD)
    yield from DerivedFile(head, write).write(K_ITEMS, files, table.model, items)


def _both(below: Walk, above: Walk, writer: "BlockWriter") -> "Iterator[None]":
    """Add the items of both walks in order; what stands in both is as in the upper one."""
    while True:
        if above.ended:
            below.limit(END_COMPANY, 0)
        else:
            below.limit(above.company, above.item)
        while writer.copy(below, _SLICE_ITEMS):
            yield
        if above.ended:
            return
        if (below.company, below.item) == (above.company, above.item) and not below.ended:
            below.next()
        if above.class_id != TOMBSTONE:
            writer.add(above.company, above.item, above.class_id)
        above.next()
        yield
