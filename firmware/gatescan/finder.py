"""Tells MicroPython where the firmware's modules are, so that it need not search the flash.

For each module `import` looks for a folder, then a text, then bytecode of that name, and every
look reads through three or four folders: 10 ms a module, a third of the start. Here the answers
are known; only the file itself is opened. A board that holds texts imports them as ever.
"""

import os

import gatescan

_FOLDERS = (
    "/app", "/app/link", "/core", "/core/journal", "/core/law", "/core/screens", "/core/smp",
    "/core/table", "/core/tags", "/core/trust", "/drivers",
)  # fmt: skip
_HOME = "/gatescan"
_MOUNT = "/firmware"
_ABSENT = 2  # ENOENT
_FOLDER, _FILE = 0x4000, 0x8000  # modes


class _Finder:
    """As much of a file system as `import` uses."""

    def mount(self, readonly: bool, mkfs: bool) -> None:
        """Asked for by `os.mount`."""

    def umount(self) -> None:
        """Asked for by `os.umount`."""

    def stat(self, path: str) -> "tuple[int, ...]":
        """Whether `path` is a folder or a module; OSError for neither."""
        if path in _FOLDERS:
            return (_FOLDER,) + (0,) * 9
        if path.endswith(".mpy"):
            return (_FILE,) + (0,) * 9
        raise OSError(_ABSENT)

    def open(self, path: str, mode: str) -> object:
        """The module's file."""
        return open(_HOME + path, mode)


def help_import() -> None:
    """Answer `import` for everything in `gatescan` from now on, where it is bytecode."""
    try:
        os.stat(_HOME + "/app/start.mpy")
    except OSError:
        return
    os.mount(_Finder(), _MOUNT)  # type: ignore[attr-defined]
    gatescan.__path__ = _MOUNT  # type: ignore[assignment]
