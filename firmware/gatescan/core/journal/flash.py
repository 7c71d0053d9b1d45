"""What the journal needs of flash and file system: types for checkers, nothing at run time.

app wires the board's flash and littlefs on it; tests give it a memory that tears like flash.
"""

from gatescan.core.compat import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Protocol

    Buffer = bytes | bytearray | memoryview

    class Device(Protocol):
        """NOR flash in blocks of 4096 bytes, with the calls of MicroPython's block devices."""

        def readblocks(self, block: int, buf: "bytearray | memoryview", offset: int) -> None:
            """Fill `buf` from `offset` of `block`."""

        def writeblocks(self, block: int, buf: "Buffer", offset: int) -> None:
            """Program whole pages of 256 bytes without an erase: bits go from 1 to 0 only."""

        def ioctl(self, operation: int, argument: int) -> "int | None":
            """Answer 4, the number of blocks."""
            ...

    class NewFile(Protocol):
        """A file that is being written."""

        def write(self, data: "Buffer") -> int:
            """Append."""
            ...

        def close(self) -> None:
            """Commit: before it, a power cut leaves nothing; after it, the whole file."""

    class Folder(Protocol):
        """Files of littlefs on that device, in one folder. Every method raises OSError."""

        def list(self) -> "Iterable[tuple[str, int]]":
            """Name and length of every file."""
            ...

        def read(self, name: str, offset: int, buffer: "bytearray | memoryview") -> int:
            """Fill `buffer` from `offset` on; the number of bytes, fewer at the file's end."""
            ...

        def create(self, name: str) -> "NewFile":
            """Begin a file; one of that name is emptied."""
            ...

        def rename(self, old: str, new: str) -> None:
            """Give a file another name: all of it or nothing of it."""

        def remove(self, name: str) -> None:
            """Delete a file."""

        def free_blocks(self) -> int:
            """Blocks of the device that no file has."""
            ...

        def nonce(self) -> bytes:
            """8 random bytes."""
            ...
