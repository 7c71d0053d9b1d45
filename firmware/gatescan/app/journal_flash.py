"""The journal's folder of the flash file system, and its upkeep while nobody scans."""

import os

from gatescan.app import storage
from gatescan.core.compat import TYPE_CHECKING, const
from gatescan.drivers.ticks import ticks_diff, ticks_ms

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO

    from gatescan.app.gate import Gate
    from gatescan.core.journal.segments import Journal

_NONCE_BYTES = const(8)
_BLOCK_BYTES = const(4096)
_QUIET_MS = const(1000)  # without a scan: an erase of 45 ms now delays nobody


class JournalFolder:
    """What `core.journal` asks of littlefs (core/journal/flash.py)."""

    def __init__(self, path: str) -> None:
        storage.make_folder(path)
        self._root = path[: path.rindex("/")]
        self._path = path + "/"

    def list(self) -> "Iterator[tuple[str, int]]":
        """Name and length of every file."""
        for entry in os.ilistdir(self._path):  # type: ignore[attr-defined]
            yield entry[0], entry[3]

    def read(self, name: str, offset: int, buffer: "bytearray | memoryview") -> int:
        """Fill `buffer` from `offset` on; returns how many bytes there were."""
        with open(self._path + name, "rb") as file:
            file.seek(offset)
            return file.readinto(buffer)

    def create(self, name: str) -> "BinaryIO":
        """Begin a file; closing it commits."""
        return open(self._path + name, "wb")

    def rename(self, old: str, new: str) -> None:
        """Give a file another name."""
        os.rename(self._path + old, self._path + new)

    def remove(self, name: str) -> None:
        """Delete."""
        os.remove(self._path + name)

    def free_blocks(self) -> int:
        """Blocks of the file system that nothing uses."""
        return storage.free_bytes(self._root) // _BLOCK_BYTES

    def nonce(self) -> bytes:
        """Random bytes."""
        return os.urandom(_NONCE_BYTES)


class Upkeep:
    """Makes ahead what the journal needs next, at moments in which nobody scans."""

    def __init__(self, journal: "Journal", gate: "Gate") -> None:
        self._journal = journal
        self._gate = gate
        self._scans = 0
        self._since_ms = ticks_ms()

    def quiet(self) -> bool:
        """Whether nobody has scanned for a moment: what takes long now delays nobody."""
        if self._gate.scans != self._scans:
            self._scans = self._gate.scans
            self._since_ms = ticks_ms()
        return ticks_diff(ticks_ms(), self._since_ms) >= _QUIET_MS

    def step(self) -> bool:
        """Do one step of at most 100 ms; False when there is nothing to do now."""
        return self.quiet() and self._journal.prepare()
