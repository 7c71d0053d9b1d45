"""The hash chain over the event records: what was logged cannot be changed unseen.

link = SHA-256(link before | body)[:16]; the first link before is that of the device's genesis.
The scanner keeps the chain, the host keeps heads: a truncated journal no longer reaches them.
"""

import hashlib

from gatescan.core.compat import TYPE_CHECKING, const
from gatescan.core.journal import record

if TYPE_CHECKING:
    Buffer = bytes | bytearray | memoryview

FIRST_SEQ = const(1)  # seq of the first event; head seq 0 is the empty journal

_GENESIS = b"gatescan journal"


def genesis(device_id: "Buffer") -> bytes:
    """The 16-byte link before a device's first event."""
    state = hashlib.sha256(_GENESIS)
    state.update(device_id)
    return state.digest()[: record.LINK_BYTES]


def link(previous: "Buffer", body: "Buffer") -> bytes:
    """The 16-byte link of `body` (32 bytes) behind the event whose link is `previous`."""
    state = hashlib.sha256(previous)
    state.update(body)
    return state.digest()[: record.LINK_BYTES]
