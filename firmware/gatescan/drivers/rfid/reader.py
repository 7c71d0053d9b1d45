"""What every reader has: a life that probes, polls, falls silent and comes back by itself."""

from gatescan.core.compat import TYPE_CHECKING, const
from gatescan.drivers.rfid import PROBING, READY, SILENT
from gatescan.drivers.rfid.presence import Presence
from gatescan.drivers.ticks import ticks_add, ticks_diff

if TYPE_CHECKING:
    from typing import Callable, Generator

    from gatescan.drivers.rfid import Sighting

    # Yields whenever there is nothing to do before the next tick.
    Steps = Generator[None, None, None]
    Asking = Generator[None, None, bool]

_QUEUE = const(4)
_FAILURES = const(3)  # polls in a row without an answer: the reader is lost
_FIRST_RETRY_MS = const(250)
_LAST_RETRY_MS = const(8000)
_RESET_MS = const(10)
_READ_TRIES = const(3)  # failed readings of a tag before it is told as unread


class BaseReader:
    """A reader whose `_probe` and `_poll` are generators that yield instead of waiting.

    `reset(level)` drives the chip's reset or enable pin, low = off; None when it is not wired.
    """

    _BOOT_MS = 10  # from the reset pin going high to the first answer

    def __init__(self, reset: "Callable[[int], object] | None") -> None:
        self._reset = reset
        self.model = ""
        self.version = ""
        self.state = PROBING
        self.several = False
        self.unread = False
        self.busy = False
        self.dark = True
        self.heard = 0
        self.bad = 0
        self.lost = 0
        self.retries = 0
        self.dropped = 0
        self.taken_ms = 0
        self.presence = Presence()
        self._wanted = False
        self._now_ms = 0
        self._failed_reads = 0
        self._waiting: list[tuple[Sighting, int]] = []
        self._steps = self._life()

    def tick(self, now_ms: int) -> None:
        """Go on with what is under way; never waits."""
        self._now_ms = now_ms
        self._receive()
        try:
            next(self._steps)
        except StopIteration:
            # An error of the program (no memory) ended its life in the last tick: begin anew.
            self._steps = self._life()

    def take(self) -> "Sighting | None":
        """A tag that was laid on since the last call, or None; `taken_ms` tells when."""
        if not self._waiting:
            return None
        sighting, self.taken_ms = self._waiting.pop(0)
        return sighting

    def field(self, on: bool, now_ms: int) -> None:
        """Let the reader look for tags, or make it silent; `dark` tells when it is."""
        self._now_ms = now_ms
        self._wanted = on

    def _receive(self) -> None:
        """Take what has arrived; for readers that send of themselves."""

    def _probe(self) -> "Asking":
        """Set the reader up; whether it is there and as it should be, field off."""
        raise NotImplementedError

    def _poll(self) -> "Asking":
        """Look for tags once and switch the field off; whether the reader answered."""
        raise NotImplementedError

    def _silence(self) -> "Asking":
        """Switch the field off, whatever it was; whether the reader answered."""
        raise NotImplementedError

    def _life(self) -> "Steps":
        retry_ms = _FIRST_RETRY_MS
        while True:
            if self._reset is not None:
                self._reset(0)
                yield from self._pause(_RESET_MS)
                self._reset(1)
                yield from self._pause(self._BOOT_MS)
            if (yield from self._probe()):
                retry_ms = _FIRST_RETRY_MS
                self.state = READY
                yield from self._work()
                self.state = PROBING
            else:
                self.state = SILENT
                yield from self._pause(retry_ms)
                retry_ms = min(2 * retry_ms, _LAST_RETRY_MS)
            # Whether it radiates is unknown, but it cannot be told to stop either.
            self.dark = True
            self.busy = self.several = self.unread = False

    def _work(self) -> "Steps":
        failures = 0
        while failures < _FAILURES:
            if self._wanted:
                answered = yield from self._poll()
            elif not self.dark:
                answered = yield from self._silence()
            else:
                self.busy = False
                answered = True
            if answered:
                failures = 0
            else:
                failures += 1
                self.lost += 1
            yield

    def _pause(self, ms: int) -> "Steps":
        until_ms = ticks_add(self._now_ms, ms)
        while ticks_diff(until_ms, self._now_ms) > 0:
            yield

    def _rest(self, since_ms: int, period_ms: int) -> "Steps":
        """Wait until `period_ms` after `since_ms`, or until the field is to go off."""
        while self._wanted and ticks_diff(self._now_ms, since_ms) < period_ms:
            yield

    def _offer(self, sighting: "Sighting") -> None:
        if len(self._waiting) == _QUEUE:
            self.dropped += 1
        else:
            self._waiting.append((sighting, self._now_ms))

    def _tell(self, identity: bytes, sighting: "Sighting") -> None:
        """The tag was read whole: tell it once while it is present."""
        self._failed_reads = 0
        self.busy = self.unread = False
        if self.presence.tell(identity):
            self._offer(sighting)

    def _fail_read(self) -> None:
        """A tag is there and a reading of it failed: it is read again in the next poll."""
        self._failed_reads += 1
        self.unread = self._failed_reads >= _READ_TRIES

    def _alone(self) -> None:
        """No tag is in view."""
        self._failed_reads = 0
        self.busy = self.unread = self.several = False
