"""What one look at a seal finds."""

from collections import namedtuple

from gatescan.core.codes import SO_UNREADABLE
from gatescan.core.compat import TYPE_CHECKING

if TYPE_CHECKING:
    Buffer = bytes | bytearray | memoryview

# found: SO_INTACT, SO_OPENED, SO_CLONED or SO_UNREADABLE;
# uid (7 bytes) and ctr: of a message whose MAC fits, else None: nobody vouches for them;
# tamper: "CC", "OC", ..: permanent and current status of the loop, or None;
# proven: cryptography stands behind it; without, a copy of the tag says the same: an index only;
# error: None, or one sentence where the seal is anything but intact
Outcome = namedtuple("Outcome", ("found", "uid", "ctr", "tamper", "proven", "error"))


def unreadable(sentence: str, uid: "bytes | None" = None, ctr: "int | None" = None) -> "Outcome":
    """A seal that says nothing: `sentence` says why and what to do."""
    return Outcome(SO_UNREADABLE, uid, ctr, None, uid is not None, sentence)


def is_sized(data: object, length: int) -> bool:
    """Whether `data` is `length` bytes."""
    return isinstance(data, (bytes, bytearray, memoryview)) and len(data) == length
