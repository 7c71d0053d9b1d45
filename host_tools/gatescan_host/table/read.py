"""Opens table files with the very reader of the scanner."""

from collections.abc import Callable
from pathlib import Path

from gatescan.core.table.format import MAGIC, TableError
from gatescan.core.table.reader import Table
from gatescan.core.trust import bundle
from gatescan_host.errors import Exit, GatescanError

_MAX_FILE_BYTES = 64 << 20


def open_table(path: Path, *, items_only: bool = False) -> Table:
    """Open a table or the table inside a signed bundle; the signature is not looked at.

    Raises GatescanError.
    """
    try:
        if path.stat().st_size > _MAX_FILE_BYTES:
            raise GatescanError(f"{path} is larger than any table: name a table file.")
        data = path.read_bytes()
    except OSError as error:
        raise GatescanError(
            f"{path} cannot be read ({error.strerror}): name a table file."
        ) from None
    try:
        return open_bytes(table_of(data), items_only=items_only)
    except (TableError, bundle.BundleError) as error:
        raise GatescanError(f"{path}: {error}", Exit.TABLE_REJECTED) from None


def open_bytes(data: bytes, *, items_only: bool = False) -> Table:
    """Open a table in memory; raises TableError."""
    return Table(reader_of(data), len(data), items_only)


def reader_of(data: bytes) -> Callable[[int, bytearray | memoryview], None]:
    """`read_at` of a file in memory."""

    def read_at(offset: int, buffer: bytearray | memoryview) -> None:
        part = data[offset : offset + len(buffer)]
        if len(part) != len(buffer):
            raise OSError("end of file")
        buffer[:] = part

    return read_at


def table_of(data: bytes) -> bytes:
    """The table part of a signed bundle, or `data` itself when it is a bare table.

    Raises BundleError.
    """
    if data[: len(MAGIC)] == MAGIC:
        return data
    head = bundle.parse_head(data[: bundle.HEAD_MAX_BYTES])
    if head is None:
        raise bundle.BundleError("The table file is cut short: build or copy it again.")
    return data[head.head_bytes :]
