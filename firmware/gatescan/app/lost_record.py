"""Without the record of the table in use: what the slots tell of how far the ratchet had come.

Nothing of it is used unasked; the newest may be synced again, nothing older. A rare room.
"""

from gatescan.app.slot_record import read_head
from gatescan.core.compat import TYPE_CHECKING
from gatescan.core.trust import bundle, lms

if TYPE_CHECKING:
    from gatescan.app.slots import Slots


def floors(slots: "Slots") -> "tuple[str, int, int]":
    """The slot with the newest table signed by their key, "" for none; the highest sequence
    and signature index seen there and in overlays (0 and -1 without any)."""
    public_key = slots.public_key
    newest, seq_floor, q_floor = "", 0, -1
    # Overlays come last: they raise the ratchet and are of no use without their record.
    files = [(slot, slots.path(slot)) for slot in "ab"]
    for slot, path in files + [("", slots.over_path(over)) for over in "ab"]:
        try:
            head = read_head(path) if public_key else None
        except (bundle.BundleError, OSError):
            continue
        if head is None or not bundle.signed_by(head, public_key):
            continue
        q_floor = max(q_floor, lms.signature_index(head.signature))
        if head.manifest.seq > seq_floor:
            newest, seq_floor = slot or newest, head.manifest.seq
    return newest, seq_floor, q_floor
