"""The counters of seals that were accepted, in flash: an old message of a seal is worth nothing.

A file of records: UID (7 bytes), counter (u24), CRC-32 of both. One record a seal, changed in
place; littlefs keeps the old content until the file is closed. A damaged record stands for the
highest counter there is: that seal is looked at by hand until a new table knows it under another.
"""

from binascii import crc32

from gatescan.app import storage
from gatescan.core.compat import const

_UID_BYTES = const(7)
_RECORD_BYTES = const(14)
_CHUNK_RECORDS = const(36)
_MAX_RECORDS = const(2048)  # seals that a scanner sees in years; 28 kB
_NONE = const(-1)
_HIGHEST = const(0xFFFFFF)


class SealCounters:
    """What core/seals/look.py asks of `Counters`."""

    def __init__(self, path: str) -> None:
        self._path = path

    def last(self, uid: bytes) -> int:
        """The highest counter seen of a seal, -1 for none; when unreadable, the highest of all."""
        try:
            return self._find(uid)[1]
        except OSError:
            return _HIGHEST

    def note(self, uid: bytes, ctr: int) -> bool:
        """Keep the counter of a seal, before it is believed; False when that failed."""
        body = uid + ctr.to_bytes(3, "little")
        record = body + crc32(body).to_bytes(4, "little")
        try:
            at = self._find(uid)[0]
            if at >= _MAX_RECORDS * _RECORD_BYTES:
                return False
            with open(self._path, "r+b" if storage.size(self._path) >= 0 else "wb") as file:
                file.seek(at)
                file.write(record)
            return True
        except OSError:
            return False

    def _find(self, uid: bytes) -> "tuple[int, int]":
        """Where the seal's record is or would be, and its counter; raises OSError."""
        if storage.size(self._path) < 0:
            return 0, _NONE
        at = 0
        with open(self._path, "rb") as file:
            while True:
                chunk = file.read(_CHUNK_RECORDS * _RECORD_BYTES)
                found = chunk.find(uid)
                while found >= 0 and found % _RECORD_BYTES:
                    found = chunk.find(uid, found + 1)
                if found >= 0:
                    return at + found, _counter(chunk[found : found + _RECORD_BYTES])
                whole = len(chunk) // _RECORD_BYTES * _RECORD_BYTES
                at += whole
                if whole < _CHUNK_RECORDS * _RECORD_BYTES:
                    return at, _NONE


def _counter(record: bytes) -> int:
    body = record[: _UID_BYTES + 3]
    if crc32(body).to_bytes(4, "little") != record[_UID_BYTES + 3 :]:
        return _HIGHEST
    return int.from_bytes(body[_UID_BYTES:], "little")
