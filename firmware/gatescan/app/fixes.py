"""Patches of a damaged table, in a file beside it, laid over what is read from the slot.

    GSF1 | first 8 bytes of the table's SHA-256 | CRC-32 of both           16 bytes
    offset u32 | length u16 | 0 u16 | CRC-32 of these 8 and the data | data    a record

To change a byte amid a file littlefs would copy all that follows. Loaded only where there are any.
"""

import struct
from binascii import crc32

from gatescan.app import storage
from gatescan.core.compat import TYPE_CHECKING, const

if TYPE_CHECKING:
    from typing import BinaryIO

    Buffer = bytes | bytearray | memoryview

MAX_FIXES = const(16)
MAX_BYTES = const(1024)  # of one
_ENTRY = "<IHHI"
_ENTRY_BYTES = const(12)
_HEAD_BYTES = const(16)


class Fixes:
    """The patches of one table; a file that is damaged or another table's holds none."""

    def __init__(self, path: str, table_sha256: bytes) -> None:
        self.path = path
        self.places: list[tuple[int, int, int]] = []  # offset, length, where in the file
        if storage.size(path) >= 0:
            try:
                with open(path, "rb") as file:
                    if file.read(_HEAD_BYTES) == _head(table_sha256):
                        while len(self.places) < MAX_FIXES and self._take(file):
                            pass
            except OSError:
                pass

    def _take(self, file: "BinaryIO") -> bool:
        entry = file.read(_ENTRY_BYTES)
        if len(entry) < _ENTRY_BYTES:
            return False
        offset, length, _, crc = struct.unpack(_ENTRY, entry)
        at = file.tell()
        data = file.read(length) if 0 < length <= MAX_BYTES else b""
        if not data or len(data) != length or crc32(data, crc32(entry[:8])) != crc:
            return False
        self.places.append((offset, length, at))
        return True

    def lay_over(self, offset: int, buf: "bytearray | memoryview") -> None:
        """Correct `buf`, read at `offset` of the table; the newest patch counts. Raises OSError.

        The file is opened when a patch is met, so that it can be replaced in between.
        """
        end = offset + len(buf)
        for at, length, place in self.places:
            first, last = max(at, offset), min(at + length, end)
            if first < last:
                with open(self.path, "rb") as file:
                    file.seek(place + first - at)
                    part = memoryview(buf)[first - offset : last - offset]
                    if file.readinto(part) != last - first:
                        raise OSError(5)


def _head(table_sha256: bytes) -> bytes:
    head = b"GSF1" + table_sha256[:8]
    return head + crc32(head).to_bytes(4, "little")


def begin(path: str, before: str, table_sha256: bytes) -> Fixes:
    """Make a new file of patches at `path` that begins as `before`; returns what it holds.

    Raises OSError.
    """
    known = Fixes(before, table_sha256)
    size = known.places[-1][2] + known.places[-1][1] - _HEAD_BYTES if known.places else 0
    with open(path, "wb") as file:
        file.write(_head(table_sha256))
        if size:
            storage.copy_part(before, _HEAD_BYTES, size, file)
    known.path = path
    return known


def add(path: str, offset: int, data: "Buffer") -> None:
    """Append a patch of 1 to MAX_BYTES bytes; raises OSError."""
    entry = struct.pack("<IHH", offset, len(data), 0)
    with open(path, "ab") as file:
        file.write(entry)
        file.write(crc32(data, crc32(entry)).to_bytes(4, "little"))
        file.write(data)
