"""Imports modules out of one file: as files of their own each takes a block of flash, and each
folder two, which a table of a million items needs. Stands at the beginning of main.py.
"""

import io
import sys

_FOLDER = 0x4000
_FILE = 0x8000


class Bundle:
    """A file system for `import`: path -> (offset, length) in the file /modules."""

    def __init__(self, where: "dict[str, tuple[int, int]]") -> None:
        self._where = where
        self._folders = {path[: path.rfind("/")] for path in where}

    def mount(self, readonly: bool, mkfs: bool) -> None:
        """Nothing is to be done."""

    def stat(self, path: str) -> "tuple[int, ...]":
        """What is at `path`; raises OSError."""
        if path in self._where:
            return (_FILE,) + (0,) * 9
        if any(folder == path or folder.startswith(path + "/") for folder in self._folders):
            return (_FOLDER,) + (0,) * 9
        raise OSError(2)

    def open(self, path: str, mode: str) -> "io.BytesIO":
        """The content of a module."""
        offset, length = self._where[path]
        with open("/modules", "rb") as file:  # noqa: PTH123 - MicroPython
            file.seek(offset)
            return io.BytesIO(file.read(length))


def mount(where: "dict[str, tuple[int, int]]") -> None:
    """Let `import` find the modules."""
    import vfs

    vfs.mount(Bundle(where), "/bundle")
    sys.path.insert(0, "/bundle")
