"""Merges a table with its overlay into the table file that the host built with `--parent`."""

from gatescan.core.compat import TYPE_CHECKING
from gatescan.core.table.block_format import TOMBSTONE
from gatescan.core.table.derived import DerivedFile, add_all
from gatescan.core.table.format import K_ITEMS, K_TABLE_HEAD
from gatescan.core.table.items import BlockBuffer
from gatescan.core.table.walk import Walk

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gatescan.core.table.derived import Write
    from gatescan.core.table.reader import Table
    from gatescan.core.table.writer import BlockWriter


def merge(table: "Table", write: "Write") -> "Iterator[int]":
    """Write the table file that `table`, opened with its overlay, answers like.

    In slices of some ms; yields permille done. `write(buffer)` gets every byte in order. The
    result proves itself by its SHA-256, which is signed. Raises TableError.
    """
    base, over = BlockBuffer(), BlockBuffer()
    files = table.files

    def items(writer: "BlockWriter") -> "Iterator[None]":
        below = Walk(files.items(base, table.model), base, table.model)
        above = Walk(files.items(over, table.model, True), over, table.model)
        return add_all(writer, _both(below, above))

    head = files.load(K_TABLE_HEAD)
    yield from DerivedFile(head, write).write(K_ITEMS, files, table.model, items)


def _both(below: Walk, above: Walk) -> "Iterator[tuple[int, int, int] | None]":
    """Items of both walks in order; what stands in both is as in the upper one."""
    while not (below.ended and above.ended):
        order = _order(below, above)
        if order < 0:
            yield below.company, below.item, below.class_id
            below.next()
            continue
        if not order:
            below.next()
        if above.class_id != TOMBSTONE:
            yield above.company, above.item, above.class_id
        above.next()


def _order(below: Walk, above: Walk) -> int:
    """Below 0 when the lower walk's item comes first, 0 when both are at one item."""
    if above.ended or below.ended:
        return -1 if above.ended else 1
    return below.company - above.company or below.item - above.item
