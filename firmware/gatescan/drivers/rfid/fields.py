"""Several readers, one field at a time: round robin, and a reader that sees a tag keeps its turn.

Neighbouring 13.56 MHz fields shift bits of each other's UIDs without a CRC error; with two fields
on at full power nothing is read at all.
"""

from gatescan.core.compat import TYPE_CHECKING, const
from gatescan.drivers.rfid import READY
from gatescan.drivers.ticks import ticks_diff

if TYPE_CHECKING:
    from gatescan.drivers.rfid import Reader, Sighting

_HOLD_MS = const(500)  # the longest turn of a reader that sees a tag


class Fields:
    """`readers` take turns of `dwell_ms`, which is longer than a poll of each."""

    def __init__(self, readers: "tuple[Reader, ...]", dwell_ms: int = 200) -> None:
        self.readers = readers
        self._dwell_ms = dwell_ms
        self._turn = -1  # nobody yet
        self._since_ms = 0
        self._ending = True  # the field of the last turn goes off

    def tick(self, now_ms: int) -> None:
        """Let every reader go on, and pass the turn on when it is over; never waits."""
        for reader in self.readers:
            reader.tick(now_ms)
        if not self.readers:
            return
        spent_ms = ticks_diff(now_ms, self._since_ms)
        if self._turn < 0:
            self._begin(0, now_ms)
        elif self._ending:
            ended = self.readers[self._turn]
            # A reader that does not obey is lost within some polls; until then nobody else is on.
            if ended.dark or ended.state != READY:
                self._begin(self._next(), now_ms)
        elif self._over(self.readers[self._turn], spent_ms):
            self.readers[self._turn].field(False, now_ms)
            self._ending = True
            self._since_ms = now_ms

    def take(self) -> "tuple[Reader, Sighting] | None":
        """A tag that was laid on one of the readers, and that reader; or None."""
        for reader in self.readers:
            sighting = reader.take()
            if sighting is not None:
                return reader, sighting
        return None

    @property
    def turn(self) -> "Reader | None":
        """The reader whose field may be on."""
        return self.readers[self._turn] if self._turn >= 0 else None

    def _over(self, reader: "Reader", spent_ms: int) -> bool:
        if self._next() == self._turn:
            return False  # no other reader to give the turn to
        if reader.state != READY:
            return True
        return spent_ms >= (_HOLD_MS if reader.busy else self._dwell_ms)

    def _next(self) -> int:
        """The next reader that answers; the present one when there is no other."""
        count = len(self.readers)
        for step in range(1, count):
            at = (self._turn + step) % count
            if self.readers[at].state == READY:
                return at
        return self._turn

    def _begin(self, turn: int, now_ms: int) -> None:
        self._turn = turn
        self._since_ms = now_ms
        self._ending = False
        self.readers[turn].field(True, now_ms)
