"""Two slots for signed tables and the record that says which one holds.

The record carries the ratchet too: the highest sequence and signature index accepted under
this key. It is written last, so that a power cut leaves the old table or the new one.
"""

import hashlib
import os

from gatescan.app import rare, storage
from gatescan.core.compat import TYPE_CHECKING, const
from gatescan.core.table.format import TableError
from gatescan.core.table.reader import Table

if TYPE_CHECKING:
    from typing import Iterator

    from gatescan.core.trust.bundle import BundleHead
    from gatescan.core.trust.manifest import Manifest

_SLICE_BYTES = const(2048)  # hashed between two looks at the readers
_BOOT_SLICE_BYTES = const(8192)  # between two looks at the BACK button
NO_MEMORY = "The scanner has no memory for its table: sync one with fewer items."
_MAX_KEYS = const(8)  # remembered for the ratchet


class FileWindow:
    """The table inside a signed file: a `read_at(offset, buf)` counted from `skip_bytes`."""

    def __init__(self, path: str, skip_bytes: int) -> None:
        self._file = open(path, "rb")  # noqa: SIM115 - open as long as the table is in use
        self._skip_bytes = skip_bytes

    def __call__(self, offset: int, buf: "bytearray | memoryview") -> None:
        """Fill `buf` from `offset`; raises OSError when the file ends before."""
        self._file.seek(self._skip_bytes + offset)
        if self._file.readinto(buf) != len(buf):
            raise OSError(5)

    def close(self) -> None:
        """Give the file back; a file in littlefs is not renamed or removed while open."""
        self._file.close()

    def compare(
        self, manifest: "Manifest", slice_bytes: int = _SLICE_BYTES
    ) -> "Iterator[int]":
        """Hash the table as it lies in flash against the signed SHA-256, slice by slice.

        `slice_bytes` is a multiple of 64, the blocks of SHA-256.
        Yields the bytes done; raises TableError when it is another table, OSError when the
        file ends before.
        """
        from gatescan.core.trust import sha256  # leaves the RAM again (rare.py)

        view = memoryview(bytearray(slice_bytes))
        digest = sha256.new()
        for at in range(0, manifest.table_bytes, slice_bytes):
            part = view[: min(slice_bytes, manifest.table_bytes - at)]
            self(at, part)
            digest.update(part)
            yield at
        if digest.digest() != manifest.table_sha256:
            raise TableError("The table's bytes are not the signed ones: sync it again.")


def read_head(path: str) -> "BundleHead | None":
    """The head of the signed table file at `path`, None while more bytes are needed.

    Raises bundle.BundleError when it is no such file, OSError when it cannot be read.
    """
    from gatescan.core.trust import bundle  # leaves the RAM after the start (rare.py)

    with open(path, "rb") as file:
        return bundle.parse_head(file.read(bundle.HEAD_MAX_BYTES))


class Slots:
    """The active table and the ratchet, in `folder`."""

    def __init__(self, folder: str, public_key: bytes) -> None:
        self._folder = folder
        self._public_key = public_key
        self.slot = ""  # "a" or "b"; "" = none
        self.manifest: "Manifest | None" = None
        self.table: "Table | None" = None
        self._window: FileWindow | None = None
        self.problem = ""  # why there is no table, one sentence; "" = none installed
        self.seq_floor = 0
        self.q_floor = -1
        self._record_lost = False
        # As lms.key_id, whose module is not loaded for this.
        self._key_id = hashlib.sha256(public_key).digest()[:8] if public_key else b""
        # (key id, sequence, signature index) of every key this scanner has trusted, newest last:
        # who comes back to an old key does not come back to its old tables.
        self._floors: list[tuple[bytes, int, int]] = []
        form = {"slot": str, "key": bytes, "floors": list}
        stored = storage.read_record(folder + "/slots", form)
        if stored is not None:
            try:
                self._floors = [(bytes(key), int(seq), int(q)) for key, seq, q in stored["floors"]]
            except (TypeError, ValueError):
                stored = None
        if stored is None:
            self._record_lost = storage.size(folder + "/slots") >= 0
            self.slot, self.seq_floor, self.q_floor = rare.call(
                "lost_record", "floors", self.path, public_key
            )
            self._record_lost = self._record_lost or bool(self.slot)
        else:
            for key, seq, q in self._floors:
                if key == self._key_id:
                    self.seq_floor, self.q_floor = seq, q
            if bytes(stored["key"]) == self._key_id:
                self.slot = stored["slot"]

    def path(self, slot: str) -> str:
        """The file of a slot."""
        return self._folder + "/table-" + slot + ".gst"

    @property
    def spare(self) -> str:
        """The slot that may be written."""
        return "b" if self.slot == "a" else "a"

    def opening(self) -> "Iterator[None]":
        """Open the active slot at boot: signature and SHA-256 again, then the table's own checks.

        In slices: in all it takes about 1.2 ms a kB on an RP2040.
        """
        from gatescan.core.trust import bundle

        if self._record_lost:
            self.withdraw("The record of the table in use is damaged: sync the table again.")
            return
        if not self.slot:
            return
        try:
            head = read_head(self.path(self.slot))
            if head is None or not bundle.signed_by(head, self._public_key):
                self.withdraw("The stored table's signature does not verify: sync again.")
                return
            # Before the first answer: signed bytes, not only bytes that fit their own checks.
            window = FileWindow(self.path(self.slot), head.head_bytes)
            try:
                for _ in window.compare(head.manifest, _BOOT_SLICE_BYTES):
                    yield
            finally:
                window.close()
            self.use(head)
        except bundle.BundleError:
            self.withdraw("The stored table's head is damaged: sync the table again.")
        except TableError as error:
            self.withdraw(str(error))
        except OSError:
            self.withdraw("The stored table cannot be read: sync again.")
        except MemoryError:  # a restart would end here again, for ever
            self.withdraw(NO_MEMORY)

    def withdraw(self, why: str) -> None:
        """Take the table out of use: from now on every answer is "inspect by hand"."""
        self._release()
        self.problem = why

    def take_over(self, staged_path: str, head: "BundleHead", q: int) -> "Iterator[None]":
        """Make the verified file at `staged_path` the table of the next start, in slices.

        Then `use` it. Order matters: file into the spare slot, then the record. Raises OSError.
        """
        slot = self.spare
        storage.remove(self.path(slot))
        yield
        os.rename(staged_path, self.path(slot))
        yield
        self._floors = [floor for floor in self._floors if floor[0] != self._key_id]
        self._floors.append((self._key_id, head.manifest.seq, q))
        self._floors = self._floors[-_MAX_KEYS:]
        record = {"slot": slot, "key": self._key_id, "floors": self._floors}
        storage.write_record(self._folder + "/slots", record)
        yield
        self._record_lost = False
        self.slot, self.seq_floor, self.q_floor = slot, head.manifest.seq, q

    def use(self, head: "BundleHead") -> None:
        """Open the table of the slot on record; raises OSError, TableError, MemoryError."""
        self._release()
        self._window = FileWindow(self.path(self.slot), head.head_bytes)
        self.table = Table(self._window, head.manifest.table_bytes)
        self.manifest = head.manifest
        self.problem = ""

    def _release(self) -> None:
        self.table = None
        if self._window is not None:
            self._window.close()
            self._window = None
