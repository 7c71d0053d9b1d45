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


class Verifier:
    """Follows the chain from a known point and says in one sentence what breaks it.

    After the first break it answers the same sentence to everything: what follows proves nothing.
    """

    def __init__(self, previous: "Buffer", next_seq: int = FIRST_SEQ) -> None:
        self.link = bytes(previous)  # of the last good event
        self.next_seq = next_seq
        self.sentence: str | None = None

    def _break(self, sentence: str) -> str:
        self.sentence = sentence
        return sentence

    def feed(self, data: "Buffer") -> "str | None":
        """Take one 48-byte record; None when it continues the chain, else the sentence."""
        if self.sentence is not None:
            return self.sentence
        if len(data) != record.RECORD_BYTES:
            return self._break(
                "The journal ends in %d bytes of an event: pull it again." % len(data)
            )
        view = memoryview(data)
        body = view[: record.BODY_BYTES]
        seq = record.unpack(body).seq
        expected = self.next_seq
        if seq > expected:
            missing = "Event %d is" % expected
            if seq > expected + 1:
                missing = "Events %d to %d are" % (expected, seq - 1)
            return self._break(
                missing + " missing from the journal: secure the scanner and report it."
            )
        if seq < expected:
            return self._break(
                "Event %d stands where event %d belongs: the journal was reordered; "
                "secure the scanner and report it." % (seq, expected)
            )
        following = link(self.link, body)
        if following != bytes(view[record.BODY_BYTES :]):
            return self._break(
                "Event %d does not follow from the one before: one of them was changed; "
                "secure the scanner and report it." % seq
            )
        self.link = following
        self.next_seq = expected + 1
        return None

    def finish(self, head_seq: int, head_link: "Buffer") -> "str | None":
        """Compare with a head known from elsewhere; None when the chain ends exactly there."""
        if self.sentence is not None:
            return self.sentence
        last = self.next_seq - 1
        if last < head_seq:
            return self._break(
                "The journal ends at event %d and event %d is known: its end was cut off; "
                "secure the scanner and report it." % (last, head_seq)
            )
        if last > head_seq:
            return self._break(
                "The journal goes on to event %d and its head is event %d: pull it again."
                % (last, head_seq)
            )
        if self.link != bytes(head_link):
            return self._break(
                "Event %d is not the one that is known: the journal was rewritten; "
                "secure the scanner and report it." % last
            )
        return None
