"""Two slots for signed tables and the record that says which one holds.

The record carries the ratchet too: the highest sequence and signature index accepted under
this key. It is written last, so that a power cut leaves the old table or the new one.
"""

import os

from gatescan.app import storage
from gatescan.core.compat import TYPE_CHECKING
from gatescan.core.table.format import TableError
from gatescan.core.table.reader import Table
from gatescan.core.trust import bundle

if TYPE_CHECKING:
    from gatescan.core.trust.manifest import Manifest



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


def read_head(path: str) -> "bundle.BundleHead | None":
    """The head of the signed table file at `path`, None while more bytes are needed.

    Raises bundle.BundleError when it is no such file, OSError when it cannot be read.
    """
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
        stored = storage.read_record(folder + "/slots")
        if stored is not None and bytes(stored["key"]) == public_key:
            self.slot = stored["slot"]
            self.seq_floor = stored["seq"]
            self.q_floor = stored["q"]

    def path(self, slot: str) -> str:
        """The file of a slot."""
        return self._folder + "/table-" + slot + ".gst"

    @property
    def spare(self) -> str:
        """The slot that may be written."""
        return "b" if self.slot == "a" else "a"

    def open_active(self) -> None:
        """Open the active slot at boot: signature again, then the table's own checks."""
        if not self.slot:
            return
        try:
            head = read_head(self.path(self.slot))
            if head is None or not bundle.signed_by(head, self._public_key):
                self.withdraw("The stored table's signature does not verify: sync again.")
                return
            self._use(self.slot, head)
        except (bundle.BundleError, TableError) as error:
            self.withdraw(str(error))
        except OSError:
            self.withdraw("The stored table cannot be read: sync again.")

    def withdraw(self, why: str) -> None:
        """Take the table out of use: from now on every answer is "inspect by hand"."""
        self._release()
        self.problem = why

    def take_over(self, staged_path: str, head: bundle.BundleHead, q: int) -> None:
        """Make the verified file at `staged_path` the active table; raises OSError, TableError.

        Order matters: file into the spare slot, then the record, then use.
        """
        slot = self.spare
        storage.remove(self.path(slot))
        os.rename(staged_path, self.path(slot))
        record = {
            "slot": slot,
            "seq": head.manifest.seq,
            "q": q,
            "key": self._public_key,
        }
        storage.write_record(self._folder + "/slots", record)
        self.slot, self.seq_floor, self.q_floor = slot, head.manifest.seq, q
        self._use(slot, head)

    def _use(self, slot: str, head: bundle.BundleHead) -> None:
        self._release()
        window = FileWindow(self.path(slot), head.head_bytes)
        self.table = Table(window, head.manifest.table_bytes)
        self._window = window
        self.manifest = head.manifest
        self.problem = ""

    def _release(self) -> None:
        self.table = None
        if self._window is not None:
            self._window.close()
            self._window = None
