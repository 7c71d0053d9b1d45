"""Follows the hash chain of a journal that somebody else has kept, and says what breaks it."""

from gatescan.core.compat import TYPE_CHECKING
from gatescan.core.journal import record
from gatescan.core.journal.chain import FIRST_SEQ, link

if TYPE_CHECKING:
    Buffer = bytes | bytearray | memoryview


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
