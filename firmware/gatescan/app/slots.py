"""Two slots for signed tables: the table in use, its file and what lies over it."""

import hashlib

from gatescan.app import storage
from gatescan.app.watched import FileWindow, Watched
from gatescan.core.compat import TYPE_CHECKING

if TYPE_CHECKING:
    from gatescan.core.trust.bundle import BundleHead
    from gatescan.core.trust.manifest import Manifest

NO_MEMORY = "The scanner has no memory for its table: sync one with fewer items."


class Slots:
    """The active table and the ratchet, in `folder`."""

    def __init__(self, folder: str, public_key: bytes) -> None:
        self.folder = folder
        self.public_key = public_key
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
        self.record_lost = False
        # As lms.key_id, whose module is not loaded for this.
        self.key_id = hashlib.sha256(public_key).digest()[:8] if public_key else b""
        # (key id, sequence, signature index) of every key this scanner has trusted, newest last:
        # who comes back to an old key does not come back to its old tables.
        self.floors: list[tuple[bytes, int, int]] = []
        from gatescan.app import slot_record  # leaves the RAM again (rare.py)

        slot_record.restore(self)

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

    def withdraw(self, why: str) -> None:
        """Take the table out of use: from now on every answer is "inspect by hand"."""
        self._release()
        self.problem = why

    def use(self, head: "BundleHead") -> None:
        """Open what is on record now, `head` is its newest file's.

        Raises OSError, TableError, MemoryError.
        """
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
