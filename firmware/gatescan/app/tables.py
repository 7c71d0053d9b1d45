"""The life of a table on the scanner: uploaded, verified in slices, active, withdrawn."""

from gatescan.app import heap, rare, storage
from gatescan.app.slots import NO_MEMORY, Slots
from gatescan.core.compat import TYPE_CHECKING
from gatescan.core.table.format import TableError

if TYPE_CHECKING:
    from typing import Callable, Iterator

    from gatescan.app.mending import Mending
    from gatescan.app.settings import Settings
    from gatescan.app.staging import Staging
    from gatescan.app.upload import Upload
    from gatescan.app.watched import Watched
    from gatescan.core.trust.acceptance import Refusal

IDLE, VERIFYING, ACTIVE, REFUSED = "idle", "verifying", "active", "refused"
SEARCHING = "searching"  # the stored table, out of use, for what a repair must bring


class Tables:
    """Slots, staging and the job between them.

    `on_change(refusal | None)` hears the outcome; before a new table `let_go()` gives back what
    is still held of the present one: a board has no memory for two.
    """

    def __init__(
        self,
        folder: str,
        settings: "Settings",
        now_utc: "Callable[[], int | None]",
        on_change: "Callable[[Refusal | None], None]",
        more_room: "Callable[[], bool]",
        let_go: "Callable[[], None]",
    ) -> None:
        self._folder = folder
        self._settings = settings
        self._now_utc = now_utc
        self.on_change = on_change
        self._more_room = more_room
        self.let_go = let_go
        self.job = IDLE
        self.job_sha = b""  # of the file that the job is or was about
        self.done_bytes = 0  # of the running verification
        self.refusal: "Refusal | None" = None  # the last one since boot
        self._steps: "Iterator[int] | None" = None
        self._upload: "Upload | None" = None
        self.mending: "Mending | None" = None  # patches that have come; `activate` ends with them
        self._merge: "Iterator[int] | None" = None
        self.merging: "int | None" = None  # permille of the merge that is going on
        self.merge = ""  # why the overlay stays
        self.quiet: "Callable[[], bool]" = lambda: True  # nobody has scanned for a moment
        # The compiled order in use: a table with the same one needs no RAM for another.
        self.order: bytes | bytearray = b""
        self.guests = False  # a merge has loaded what nobody needs after it
        self._told = False  # the log knows that the table in use has a damaged place
        self.slots = Slots(folder, settings.public_key)

    def opening(self) -> "Iterator[None]":
        """Bring the stored table into use, in slices, and have its blocks checked afterwards."""
        from gatescan.app import slot_record

        yield from slot_record.opening(self.slots)
        if self.slots.table is not None:
            self.recheck()
        elif self.slots.manifest is not None and self.slots.problem != NO_MEMORY:
            from gatescan.app import mending

            self.job = SEARCHING
            self._steps = mending.search_stored(self.slots)

    def recheck(self) -> None:
        """Have the blocks of the table in use checked."""
        if self.slots.table is not None:
            self._steps = self._recheck(self.slots.table)

    def reopen(self) -> None:
        """Under new keys: the stored table must prove itself again."""
        self.withdraw("")  # the file of a table in use is given back before anything else
        self.mending, self._told = None, False
        self.slots = Slots(self._folder, self._settings.public_key)
        for _ in self.opening():
            pass

    @property
    def staging(self) -> "Staging":
        """The staging area, loaded when it is asked for."""
        return self._uploading().staging

    @property
    def staged_bytes(self) -> int:
        """How much of an upload has arrived; without one, the staging area is not loaded."""
        if self._upload is None:
            # A report neither loads it for that, nor has the stack left that loading needs.
            begun = storage.size(self._folder + "/stage.info") >= 0
            return max(storage.size(self._folder + "/stage"), 0) if begun else 0
        return self.staging.offset

    def _uploading(self) -> "Upload":
        if self._upload is None:
            self._upload = heap.low(self._load_upload)
        return self._upload

    def _load_upload(self) -> "Upload":
        from gatescan.app.upload import Upload  # here already: link/loading.py brings it

        return Upload(self._folder, self, self._settings, self._now_utc, self._more_room)

    def rest(self) -> bool:
        """Let go of what only an upload needs; False while something is being checked."""
        if self._steps is not None:
            return False
        self.leave_upload()
        self.mending = None
        return True

    def leave_upload(self) -> None:
        """Let go of the staging area; what has arrived stays."""
        if self._upload is not None:
            self._upload.staging.close()
            self._upload = None

    def activate(self, sha: bytes) -> bool:
        """Start verifying the staged file with this SHA-256; False when it is not here whole.

        True as well, and nothing happens, when its verification runs or is over: a host that
        lost the answer asks twice.
        """
        if self.job != VERIFYING:
            if self.mending is not None and sha == self.mending.sha:
                steps = self.mending.verify(self)
            elif self.staging.complete and sha == self.staging.sha:
                steps = self._uploading().verify()
            else:
                return sha == self.job_sha
            self.end_merge()
            self._steps, self.mending = steps, None
            self.job, self.job_sha, self.done_bytes = VERIFYING, sha, 0
        return sha == self.job_sha

    def withdraw(self, why: str) -> None:
        """Take the table out of use, and with it end the check of it in the background."""
        self.stop()
        self.slots.withdraw(why)

    def stop(self) -> None:
        """End what is done in the background, but for the check of what a host has sent."""
        self.end_merge()
        if self.job != VERIFYING:
            self._steps = None
        if self.job == SEARCHING:
            self.job = IDLE

    def done(self) -> None:
        """The staged file is the table in use now."""
        self.mended()
        self.on_change(None)

    def mended(self) -> None:
        """The table in use is whole again, and has been in use all the time."""
        self.job, self.refusal, self._told, self.merge = ACTIVE, None, False, ""

    def refuse(self, refusal: "Refusal") -> None:
        """Remember and report a refusal; the table in use stays."""
        self.job = REFUSED
        self.refusal = refusal
        self.on_change(refusal)

    def step(self) -> bool:
        """Do one slice of verification; False when there is nothing to do."""
        if self.slots.damaged and not self._told and self.slots.table is not None:
            self._told = True
            rare.call("mending", "tell", self)
        if self._steps is None:
            if self._merge is None:
                return False
            self.merging = next(self._merge, None)
            if self.merging is None:
                self._merge = None
            return True
        try:
            self.done_bytes = next(self._steps)
        except StopIteration as end:
            self._steps = end.value  # a room may leave the rest of its work to another
            if self._steps is None:
                self.stop()
        except Exception:
            # A defect of ours ends the task; the job must not seem to run for ever after it.
            self._steps = None
            self.stop()
            if self.job == VERIFYING:
                self.job = REFUSED
            raise
        return True

    def begin_merge(self) -> None:
        """Merge table and overlay when nothing else is going on and it was not tried in vain."""
        slots = self.slots
        if (
            slots.over
            and not self.merge
            and self._steps is None
            and slots.table is not None
            and not slots.damaged
            and (self._upload is None or not self._upload.staging.length)
        ):
            self.merge, self.merging, self.guests = "failed", 0, True
            self._merge = rare.call("merging", "merge", self, slots.table)

    def end_merge(self) -> None:
        """Give up the merge that is going on; it begins anew when nothing else is going on."""
        if self._merge is not None:
            self._merge.close()  # type: ignore[attr-defined]
            self._merge = self.merging = None
            self.merge = ""

    def _recheck(self, table: "Watched") -> "Iterator[int]":
        try:
            for _ in table.recheck():
                yield 0
            return
        except (TableError, OSError, MemoryError) as error:
            problem = str(error) or "The stored table cannot be read: sync again."
        from gatescan.app import mending

        self.slots.withdraw(problem)
        self.job = SEARCHING
        yield from mending.search_withdrawn(self)
