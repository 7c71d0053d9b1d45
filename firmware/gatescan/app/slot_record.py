"""The record that says which slot holds, and the ratchet: what start and update do with it.

The ratchet is the highest sequence and signature index accepted under a key. The record is
written last, so that a power cut leaves the old table or the new one. A rare room.
"""

import os

from gatescan.app import rare, storage
from gatescan.app.slots import NO_MEMORY
from gatescan.core.compat import TYPE_CHECKING, const
from gatescan.core.table.format import TableError

if TYPE_CHECKING:
    from typing import Iterator

    from gatescan.app.slots import Slots
    from gatescan.core.trust.bundle import BundleHead

GIVEN_UP = "The table was given up for one that comes in its place: sync that one to its end."
_MAX_KEYS = const(8)  # remembered for the ratchet


def read_head(path: str) -> "BundleHead | None":
    """The head of the signed table file at `path`, None while more bytes are needed.

    Raises bundle.BundleError when it is no such file, OSError when it cannot be read.
    """
    from gatescan.core.trust import bundle  # not before it is needed: imports in imports

    with open(path, "rb") as file:
        return bundle.parse_head(file.read(bundle.HEAD_MAX_BYTES))


def restore(slots: "Slots") -> None:
    """Fill in what the record tells; without it, what the files tell."""
    form = {"slot": str, "key": bytes, "floors": list}
    stored = storage.read_record(slots.folder + "/slots", form)
    if stored is not None:
        try:
            slots.floors = [(bytes(key), int(seq), int(q)) for key, seq, q in stored["floors"]]
        except (TypeError, ValueError):
            stored = None
    if stored is None:
        slots.record_lost = storage.size(slots.folder + "/slots") >= 0
        slots.slot, slots.seq_floor, slots.q_floor = rare.call(
            "lost_record", "floors", slots
        )
        slots.record_lost = slots.record_lost or bool(slots.slot)
    else:
        for key, seq, q in slots.floors:
            if key == slots.key_id:
                slots.seq_floor, slots.q_floor = seq, q
        if bytes(stored["key"]) == slots.key_id:
            slots.slot, slots.over = stored["slot"], str(stored.get("over", ""))
            slots.problem = "" if slots.slot else GIVEN_UP


def opening(slots: "Slots") -> "Iterator[None]":
    """Open the active slot at boot: signature and SHA-256 again, then the table's own checks.

    In slices: in all it takes about 1.2 ms a kB on an RP2040.
    """
    from gatescan.core.trust import bundle

    if slots.record_lost:
        slots.withdraw("The record of the table in use is damaged: sync the table again.")
        return
    if not slots.slot:
        return
    try:
        head = read_head(slots.path(slots.slot))
        if head is None or not bundle.signed_by(head, slots.public_key):
            slots.withdraw("The stored table's signature does not verify: sync again.")
            return
        # Before the first answer: signed bytes, not only bytes that fit their own checks.
        slots.based_on(head.manifest, head.head_bytes)
        if slots.over:
            from gatescan.app import overlaying

            yield from overlaying.opening(slots)
        window = slots.window()
        try:
            for _ in window.compare(slots.base_bytes, slots.base_sha256):
                yield
        finally:
            window.close()
        slots.use_stored()
    except bundle.BundleError:
        slots.withdraw("The stored table's head is damaged: sync the table again.")
    except TableError as error:
        slots.withdraw(str(error))
    except OSError:
        slots.withdraw("The stored table cannot be read: sync again.")
    except MemoryError:  # a restart would end here again, for ever
        slots.withdraw(NO_MEMORY)


def take_over(slots: "Slots", staged_path: str, seq: int, q: int) -> "Iterator[None]":
    """Make the verified file at `staged_path` the table of the next start, in slices.

    Then `use` it. Order matters: file into the spare slot, then the record. Raises OSError.
    """
    slot = slots.spare
    slots.remove(slot)
    yield
    os.rename(staged_path, slots.path(slot))
    yield
    commit(slots, slot, "", seq, q)
    yield


def commit(slots: "Slots", slot: str, over: str, seq: int, q: int) -> None:
    """Name what the next start uses, and raise the ratchet; raises OSError."""
    slots.floors = [floor for floor in slots.floors if floor[0] != slots.key_id]
    slots.floors.append((slots.key_id, seq, q))
    slots.floors = slots.floors[-_MAX_KEYS:]
    write(slots, slot, over)
    slots.record_lost = False
    slots.slot, slots.over, slots.seq_floor, slots.q_floor = slot, over, seq, q


def write(slots: "Slots", slot: str, over: str = "") -> None:
    """Name the slot of the next start, "" for none, and the overlay; raises OSError."""
    record = {"slot": slot, "over": over, "key": slots.key_id, "floors": slots.floors}
    storage.write_record(slots.folder + "/slots", record)
