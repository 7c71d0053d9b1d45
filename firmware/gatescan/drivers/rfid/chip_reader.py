"""Readers of chips at 13.56 MHz: which chip lies there, and its reading carried to the end."""

from gatescan.core.compat import TYPE_CHECKING
from gatescan.core.frames.iso14443a import identity_of
from gatescan.drivers.rfid.reader import BaseReader

if TYPE_CHECKING:
    from typing import Generator

    from gatescan.drivers.rfid.reader import Asking
    from gatescan.drivers.rfid.type2 import Type2
    from gatescan.drivers.rfid.type4 import Type4

    Answer = Generator[None, None, bytes | bytearray | memoryview | None]


class ChipReader(BaseReader):
    """What the chips of several makers have in common as readers."""

    def _to_tag(self, command: bytes) -> "Answer":
        """The tag's answer without CRC: b"" when it said no (NAK), None when it is lost."""
        raise NotImplementedError

    def _see(self, uid: bytes) -> bytes:
        """This tag alone lies there: its identity; `busy` until it was told."""
        identity = identity_of(uid)
        self.presence.see(identity, self._now_ms)
        self.presence.swept(self._now_ms)
        self.busy = not self.presence.told(identity)
        return identity

    def _read_out(self, tag: "Type2 | Type4") -> "Asking":
        """Carry the reading that was begun to its end; False when that failed or has no time."""
        while not tag.done:
            if tag.failed:
                self._fail_read()
            if tag.failed or not self._wanted:
                return False
            tag.answer((yield from self._to_tag(tag.command())))
        return True
