"""Makes the overlay file of a delta: its operations as items that are looked up first."""

from gatescan.core.compat import TYPE_CHECKING
from gatescan.core.table.derived import DerivedFile, add_all
from gatescan.core.table.format import (
    K_OPS,
    K_OVERLAY,
    K_OVERLAY_HEAD,
    MAGIC_DELTA,
)
from gatescan.core.table.layers import Layers
from gatescan.core.table.ops import Bits, operations
from gatescan.core.table.walk import Walk

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gatescan.core.table.derived import Write
    from gatescan.core.table.layers import Source
    from gatescan.core.table.reader import Table
    from gatescan.core.table.writer import BlockWriter

def make_overlay(base: "Table", delta: "Source", write: "Write") -> "Iterator[int]":
    """Write the overlay file for `delta`, (read_at, size), over the open table `base`.

    In slices of some ms; yields permille done. `write(buffer)` gets every byte in order. The
    result proves itself by its SHA-256, which is signed. Raises TableError.
    """
    files = Layers(delta, None, MAGIC_DELTA)
    buffer = files.buffer()

    def items(writer: "BlockWriter") -> "Iterator[None]":
        section = files.need(K_OPS)
        bits = Bits(files.base.read_at, section.offset, section.length)
        walk = Walk(base.files.items(buffer, base.model), buffer, base.model)
        return add_all(writer, operations(bits, walk, buffer, base.model))

    head = files.load(K_OVERLAY_HEAD)
    yield from DerivedFile(head, write).write(K_OVERLAY, files, base.model, items)
