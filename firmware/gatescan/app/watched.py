"""The table in use, read from its signed file; it notes which ranges of it are damaged."""

from gatescan.core.compat import TYPE_CHECKING, const
from gatescan.core.table.format import CORRUPT, FLAG_BLOCKS, FLAG_PAGES, TableError
from gatescan.core.table.reader import Table

if TYPE_CHECKING:
    from typing import Iterator

    from gatescan.app.fixes import Fixes
    from gatescan.core.table.layers import Source
    from gatescan.core.table.records import TagRecord

    Ranges = list[tuple[int, int]]  # offset and length in the table file

_MAX_DAMAGED = const(16)
_SLICE_BYTES = const(2048)  # hashed between two looks at readers and buttons; 64 fit into it


class FileWindow:
    """The table inside a signed file: a `read_at(offset, buf)` counted from `skip_bytes`."""

    last: "FileWindow"  # that was read

    def __init__(self, path: str, skip_bytes: int) -> None:
        self._file = open(path, "rb")  # noqa: SIM115 - open as long as the table is in use
        self._skip_bytes = skip_bytes
        self.at = self.length = 0  # what was read last
        self.shift = 0  # under which offset its damaged ranges are told
        self.fixes: Fixes | None = None  # patches over what lies in the file

    def __call__(self, offset: int, buf: "bytearray | memoryview") -> None:
        """Fill `buf` from `offset`; raises OSError when the file ends before."""
        self.at = offset
        self.length = len(buf)
        FileWindow.last = self
        self._file.seek(self._skip_bytes + offset)
        if self._file.readinto(buf) != len(buf):
            raise OSError(5)
        if self.fixes is not None:
            self.fixes.lay_over(offset, buf)

    def close(self) -> None:
        """Give the file back; a file in littlefs is not renamed or removed while open."""
        self._file.close()

    def compare(self, size: int, signed_sha256: bytes) -> "Iterator[int]":
        """Hash `size` bytes as they lie in flash against the signed SHA-256, slice by slice.

        Yields the bytes done; raises TableError when it is another table, OSError when the
        file ends before.
        """
        from gatescan.core.trust import sha256  # leaves the RAM again (rare.py)

        view = memoryview(bytearray(_SLICE_BYTES))
        digest = sha256.new()
        for at in range(0, size, _SLICE_BYTES):
            part = view[: min(_SLICE_BYTES, size - at)]
            self(at, part)
            digest.update(part)
            yield at
        if digest.digest() != signed_sha256:
            raise TableError("The table's bytes are not the signed ones: sync it again.")


def note(damaged: "Ranges", offset: int, length: int) -> None:
    """Remember one more damaged range, while there is room and it is not known yet."""
    if len(damaged) < _MAX_DAMAGED and (offset, length) not in damaged:
        damaged.append((offset, length))


class Watched(Table):
    """A table whose damaged blocks and pages cost only the answers that stand in them."""

    def __init__(
        self,
        window: "FileWindow",
        size: int,
        damaged: "Ranges",
        overlay: "Source | None" = None,
    ) -> None:
        """`damaged` takes the ranges; raises TableError as Table does."""
        Table.__init__(self, window, size, False, overlay)
        self.window = window
        self._damaged = damaged

    def lookup_key(self, key: "bytes | bytearray | memoryview") -> int:
        """As Table has it."""
        found = Table.lookup_key(self, key)
        if found == CORRUPT:
            self._note_last()
        return found

    def lookup_tag(self, key: bytes) -> "TagRecord | int | None":
        """As Table has it."""
        found = Table.lookup_tag(self, key)
        if found == CORRUPT:
            self._note_last()
        return found

    def _note_last(self) -> None:
        """A lookup ends with the block or page that it could not use."""
        window = FileWindow.last
        note(self._damaged, window.shift + window.at, window.length)

    def move(self, window: "FileWindow", size: int) -> None:
        """Go on with a file that holds the same without an overlay; who has the table keeps it.

        Raises TableError; then it is of no use any more.
        """
        Watched.__init__(self, window, size, self._damaged)

    def recheck(self) -> "Iterator[int]":
        """Verify all of it; raises TableError for damage that more than some answers hang on."""
        return self.verify(note=self._go_on)

    def _go_on(self, flags: int, offset: int, length: int) -> bool:
        note(self._damaged, offset, length)
        return bool(flags & (FLAG_BLOCKS | FLAG_PAGES))  # each is checked whenever it is read
