"""The gate: what the readers and buttons deliver becomes verdict, log entry and screen."""

from gatescan.app import heap, reading
from gatescan.app.barcode_reader import BarcodeReader
from gatescan.app.limiter import Limiter
from gatescan.app.line_watch import LineWatch
from gatescan.app.runtime import sleep_ms
from gatescan.core.compat import TYPE_CHECKING, const
from gatescan.core.journal import record
from gatescan.core.judgement import COND_JOURNAL, by_hand, screen
from gatescan.core.screens import (
    SCR_ALREADY,
    SCR_JOURNAL_FULL,
    Screen,
    layout,
    system_screen,
)
from gatescan.core.tags import barcode
from gatescan.core.tags.scheme import refused
from gatescan.core.visit import NOT_LOGGED, Step
from gatescan.drivers.buttons import EV_BACK, EV_BACK_LONG, EV_OK, EV_OK_LONG, Buttons
from gatescan.drivers.ticks import ticks_diff, ticks_ms

if TYPE_CHECKING:
    from typing import Any

    from gatescan.app.card_reader import CardReader
    from gatescan.app.rfid_readers import RfidReaders
    from gatescan.app.scanner import Scanner
    from gatescan.core.seals.look import SealRead
    from gatescan.core.tags.scheme import Tag
    from gatescan.drivers.repeats import Repeats

_POLL_MS = const(10)  # while a line is silent: the shortest code takes longer
_SOON_MS = const(2)  # while a code arrives: its verdict waits for the end of the silence after it
_RFID_POLL_MS = const(20)
_BUTTON_POLL_MS = const(15)  # three looks within a press of 60 ms, 30 of them for the bounce
_TIDY_MS = const(4000)  # between two collections while nothing happens
_BRACKET = const(0x5D)
_WINDOW_MS = const(1000)  # a code in view is sent again in less
_NOISE_PAUSE_MS = const(1000)  # at most one event a second for a line full of noise


def _rfid(scanner: "Scanner") -> "CardReader | RfidReaders":
    """The RFID readers that are wired; only their code is loaded."""
    kinds = scanner.settings.readers
    if kinds == ("rdm6300",):
        from gatescan.app.card_reader import CardReader

        return CardReader(scanner.board)
    from gatescan.app.rfid_readers import RfidReaders

    return RfidReaders(scanner.board, kinds)


class Gate:
    """The tasks of readers and buttons, and the one path every tag takes."""

    def __init__(self, scanner: "Scanner") -> None:
        self._scanner = scanner
        self.barcode = BarcodeReader(scanner.board.barcode_uart(), self._has_time)
        self._repeats: Repeats | None = None  # once there is a code that it is for
        self.rfid = _rfid(scanner)
        held = scanner.board.line_held
        self._lines = (LineWatch(held, "barcode"), LineWatch(held, "rfid"))
        self._on_line = scanner.settings.on_line
        self.buttons = Buttons(scanner.button_pins)
        self._tidied_ms = ticks_ms()
        self._noise = 0
        self._reported: dict[str, Any] | None = None  # the last verdict, where somebody watches
        self._noise_answers = Limiter(_NOISE_PAUSE_MS)
        self._scan_seq = 0  # of the last item: seals and steps refer to it
        self.visit_seq = 0  # of the open visit
        self.scans = 0
        self.late_ms = 0  # the longest time between two looks at the barcode engine's line

    async def serve_barcode(self) -> None:
        """Read the barcode engine for ever."""
        looked_ms = ticks_ms()
        while True:
            now_ms = ticks_ms()
            self.late_ms = max(self.late_ms, ticks_diff(now_ms, looked_ms))
            looked_ms = now_ms
            self.barcode.tick(now_ms)
            line = self.barcode.take(now_ms)
            if line is not None:
                self._scan(line)
            else:
                self._look_for_noise()
            if self.barcode.busy:
                await sleep_ms(_SOON_MS)
                continue
            if ticks_diff(now_ms, self._tidied_ms) >= _TIDY_MS:
                self._lines[0].look(self.barcode.heard)
                if self._on_line:
                    self._lines[1].look(self.rfid.heard)
                self._tidy()
            await sleep_ms(_POLL_MS)

    async def serve_rfid(self) -> None:
        """Read the RFID readers for ever."""
        while True:
            self.rfid.tick(ticks_ms())
            found = self.rfid.take()
            if found is not None:
                self._forget_repeats()
                self.take(found[0], self.rfid.taken_ms, found[1])
            await sleep_ms(_RFID_POLL_MS)

    async def serve_buttons(self) -> None:
        """Watch the buttons for ever."""
        checkpoint = self._scanner.checkpoint
        while True:
            event = self.buttons.tick(ticks_ms())
            if event:
                self._forget_repeats()
            if event in (EV_OK, EV_OK_LONG):
                for step in checkpoint.press_ok():
                    self._carry_out(step, None, ticks_ms())
            elif event in (EV_BACK, EV_BACK_LONG):
                self._carry_out(checkpoint.press_back(), None, ticks_ms())
            await sleep_ms(_BUTTON_POLL_MS)

    def signs(self) -> int:
        """What is known of readers and buttons: another number once that has changed."""
        ok, back = self.buttons.jammed()
        signs = bool(self.barcode.heard) | bool(self.rfid.heard) << 1 | ok << 2 | back << 3
        barcode, rfid = self.lost
        return signs | barcode << 4 | rfid << 5

    @property
    def lost(self) -> "tuple[bool, bool]":
        """Whether the barcode engine and an RFID reader do not answer, or their plug is out."""
        barcode, rfid = self._lines
        return self.barcode.lost or barcode.gone, self.rfid.lost or rfid.gone

    def _has_time(self) -> bool:
        """Whether the barcode engine may be looked after: no host speaks on the link."""
        return self._scanner.router is None

    def _scan(self, line: bytes) -> None:
        """One barcode; the same one still in view of an engine that never rests is no new scan.

        An engine that only sends lines is triggered by hand: each of its scans is meant.
        """
        checkpoint = self._scanner.checkpoint
        taken_ms = self.barcode.lines.taken_ms
        tag = reading.tag_of(barcode.parse, line)
        if self.barcode.kind or (line[0] == _BRACKET and line[1:2] in barcode.WEAK_LETTERS):
            seen = reading.again(self._look_for_repeat, line, taken_ms)
            from gatescan.drivers.repeats import AGAIN, ONCE_MORE

            if seen == ONCE_MORE and tag.key is not None:
                self._carry_out(checkpoint.ask_again(), tag, taken_ms)
                return
            if seen == AGAIN and self.barcode.kind and not checkpoint.expects(tag):
                self._show_again()
                return
        self.take(tag, taken_ms)

    def _look_for_repeat(self, line: bytes, taken_ms: int) -> int:
        if self._repeats is None:
            from gatescan.drivers.repeats import Repeats

            self._repeats = Repeats(_WINDOW_MS)
        return self._repeats.look(line, taken_ms)

    def _forget_repeats(self) -> None:
        """Something else has happened: the same code is a new scan."""
        if self._repeats is not None:
            self._repeats.forget()

    def _show_again(self) -> None:
        """The answer stays, and says that it is an old one."""
        scanner = self._scanner
        note = system_screen(SCR_ALREADY, scanner.checkpoint.lang)
        shown = scanner.panel.shown or note
        lines = tuple([line for line in shown.lines if line not in note.lines])
        lines = note.lines + lines[: layout.ROWS - len(note.lines)]
        scanner.panel.show(Screen(shown.big, lines, shown.light, note.tone))
        if self._reported is not None:
            scanner.board.observe("verdict", again=True, **self._reported)

    def take(self, tag: "Tag", taken_ms: int, seen: "SealRead | None" = None) -> None:
        """One tag, whose last byte arrived at `taken_ms`, all the way to the panel.

        `seen`: what a reader found in an NFC tag beside its number.
        """
        scanner = self._scanner
        self.scans += 1
        scanner.update_condition()
        for step in reading.steps(scanner.checkpoint, tag, seen):
            self._carry_out(step, tag, taken_ms)
        # Now nobody waits, and the first note of the tone is longer than this takes.
        self._tidy()

    def _tidy(self) -> None:
        heap.tidy()
        if heap.is_short():
            reading.make_room()
        self._tidied_ms = ticks_ms()

    def _look_for_noise(self) -> None:
        """A line that was dropped as noise, too long or cut is an answer too: by hand."""
        now_ms = ticks_ms()
        self._noise_answers.tick(now_ms)
        lines = self.barcode.lines
        noise = lines.garbage + lines.overlong + lines.half + lines.dropped + self.barcode.bursts
        if noise == self._noise or not self._noise_answers.allow(now_ms):
            return
        self._noise = noise
        self.barcode.disturbed(now_ms)
        self.take(refused("The barcode was cut or disturbed: scan it again."), now_ms)

    def _carry_out(self, step: Step, tag: "Tag | None", taken_ms: int) -> None:
        """Log, then show: what a guard has seen can always be explained later."""
        scanner = self._scanner
        judged = step.judged
        shown = step.screen
        seq = 0
        if step.kind != NOT_LOGGED:
            seq = self._log(step)
            if not seq:
                # What is not in the log has not happened: nothing begun counts on.
                scanner.checkpoint.press_back()
                judged = by_hand(step.detail, 0, SCR_JOURNAL_FULL)
                shown = screen(
                    judged, None, scanner.checkpoint.lang, scanner.checkpoint.rows
                )
                scanner.checkpoint.condition = COND_JOURNAL
        scanner.panel.show(shown)
        if judged is not None and scanner.board.observe is not None:
            from gatescan.app import verdict_report  # only where a computer watches

            latency_ms = ticks_diff(ticks_ms(), taken_ms)
            self._reported = verdict_report.report(judged, shown, tag, seq, latency_ms)
            scanner.board.observe("verdict", **self._reported)

    def _log(self, step: Step) -> int:
        judged = step.judged
        kind = step.kind
        if judged is not None:
            citations = judged.outcome.citations
            self._scan_seq = self._scanner.log(
                kind,
                flags=judged.flags,
                verdict=judged.verdict,
                category=judged.category,
                citation=citations[0] if citations else 0,
                tag=step.tag,
            )
            return self._scan_seq
        refers_to = 0
        if kind in (record.JK_SEALED, record.JK_DONE, record.JK_SEAL_CHECK):
            refers_to = self._scan_seq
        elif kind == record.JK_VISIT_END:
            refers_to = self.visit_seq
        seq = self._scanner.log(kind, category=step.detail, citation=refers_to, tag=step.tag)
        if kind == record.JK_VISIT_OPEN:
            self.visit_seq = seq
        return seq
