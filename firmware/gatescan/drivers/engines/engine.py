"""The barcode engine on the UART, whichever it is: found, set up and watched beside its scans.

Same face as drivers/barcode_line.py. Nothing here waits. Scans are taken at every moment, also
from an engine that was not found: then it is one that only sends lines.
"""

from gatescan.core.compat import TYPE_CHECKING, const
from gatescan.core.frames import engine_frames as frames
from gatescan.drivers.barcode_line import BarcodeLine, as_content
from gatescan.drivers.engines.asker import Asker
from gatescan.drivers.engines.probe import FACTORY_BAUD, EngineProbe, dialogue, question
from gatescan.drivers.engines.splitter import Splitter
from gatescan.drivers.ticks import ticks_add, ticks_diff

if TYPE_CHECKING:
    from typing import Callable

    from gatescan.drivers.barcode_line import Uart
    from gatescan.drivers.engines.probe import Dialogue

_TRIES_SEARCHING = const(2)  # the second one after the 300 ms in which an engine starts
_TRIES_FOUND = const(3)
_MISSES = const(2)  # questions in a row, each asked so often, before an engine counts as gone
_QUIET_MS = const(25)  # silence before a command: none goes out inside a scan
_BEAT_MS = const(5000)
_AFTER_NOISE_MS = const(2500)  # an SSI decoder sends again after 2 s


class BarcodeEngine(BarcodeLine):
    """Call `tick` often, then `take` until it gives None."""

    def __init__(
        self,
        uart: "Uart",
        set_baud: "Callable[[int], None] | None" = None,
        before: "BarcodeLine | None" = None,
    ) -> None:
        """`set_baud` changes the speed of the UART; without it only 9600 baud is tried."""
        super().__init__(uart, before)
        self._set_baud = set_baud
        self.baud = FACTORY_BAUD  # of the line now
        self._splitter = Splitter(self.lines, self._frame)
        self._asker = Asker(self._splitter)
        self._probe = EngineProbe(set_baud is not None)
        self._dialogue: Dialogue | None = None  # with an engine that has answered
        self._step = 0  # the kind that is asked now, 0 for none
        self._found = False
        self.state = "probing"  # or "ready", "silent"
        self.unanswered = 0  # commands without an answer, of an engine that was found
        self.strays = 0  # frames that answered nothing
        self.lost = 0  # engines that fell silent
        self._tries = 0
        self._misses = 0
        self._heard_ms = 0
        self._asked_heard = 0
        self._beat_ms = 0  # when to ask for the next sign of life
        self._noise = 0
        self._rest_ms: int | None = None  # until then there is nothing to do but to listen

    @property
    def model(self) -> str:
        """What the engine says it is; "line" for one that only sends, "" for none."""
        if self._found and self._dialogue is not None:
            return self._dialogue.model
        return "line" if self._probe.plain else ""

    @property
    def version(self) -> str:
        """What the engine says of its versions, or ""."""
        return self._dialogue.version if self._found and self._dialogue is not None else ""

    @property
    def kind(self) -> int:
        """The kind of engine that answers (frames.GM65 ..), 0 for none."""
        return self._dialogue.KIND if self._found and self._dialogue is not None else 0

    @property
    def aim(self) -> "bool | None":
        """Whether scans begin with AIM identifiers, None when that is not known."""
        return self._dialogue.aim if self._found and self._dialogue is not None else None

    @property
    def settled(self) -> bool:
        """Whether only listening is left, as a BarcodeLine does; packets need more than that."""
        known = self._dialogue
        if self._asker.open or self.busy:
            return False
        if self._found and known is not None:
            return known.ask() is None and not known.packets_only
        return known is None and not self._step and self._probe.rounds > 0

    def resume(self, kind: int, baud: int) -> None:
        """Ask for the engine that was here before: at this speed, first of all."""
        self.baud = baud
        self._probe.begin((kind, baud))

    @property
    def health(self) -> "dict[str, object]":
        """Model, version, state and counters, for the self-test and the host."""
        known = self._dialogue if self._found else None
        return {
            "model": self.model,
            "version": self.version,
            "state": self.state,
            "baud": self.baud,
            "aim": known.aim if known is not None else None,
            "as_wanted": known is not None and known.as_wanted,
            "changes": known.changes if known is not None else 0,
            "unanswered": self.unanswered,
            "strays": self.strays,
            "bad_frames": self._splitter.bad,
            "lost": self.lost,
            "searches": self._probe.rounds,
        }

    def tick(self, now_ms: int) -> None:
        """Read what has arrived and carry the dialogue on; never waits."""
        self._receive(now_ms)
        if self._rest_ms is not None:
            if ticks_diff(now_ms, self._rest_ms) < 0:
                return
            self._rest_ms = None
        self._splitter.tick(now_ms)
        self.lines.tick(now_ms)
        self._hear_noise(now_ms)
        if self._asker.open:
            if self._asker.tick(self.uart, now_ms):
                self._no_answer(now_ms)
        elif not self.busy and self._quiet(now_ms, _QUIET_MS):
            if self._found:
                self._converse(now_ms)
            else:
                self._search(now_ms)

    def _hear(self, count: int, now_ms: int) -> None:
        self._heard_ms = now_ms
        self._rest_ms = None
        self._probe.hear(count, self.baud)
        self._splitter.feed(self._chunk, count, now_ms)

    def take(self, now_ms: int) -> "bytes | None":
        """The line of a scan, its AIM identifier first where the engine gives one; else None."""
        line = super().take(now_ms)
        if line is None:
            return None
        self._rest_ms = None
        known = self._dialogue
        if not self._found or known is None:
            self._probe.line(self.baud)
            self.state = "ready"
            return line
        if known.told(line[:1] == b"]"):
            self._beat_ms = now_ms  # it should have had an identifier: look at the settings
        return as_content(line) if known.aim is False else line

    # What a dialogue may do beside its questions (frames.Host)

    def say(self, data: bytes) -> None:
        """Send at once; what a full UART loses, the engine asks for again."""
        self._asker.say(self.uart, data)

    def scan(self, mark: bytes, text: "memoryview | bytes", now_ms: int) -> None:
        """A scan came in a frame."""
        if self.lines.growing:
            self.spoil()  # text between packets is no part of it
        self.lines.feed(mark, len(mark), now_ms)
        self.lines.feed(text, len(text), now_ms)
        self.lines.feed(b"\r", 1, now_ms)

    def spoil(self) -> None:
        """A scan was lost on the line: counted like one that was disturbed."""
        self.lines.feed(b"]\x00\r", 3, self._heard_ms)

    def _quiet(self, now_ms: int, span_ms: int) -> bool:
        if self._splitter.holding:
            return False
        # Days after the last byte the difference of the ticks is negative.
        return not self.heard or not 0 <= ticks_diff(now_ms, self._heard_ms) < span_ms

    def _hear_noise(self, now_ms: int) -> None:
        noise = self._splitter.noise + self._splitter.bad
        if noise != self._noise and self._quiet(now_ms, _QUIET_MS):
            self._noise = noise
            if self._dialogue is not None and self._dialogue.disturbed(now_ms):
                # Not at once: the scan comes again, and nothing else may be acknowledged before.
                self._beat_ms = ticks_add(now_ms, _AFTER_NOISE_MS)

    def _frame(self, kind: int, frame: memoryview) -> None:
        now_ms = self._heard_ms
        if not self._found and self._splitter.asked and self._step:
            self._meet(kind)
        known = self._dialogue
        if known is None or kind != known.KIND:
            self.strays += 1
        elif not known.answer(frame, now_ms):
            self.strays += kind != frames.SSI
        else:
            self._found = True
            self._step = 0
            self._asker.close()
            self._splitter.kind = kind
            self._tries = self._misses = 0
            self._follow(known, now_ms)

    def _meet(self, kind: int) -> None:
        """Somebody of this kind has answered, perhaps to the question for another kind."""
        if self._dialogue is None or kind != self._dialogue.KIND:
            try:
                self._dialogue = dialogue(kind, self)
            except MemoryError:
                return  # it stays one that only sends; the search goes on
            self._asker.close()
            self._tries = 0

    def _follow(self, known: "Dialogue", now_ms: int) -> None:
        self._splitter.packets_only = known.packets_only
        if known.ask() is None:
            self.state = "ready"
            self._beat_ms = ticks_add(now_ms, _BEAT_MS)

    def _converse(self, now_ms: int) -> None:
        """Ask the engine what is still open, or for a sign of life."""
        known = self._dialogue
        if known is None:
            return
        wanted = known.ask()
        if wanted is None and ticks_diff(now_ms, self._beat_ms) >= 0:
            known.beat()
            wanted = known.ask()
        if wanted is not None:
            self._ask(wanted, now_ms)
        else:
            self._rest_ms = self._beat_ms

    def _search(self, now_ms: int) -> None:
        """Ask the next kind of engine, or the one that seems to be there."""
        known = self._dialogue
        if known is not None:
            self._ask(known.ask() or question(known.KIND), now_ms)
            return
        if not self._step:
            if not self._probe.due(now_ms):
                self._rest_ms = self._probe.due_ms
                return
            step = self._probe.next()
            if step is None:
                self._end_round(now_ms)
                return
            self._step = step[0]
            self._change_baud(step[1])
        self._ask(question(self._step), now_ms)

    def _end_round(self, now_ms: int) -> None:
        self._probe.end(now_ms)
        self._change_baud(self._probe.home)
        self.state = "ready" if self._probe.plain else "silent"

    def _change_baud(self, baud: int) -> None:
        if baud != self.baud and self._set_baud is not None:
            self._set_baud(baud)
            self.baud = baud
            self._splitter.clear()

    def _ask(self, command: bytes, now_ms: int) -> None:
        self._asked_heard = self.heard
        self._asker.ask(self.uart, command, now_ms)

    def _no_answer(self, now_ms: int) -> None:
        self._tries += 1
        if self._found:
            self.unanswered += 1
        if self._tries < (_TRIES_FOUND if self._found else _TRIES_SEARCHING):
            return
        self._tries = 0
        known = self._dialogue
        if not self._found or known is None:
            self._dialogue = None
            self._step = 0
            if self.baud != self._probe.home and self.heard != self._asked_heard:
                self._end_round(now_ms)  # somebody scans, at the other speed
            return
        self._misses += 1
        if self._misses < _MISSES:
            known.skip()
            self._follow(known, now_ms)
        else:
            self._lose(known.KIND)

    def _lose(self, kind: int) -> None:
        self.lost += 1
        self.state = "silent"
        self._probe.begin((kind, self.baud))
        self._dialogue = None
        self._found = False
        self._misses = 0
        self._splitter.kind = 0
        self._splitter.packets_only = False
