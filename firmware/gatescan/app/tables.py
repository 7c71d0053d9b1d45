"""The life of a table on the scanner: uploaded, verified in slices, active, withdrawn."""

from gatescan import VERSION
from gatescan.app import storage
from gatescan.app.slots import FileWindow, Slots, read_head
from gatescan.app.staging import Staging
from gatescan.core.compat import TYPE_CHECKING
from gatescan.core.law.policy import Policy, PolicyError
from gatescan.core.table.format import TableError
from gatescan.core.table.reader import Table
from gatescan.core.trust import acceptance, bundle, lms
from gatescan.core.trust.acceptance import Refusal

if TYPE_CHECKING:
    from typing import Callable, Iterator

    from gatescan.app.settings import Settings

IDLE, VERIFYING, ACTIVE, REFUSED = "idle", "verifying", "active", "refused"


class Tables:
    """Slots, staging and the job between them. `on_change(refusal | None)` hears the outcome."""

    def __init__(
        self,
        folder: str,
        settings: "Settings",
        now_utc: "Callable[[], int | None]",
        on_change: "Callable[[Refusal | None], None]",
        more_room: "Callable[[], bool]",
    ) -> None:
        self._folder = folder
        self._settings = settings
        self._now_utc = now_utc
        self._on_change = on_change
        self.job = IDLE
        self.job_sha = b""  # of the file that the job is or was about
        self.done_bytes = 0  # of the running verification
        self.refusal: "Refusal | None" = None  # the last one since boot
        self._steps: "Iterator[None] | None" = None
        self.slots = Slots(folder, settings.public_key)
        self._more_room = more_room
        self.staging = Staging(folder, self.judge, self._make_room)

    def open(self) -> None:
        """Bring the stored table into use, and have all of it checked in the background."""
        self.withdraw("")  # the file of a table in use is given back before anything else
        self.slots = Slots(self._folder, self._settings.public_key)
        self.slots.open_active()
        if self.slots.table is not None:
            self._steps = self._recheck(self.slots.table)

    def _make_room(self) -> bool:
        """For an upload: the table before the present one goes first, then fetched events."""
        spare = self.slots.path(self.slots.spare)
        if storage.size(spare) >= 0:
            storage.remove(spare)
            return True
        return self._more_room()

    def judge(self, head: bundle.BundleHead, file_bytes: int) -> "Refusal | None":
        """What speaks against the table behind this signed head; None = nothing."""
        manifest = head.manifest
        if not self._settings.provisioned:
            return Refusal(
                acceptance.REFUSED_KEY, "This scanner holds no keys yet: provision it first."
            )
        if head.head_bytes + manifest.table_bytes != file_bytes:
            return Refusal(
                acceptance.REFUSED_MALFORMED,
                "The file's length differs from the signed one: copy the table file again.",
            )
        # The signature comes last: it costs a board 80 ms, and an old file fails without it.
        refusal = self._judge(head)
        if refusal is None and not bundle.signed_by(head, self._settings.public_key):
            refusal = Refusal(
                acceptance.REFUSED_SIGNATURE,
                "The signature does not verify: the file was damaged or changed; copy it again.",
            )
        return refusal

    def _judge(self, head: bundle.BundleHead) -> "Refusal | None":
        slots = self.slots
        active = slots.manifest if slots.table is not None else None
        # A table that was found damaged may come again under its own number: that repairs it.
        repair = slots.slot and slots.table is None and head.manifest.seq == slots.seq_floor
        return acceptance.judge(
            head.manifest,
            site_id=self._settings.site_id,
            key_id=lms.key_id(self._settings.public_key),
            seq_floor=slots.seq_floor - (1 if repair else 0),
            q=lms.signature_index(head.signature),
            q_floor=slots.q_floor - (1 if repair else 0),
            free_bytes=storage.free_bytes(self._folder) + self.staging.offset,
            firmware_version=VERSION,
            now_utc=self._now_utc(),
            active_sha256=active.table_sha256 if active else None,
        )

    def activate(self, sha: bytes) -> bool:
        """Start verifying the staged file with this SHA-256; False when it is not here whole.

        True as well, and nothing happens, when its verification runs or is over: a host that
        lost the answer asks twice.
        """
        if self.job != VERIFYING and self.staging.complete and sha == self.staging.sha:
            self.job, self.job_sha, self.done_bytes = VERIFYING, sha, 0
            self._steps = self._verify_staged()
        return sha == self.job_sha

    def withdraw(self, why: str) -> None:
        """Take the table out of use, and with it end the check of it in the background."""
        if self.job != VERIFYING:
            self._steps = None
        self.slots.withdraw(why)

    def refuse(self, refusal: Refusal) -> None:
        """Remember and report a refusal; the table in use stays."""
        self.job = REFUSED
        self.refusal = refusal
        self._on_change(refusal)

    def step(self) -> bool:
        """Do one slice of verification; False when there is nothing to do."""
        if self._steps is None:
            return False
        try:
            next(self._steps)
        except StopIteration:
            self._steps = None
        except Exception:
            # A defect of ours ends the task; the job must not seem to run for ever after it.
            self._steps = None
            if self.job == VERIFYING:
                self.job = REFUSED
            raise
        return True

    def _verify_staged(self) -> "Iterator[None]":
        try:
            refusal = None
            head = read_head(self.staging.path)
            if head is None:
                refusal = Refusal(acceptance.REFUSED_MALFORMED, "The table file is cut short.")
            else:
                refusal = self.judge(head, self.staging.length)
            if refusal is None and head is not None:
                yield from self._check_content(head)
                self.slots.take_over(
                    self.staging.path, head, lms.signature_index(head.signature)
                )
                self.staging.moved()
                self.job, self.refusal = ACTIVE, None
                self._on_change(None)
                return
        except bundle.BundleError as error:
            refusal = Refusal(acceptance.REFUSED_MALFORMED, str(error))
        except (TableError, PolicyError) as error:
            refusal = Refusal(acceptance.REFUSED_SELFTEST, str(error))
        except OSError:
            refusal = Refusal(
                acceptance.REFUSED_CONTENT, "The staged file cannot be read: sync again."
            )
        except MemoryError:
            refusal = Refusal(
                acceptance.REFUSED_SELFTEST,
                "The scanner had no memory left to check the table: restart it and sync again.",
            )
        self.staging.clear()
        if refusal is not None:
            self.refuse(refusal)

    def _check_content(self, head: bundle.BundleHead) -> "Iterator[None]":
        """Hash what lies in flash, then let the reader try every block of it."""
        window = FileWindow(self.staging.path, head.head_bytes)
        try:
            for at in window.compare(head.manifest):
                self.done_bytes = at
                yield
            table = Table(window, head.manifest.table_bytes)
            for _ in table.verify():
                yield
            Policy(table.policy())
        finally:
            window.close()

    def _recheck(self, table: Table) -> "Iterator[None]":
        try:
            for _ in table.verify():
                yield
        except (TableError, OSError, MemoryError) as error:
            self.slots.withdraw(str(error) or "The stored table cannot be read: sync again.")
            self._on_change(
                Refusal(acceptance.REFUSED_CONTENT, self.slots.problem)
            )
