"""A table on its way onto the scanner: received and judged.

Loaded with the first packet or question of a host, and gone again when the link is silent.
"""

import gc

from gatescan import VERSION
from gatescan.app import storage
from gatescan.app.runtime import mem_free
from gatescan.app.slot_record import GIVEN_UP, read_head, write
from gatescan.app.staging import Staging
from gatescan.core.compat import TYPE_CHECKING, const
from gatescan.core.trust import acceptance, bundle, lms
from gatescan.core.trust.acceptance import Refusal

if TYPE_CHECKING:
    from typing import Callable, Generator, Iterator

    from gatescan.app.settings import Settings
    from gatescan.app.slots import Slots
    from gatescan.app.tables import Tables


_DELTA_FREE_BYTES = const(40_000)  # heap to make an overlay, and to open it


class Upload:
    """The staging area and what is done with the file in it."""

    def __init__(
        self,
        folder: str,
        tables: "Tables",
        settings: "Settings",
        now_utc: "Callable[[], int | None]",
        more_room: "Callable[[], bool]",
    ) -> None:
        self._folder = folder
        self._tables = tables
        self._settings = settings
        self._now_utc = now_utc
        self._more_room = more_room
        self.staging = Staging(folder, self.judge, self._make_room, self._in_use_bytes)
        if self.staging.alone and not self._slots.slot:
            self._make_room()  # the power may have gone before the table given up was removed

    @property
    def _slots(self) -> "Slots":
        return self._tables.slots

    def _make_room(self) -> bool:
        """For an upload: the table before the present one goes first, then fetched events."""
        slots = self._slots
        self._tables.end_merge()
        slots.sweep()
        if slots.remove(slots.spare) or (not slots.slot and slots.remove("b")):
            return True
        return self._more_room()

    def _in_use_bytes(self) -> int:
        """What the table in use would leave."""
        slots = self._slots
        return max(storage.size(slots.path(slots.slot)), 0) if slots.slot else 0

    def judge(self, head: bundle.BundleHead, file_bytes: int) -> "Refusal | None":
        """What speaks against the table behind this signed head; None = nothing.

        Where nothing does and the file is to have all the room, the table in use goes now.
        """
        manifest = head.manifest
        if not self._settings.provisioned:
            return Refusal(
                acceptance.REFUSED_KEY, "This scanner holds no keys yet: provision it first."
            )
        delta = _is_delta(head, file_bytes)
        if not delta and head.head_bytes + manifest.table_bytes != file_bytes:
            return Refusal(
                acceptance.REFUSED_MALFORMED,
                "The file's length differs from the signed one: copy the table file again.",
            )
        if delta and not self._has_parent(manifest.parent_sha256):
            return self._no_parent(manifest.parent_sha256)
        if delta and _short_of_memory():
            return Refusal(
                acceptance.REFUSED_SIZE,
                "The scanner has no memory to work changes in: send the whole table.",
            )
        # The signature comes last: it costs a board 60 ms, and an old file fails without it.
        refusal = self._judge(head, delta)
        if refusal is None and not bundle.signed_by(head, self._settings.public_key):
            refusal = Refusal(
                acceptance.REFUSED_SIGNATURE,
                "The signature does not verify: the file was damaged or changed; copy it again.",
            )
        if refusal is None:
            self._tables.end_merge()  # it would be of the table before this one
            if self.staging.alone and not delta and self._slots.slot:
                self._give_up()
        return refusal

    def _has_parent(self, sha256: bytes) -> bool:
        """Whether the slot's file holds this table, and no damage is known of it."""
        slots = self._slots
        for offset, _ in slots.damaged:
            if offset < slots.base_bytes:
                return False
        return slots.slot != "" and slots.base_sha256 == sha256

    def _no_parent(self, sha256: bytes) -> Refusal:
        manifest = self._slots.manifest
        if manifest is not None and manifest.table_sha256 == sha256:
            sentence = (
                "The scanner is still merging the changes before these: try again in a moment."
            )
        else:
            sentence = (
                "The changes are not those of the table on this scanner: send the whole table."
            )
        return Refusal(acceptance.REFUSED_CONTENT, sentence)

    def _give_up(self) -> None:
        """For the room of the table in use: from now on everything is inspected by hand."""
        tables, slots = self._tables, self._slots
        tables.let_go()
        tables.stop()
        slots.withdraw(GIVEN_UP)
        write(slots, "")  # before the file goes: so a start knows why
        slots.remove(slots.slot)
        slots.slot, slots.over, slots.damaged = "", "", []
        slots.base_sha256 = b""
        slots.sweep()

    def _judge(self, head: bundle.BundleHead, delta: bool) -> "Refusal | None":
        slots = self._slots
        active = slots.manifest if slots.table is not None and not slots.damaged else None
        # A table that was found damaged may come again under its own number: that repairs it;
        # so may one that was given up for another that never came.
        repair = head.manifest.seq == slots.seq_floor and (
            (slots.slot and active is None) or slots.problem == GIVEN_UP
        )
        room = storage.free_bytes(self._folder) + self.staging.offset
        if self.staging.alone:
            room += self._in_use_bytes()
        if delta:  # it takes the room of an overlay only, beside the staged file
            room += head.manifest.table_bytes - head.manifest.overlay_bytes - self.staging.length
        return acceptance.judge(
            head.manifest,
            site_id=self._settings.site_id,
            key_id=lms.key_id(self._settings.public_key),
            seq_floor=slots.seq_floor - (1 if repair else 0),
            q=lms.signature_index(head.signature),
            q_floor=slots.q_floor - (1 if repair else 0),
            free_bytes=room,
            firmware_version=VERSION,
            now_utc=self._now_utc(),
            active_sha256=active.table_sha256 if active else None,
        )

    def verify(self) -> "Generator[int, None, Iterator[int] | None]":
        """Judge the staged file again, then leave the rest of its way to `taking`.

        Ends with `Tables.refuse`, or returns what does the rest.
        """
        refusal: Refusal | None
        try:
            head = read_head(self.staging.path)
            if head is None:
                refusal = Refusal(acceptance.REFUSED_MALFORMED, "The table file is cut short.")
            else:
                refusal = self.judge(head, self.staging.length)
            yield 0
            if head is not None and refusal is None:
                return self._leave(head)
        except bundle.BundleError as error:
            refusal = Refusal(acceptance.REFUSED_MALFORMED, str(error))
        except OSError:
            refusal = Refusal(
                acceptance.REFUSED_CONTENT, "The staged file cannot be read: sync again."
            )
        self.staging.clear()
        if refusal is not None:
            self._tables.refuse(refusal)
        return None

    def _leave(self, head: bundle.BundleHead) -> "Iterator[int]":
        """What does the rest: all that is needed no more leaves the RAM for it."""
        from gatescan.app.link import loading

        path = self.staging.path
        delta = _is_delta(head, self.staging.length)
        q = lms.signature_index(head.signature)
        self._tables.leave_upload()
        loading.forget(loading.UPLOAD)
        from gatescan.app import taking

        return taking.take(self._tables, path, head, q, delta)


def _short_of_memory() -> bool:
    gc.collect()
    return mem_free() < _DELTA_FREE_BYTES


def _is_delta(head: bundle.BundleHead, file_bytes: int) -> bool:
    """Whether a file of this length with this head is the changes, not the whole table."""
    delta_bytes = head.manifest.delta_bytes
    return delta_bytes > 0 and head.head_bytes + delta_bytes == file_bytes
