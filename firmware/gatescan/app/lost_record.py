"""Without the record of the table in use: what the slots tell of how far the ratchet had come.

Nothing of it is used unasked; the newest may be synced again, nothing older. A rare room.
"""

from gatescan.app.slots import read_head
from gatescan.core.compat import TYPE_CHECKING
from gatescan.core.trust import bundle, lms

if TYPE_CHECKING:
    from typing import Callable


def floors(path: "Callable[[str], str]", public_key: bytes) -> "tuple[str, int, int]":
    """The slot with the newest table signed by `public_key`, "" for none; the highest sequence
    and signature index seen there (0 and -1 without any). `path(slot)` is a slot's file."""
    newest, seq_floor, q_floor = "", 0, -1
    for slot in ("a", "b"):
        try:
            head = read_head(path(slot)) if public_key else None
        except (bundle.BundleError, OSError):
            continue
        if head is None or not bundle.signed_by(head, public_key):
            continue
        q_floor = max(q_floor, lms.signature_index(head.signature))
        if head.manifest.seq > seq_floor:
            newest, seq_floor = slot, head.manifest.seq
    return newest, seq_floor, q_floor
