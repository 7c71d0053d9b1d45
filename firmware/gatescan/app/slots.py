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

_BOOT_SLICE_BYTES = const(2048)  # between two looks at the BACK button
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
        self.folder = folder
        self._public_key = public_key
        self.slot = ""  # "a" or "b"; "" = none
        self.over = ""  # the same of the overlay file over the slot's file
        # Of the table that counts, the overlay's where there is one; None: no good signature yet
        self.manifest: "Manifest | None" = None
        # The slot's file, without its head; and the head before the overlay.
        self.base_sha256, self.base_bytes, self.head_bytes = b"", 0, 0
        self.over_head_bytes = 0
        self.table: "Watched | None" = None
        self.damaged: list[tuple[int, int]] = []  # offset, length of what a repair must bring
        self._window: FileWindow | None = None
        self._over_window: FileWindow | None = None
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
                "lost_record", "floors", self, public_key
            )
            self._record_lost = self._record_lost or bool(self.slot)
        else:
            for key, seq, q in self._floors:
                if key == self._key_id:
                    self.seq_floor, self.q_floor = seq, q
            if bytes(stored["key"]) == self._key_id:
                self.slot, self.over = stored["slot"], str(stored.get("over", ""))
                self.problem = "" if self.slot else GIVEN_UP

    def path(self, slot: str) -> str:
        """The file of a slot."""
        return self.folder + "/table-" + slot + ".gst"

    def over_path(self, over: str) -> str:
        """An overlay file; that of "m" is the table that a merge is writing."""
        return self.folder + "/over-" + over + ".gst"

    def fix_path(self, slot: str) -> str:
        """The file of its patches; with ".new" behind, of those that are on their way."""
        return self.folder + "/table-" + slot + ".fix"

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

            window.fixes = Fixes(path, self.base_sha256)

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
            self.based_on(head.manifest, head.head_bytes)
            if self.over:
                from gatescan.app import overlaying

                yield from overlaying.opening(self, self._public_key)
            window = self.window()
            try:
                for _ in window.compare(self.base_bytes, self.base_sha256, _BOOT_SLICE_BYTES):
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

    def take_over(self, staged_path: str, seq: int, q: int) -> "Iterator[None]":
        """Make the verified file at `staged_path` the table of the next start, in slices.

        Then `use` it. Order matters: file into the spare slot, then the record. Raises OSError.
        """
        slot = self.spare
        self.remove(slot)
        yield
        os.rename(staged_path, self.path(slot))
        yield
        self.name(slot, "", seq, q)
        yield

    def name(self, slot: str, over: str, seq: int, q: int) -> None:
        """Name what the next start uses, and raise the ratchet; raises OSError."""
        self._floors = [floor for floor in self._floors if floor[0] != self._key_id]
        self._floors.append((self._key_id, seq, q))
        self._floors = self._floors[-_MAX_KEYS:]
        self.write_record(slot, over)
        self._record_lost = False
        self.slot, self.over, self.seq_floor, self.q_floor = slot, over, seq, q

    def write_record(self, slot: str, over: str = "") -> None:
        """Name the slot of the next start, "" for none, and the overlay; raises OSError."""
        record = {"slot": slot, "over": over, "key": self._key_id, "floors": self._floors}
        storage.write_record(self.folder + "/slots", record)

    def use(self, head: "BundleHead") -> None:
        """Open what is on record now, `head` is its newest file's.

        Raises OSError, TableError, MemoryError.
        """
        self._release()
        if self.over:
            self.manifest, self.over_head_bytes = head.manifest, head.head_bytes
        else:
            self.based_on(head.manifest, head.head_bytes)
        self.damaged = []
        self.use_stored()
        self.sweep()

    def use_stored(self, table: "Watched | None" = None) -> None:
        """The same for the one whose signature is checked; raises as `use`.

        `table`: the one in use goes on with a file that holds the same, now without an overlay.
        """
        self._release()
        manifest = self.manifest
        if manifest is None:
            return
        window = self._window = self.window()
        if table is not None:
            table.move(window, self.base_bytes)
        else:
            overlay = None
            if self.over:
                over = FileWindow(self.over_path(self.over), self.over_head_bytes)
                over.shift = self.base_bytes
                self._over_window, overlay = over, (over, manifest.overlay_bytes)
            table = Watched(window, self.base_bytes, self.damaged, overlay)
        self.table = table
        self.problem = ""

    def based_on(self, manifest: "Manifest", head_bytes: int) -> None:
        """The slot's file holds this table, behind so many bytes."""
        self.manifest, self.head_bytes = manifest, head_bytes
        self.base_bytes, self.base_sha256 = manifest.table_bytes, manifest.table_sha256

    def sweep(self) -> None:
        """Remove overlay files that are not in use, and what is left of a merge."""
        for over in "abm":
            if over != self.over:
                storage.remove(self.over_path(over))

    def _release(self) -> None:
        self.table = None
        for window in (self._window, self._over_window):
            if window is not None:
                window.close()
        self._window = self._over_window = None
