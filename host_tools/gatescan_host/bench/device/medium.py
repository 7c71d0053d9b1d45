"""The file that a reader reads from: what the scanner's reader calls `read_at`."""

from gatescan.core.compat import TYPE_CHECKING

if TYPE_CHECKING:
    from io import BufferedReader


class File:
    """`file(offset, buffer)` fills the whole buffer or raises OSError; nothing is buffered."""

    def __init__(self, path: str) -> None:
        self.path = path
        self._file: BufferedReader = open(path, "rb", 0)  # type: ignore[assignment] # noqa: PTH123, SIM115
        self.size = self._file.seek(0, 2)

    def __call__(self, offset: int, buffer: "bytearray | memoryview") -> None:
        """Read from `offset`."""
        self._file.seek(offset)
        if self._file.readinto(buffer) != len(buffer):
            raise OSError(5)


class CountedFile(File):
    """A file that counts how often it is read."""

    reads = 0

    def __call__(self, offset: int, buffer: "bytearray | memoryview") -> None:
        """Read from `offset`."""
        self.reads += 1
        File.__call__(self, offset, buffer)
