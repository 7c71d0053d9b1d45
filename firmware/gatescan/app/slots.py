"""Two slots for signed tables and the record that says which one holds.

The record carries the ratchet too: the highest sequence and signature index accepted under
this key. It is written last, so that a power cut leaves the old table or the new one.
"""

import hashlib
import os

from gatescan.app import rare, storage
from gatescan.app.watched import FileWindow, Watched
from gatescan.core.compat import TYPE_CHECKING, const
from gatescan.core.table.format import TableError

if TYPE_CHECKING:
    from typing import Iterator

    from gatescan.core.trust.bundle import BundleHead
    from gatescan.core.trust.manifest import Manifest

_BOOT_SLICE_BYTES = const(8192)  # between two looks at the BACK button
NO_MEMORY = "The scanner has no memory for its table: sync one with fewer items."
GIVEN_UP = "The table was given up for one that comes in its place: sync that one to its end."
_MAX_KEYS = const(8)  # remembered for the ratchet


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
        self.manifest: "Manifest | None" = None  # of the slot's file, once its signature is good
        self.head_bytes = 0
        self.table: "Watched | None" = None
        self.damaged: list[tuple[int, int]] = []  # offset, length of what a repair must bring
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
                self.problem = "" if self.slot else GIVEN_UP

    def path(self, slot: str) -> str:
        """The file of a slot."""
        return self._folder + "/table-" + slot + ".gst"

    def fix_path(self, slot: str) -> str:
        """The file of its patches; with ".new" behind, of those that are on their way."""
        return self._folder + "/table-" + slot + ".fix"

    def remove(self, slot: str) -> bool:
        """Free the room of a slot; False when it was free."""
        for path in (self.fix_path(slot), self.fix_path(slot) + ".new"):
            storage.remove(path)
        there = storage.size(self.path(slot)) >= 0
        storage.remove(self.path(slot))
        return there

    def window(self) -> FileWindow:
        """The table in the slot on record, with its patches; raises OSError."""
        window = FileWindow(self.path(self.slot), self.head_bytes)
        self.lay_fixes(window)
        return window

    def lay_fixes(self, window: FileWindow) -> None:
        """Have the patches of the slot on record, if there are any, laid over what is read."""
        path = self.fix_path(self.slot)
        if self.manifest is not None and storage.size(path) >= 0:
            from gatescan.app.fixes import Fixes

            window.fixes = Fixes(path, self.manifest.table_sha256)

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
            self.manifest, self.head_bytes = head.manifest, head.head_bytes
            window = self.window()
            try:
                for _ in window.compare(head.manifest, _BOOT_SLICE_BYTES):
                    yield
            finally:
                window.close()
            self.use_stored()
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
        self.remove(slot)
        yield
        os.rename(staged_path, self.path(slot))
        yield
        self._floors = [floor for floor in self._floors if floor[0] != self._key_id]
        self._floors.append((self._key_id, head.manifest.seq, q))
        self._floors = self._floors[-_MAX_KEYS:]
        self.write_record(slot)
        yield
        self._record_lost = False
        self.slot, self.seq_floor, self.q_floor = slot, head.manifest.seq, q

    def write_record(self, slot: str) -> None:
        """Name the slot of the next start, "" for none; raises OSError."""
        record = {"slot": slot, "key": self._key_id, "floors": self._floors}
        storage.write_record(self._folder + "/slots", record)

    def use(self, head: "BundleHead") -> None:
        """Open the table of the slot on record; raises OSError, TableError, MemoryError."""
        self._release()
        self.manifest, self.head_bytes = head.manifest, head.head_bytes
        self.damaged = []
        self.use_stored()

    def use_stored(self) -> None:
        """The same for the one whose signature `opening` has checked."""
        self._release()
        if self.manifest is not None:
            self._window = self.window()
            self.table = Watched(self._window, self.manifest.table_bytes, self.damaged)
            self.problem = ""

    def _release(self) -> None:
        self.table = None
        if self._window is not None:
            self._window.close()
            self._window = None
