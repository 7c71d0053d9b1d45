"""Lets MicroPython import the firmware out of one file that `gatescan deploy` writes.

As files of their own the modules fill five times the flash, for each takes whole blocks, and cost
the start 3 ms each to be found. Without a pack, as after `mip install`, MicroPython imports files
as ever. The format: host_tools/gatescan_host/deploy/pack.py.
"""

import io
import os
import sys
from binascii import crc32
from struct import unpack_from

_PACK = "/firmware.pack"
_MOUNT = "/g"  # short: the path of every module is in RAM
_FOLDERS = (
    " /gatescan  /app  /app/link  /core  /core/frames  /core/journal  /core/law  /core/screens "
    " /core/seals  /core/smp  /core/table  /core/tags  /core/trust  /drivers  /drivers/engines "
    " /drivers/rfid "
)
_HEAD_BYTES = 12
_RECORD_BYTES = 12
_ABSENT = 2  # ENOENT
_FOLDER = (0x4000, 0, 0, 0, 0, 0, 0, 0, 0, 0)  # as os.stat tells it
_FILE = (0x8000, 0, 0, 0, 0, 0, 0, 0, 0, 0)


class _Pack:
    """As much of a file system as `import` uses."""

    index: "bytes | None" = None  # kept while the firmware starts
    groups: "object | None" = None
    _next = 0

    def mount(self, readonly: bool, mkfs: bool) -> None:
        """Asked for by `os.mount`."""

    def umount(self) -> None:
        """Asked for by `os.umount`."""

    def stat(self, path: str) -> "tuple[int, ...]":
        """Whether `path` is a folder or a module; OSError for neither."""
        if path.endswith(".mpy"):
            if path.rfind("/") == 0:  # MicroPython looks here for its own modules too
                self._find(path)
            return _FILE
        if " %s " % path in _FOLDERS:
            return _FOLDER
        raise OSError(_ABSENT)

    def open(self, path: str, mode: str) -> object:
        """The module's bytecode as a stream; OSError where there is none."""
        place, packed, start, size = self._find(path)
        if start or packed > size:  # packed, a group is longer than its first module
            groups = self.groups or _groups()
            if self.index is not None:
                self.groups = groups
            return groups.module(place, packed, start)  # type: ignore[attr-defined]
        with open(_PACK, "rb") as file:
            file.seek(4 * place)
            stream = io.BytesIO(file.read(packed or size))
        if packed:
            from deflate import RAW, DeflateIO

            return DeflateIO(stream, RAW, 10)
        return stream

    def _find(self, path: str) -> "tuple[int, ...]":
        index = self.index or _read_index()
        key = crc32(path.encode()).to_bytes(4, "little")
        at = self._next  # the modules of the start lie in the order of their import
        if index[at : at + 4] != key:
            at = index.find(key)
        while at % _RECORD_BYTES:
            if at < 0:
                raise OSError(_ABSENT)
            at = index.find(key, at + 1)
        self._next = at + _RECORD_BYTES
        return unpack_from("<HHHH", index, at + 4)


_pack = _Pack()


def _read_index() -> bytes:
    with open(_PACK, "rb") as file:
        return file.read(_RECORD_BYTES * unpack_from("<H", file.read(_HEAD_BYTES), 8)[0])


def _groups() -> object:
    from unpack import Groups

    return Groups(open(_PACK, "rb"))


def help_import() -> None:
    """Answer `import` for the whole firmware from now on, where there is a pack."""
    try:
        _pack.index = _read_index()
    except OSError:
        return
    os.mount(_pack, _MOUNT)  # type: ignore[attr-defined]
    sys.path.insert(0, _MOUNT)
    import gatescan

    gatescan.__path__ = _MOUNT  # type: ignore[assignment]


def settle() -> None:
    """The modules of the start are loaded: give back the room that was taken for it."""
    _pack.index = _pack.groups = None
    sys.modules.pop("unpack", None)
