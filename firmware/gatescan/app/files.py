"""The journal's plain files in one folder of the flash file system."""

import os

from gatescan.app import storage
from gatescan.core.compat import TYPE_CHECKING

if TYPE_CHECKING:
    Buffer = bytes | bytearray | memoryview


class Folder:
    """What `core.journal.segments` asks of a file system; a closed file survives a power cut."""

    def __init__(self, path: str) -> None:
        storage.make_folder(path)
        self._path = path + "/"

    def list(self) -> "list[str]":
        """The names of all files."""
        return os.listdir(self._path)

    def size(self, name: str) -> int:
        """Length in bytes."""
        return os.stat(self._path + name)[6]

    def read(self, name: str, offset: int, buffer: "bytearray | memoryview") -> int:
        """Fill `buffer` from `offset` on; returns how many bytes there were."""
        with open(self._path + name, "rb") as file:
            file.seek(offset)
            return file.readinto(buffer)

    def append(self, name: str, data: "Buffer") -> None:
        """Append and commit."""
        with open(self._path + name, "ab") as file:
            file.write(data)

    def remove(self, name: str) -> None:
        """Delete."""
        os.remove(self._path + name)
