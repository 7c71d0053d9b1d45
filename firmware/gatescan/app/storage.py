"""Files that survive a power cut: whole old content or whole new content, never a mix."""

import os
from binascii import crc32

from gatescan.core.compat import TYPE_CHECKING, const

try:
    from os import ilistdir  # type: ignore[attr-defined]
except ImportError:

    def ilistdir(__path: str) -> "tuple[tuple[int, ...], ...]":
        """CPython's file systems count right: nothing to add."""
        return ()


if TYPE_CHECKING:
    from typing import Any, BinaryIO, Mapping

    Bytes = bytes | bytearray | memoryview


JOURNAL_BYTES = const(65536)  # room that a table on its way leaves for events
_COPY_BYTES = const(1024)
_FOLDER = const(0x4000)  # type of an entry of ilistdir
_twice: "dict[str, int]" = {}  # root -> blocks that its statvfs takes off twice


def size(path: str) -> int:
    """Length of the file in bytes, or -1 when there is none."""
    try:
        return os.stat(path)[6]
    except OSError:
        return -1


def remove(path: str) -> None:
    """Delete the file if it is there."""
    try:
        os.remove(path)
    except OSError:
        pass


def copy_part(path: str, at: int, count: int, into: "BinaryIO") -> None:
    """Write `count` bytes of the file at `path` from `at` on into another; raises OSError."""
    with open(path, "rb") as source:
        source.seek(at)
        while count > 0:
            part = source.read(min(_COPY_BYTES, count))
            if not part:
                raise OSError(5)
            into.write(part)
            count -= len(part)


def free_bytes(folder: str) -> int:
    """Free room of the file system that holds `folder`, the root of it."""
    status = os.statvfs(folder)
    # littlefs counts below zero when a file system is fuller than full.
    free = status[3] if status[3] <= status[2] else 0
    return status[1] * max(free + _counted_twice(folder + "/"), 0)


def _counted_twice(root: str) -> int:
    """Blocks that statvfs takes off twice: the two of every folder but the root.

    lfs_fs_size meets them as a folder and as an entry (lfs2.c, lfs_fs_rawtraverse with orphans).
    Counted once, which takes a board 125 ms: a running scanner makes folders by `make_folder`.
    """
    if root not in _twice:
        _twice[root] = _count(root)
    return _twice[root]


def _count(root: str) -> int:
    count = 0
    for entry in ilistdir(root):
        if entry[1] == _FOLDER and len(entry) > 3:  # not a mount: that has no size
            count += 2 + _count(root + entry[0] + "/")
    return count


def make_folder(path: str) -> None:
    """Create the folder unless it exists."""
    _twice.clear()
    try:
        os.mkdir(path)
    except OSError:
        if size(path) < 0:
            raise


def write_record(path: str, value: "dict[str, Any]") -> None:
    """Store a small map: CBOR and its CRC32, written aside and renamed over the old file."""
    from gatescan.core.smp import cbor  # leaves the RAM after the start (rare.py)

    body = cbor.encode(value)
    aside = path + ".new"
    with open(aside, "wb") as file:
        file.write(body)
        file.write(crc32(body).to_bytes(4, "big"))
    os.rename(aside, path)


def read_record(path: str, form: "Mapping[str, Any]") -> "dict[str, Any] | None":
    """The map stored by `write_record`; None when absent, damaged or of another form.

    `form` names the keys that must be there and the types of their values: other firmware may
    have written another map, and a start that fails on it would fail for ever.
    """
    from gatescan.core.smp import cbor

    try:
        with open(path, "rb") as file:
            data = file.read(1024)
    except OSError:
        return None
    if len(data) < 5 or crc32(data[:-4]) != int.from_bytes(data[-4:], "big"):
        return None
    try:
        value = cbor.decode(data[:-4])
    except cbor.CborError:
        return None
    if not isinstance(value, dict):
        return None
    for key in form:
        field = value.get(key)
        if form[key] is bytes and isinstance(field, memoryview):
            field = value[key] = bytes(field)  # the decoder's view would hold all of the file
        if not isinstance(field, form[key]):
            return None
    return value
