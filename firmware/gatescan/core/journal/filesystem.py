"""What the journal needs of a file system: a type for checkers, nothing at run time.

app wires littlefs to it; tests give it a memory that forgets like flash after a power cut.
"""

from gatescan.core.compat import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Protocol

    class FileSystem(Protocol):
        """Plain files in one folder. Every method raises OSError on failure."""

        def list(self) -> "Iterable[str]":
            """The names of all files."""
            ...

        def size(self, name: str) -> int:
            """Length of a file in bytes."""
            ...

        def read(self, name: str, offset: int, buffer: "bytearray | memoryview") -> int:
            """Fill `buffer` from `offset` on; the number of bytes, fewer at the file's end."""
            ...

        def append(self, name: str, data: "bytes | bytearray | memoryview") -> None:
            """Append to a file, made if absent; on return a power cut no longer undoes it."""

        def remove(self, name: str) -> None:
            """Delete a file."""
