"""The barcode engine as the gate sees it: its lines, and what is known of it.

Finding an engine and setting it up takes code for which a board's RAM has no room all day. It is
loaded when that is due and nobody scans or speaks on the link: soon after the start, when the
line is disturbed again and again, every minute while no reader was heard, and now and then to see
whether the engine still is as it was left. Scans are taken at every moment.
"""

import sys

from gatescan.app import rare
from gatescan.core.compat import TYPE_CHECKING, const
from gatescan.drivers.barcode_line import BarcodeLine, as_content
from gatescan.drivers.ticks import ticks_add, ticks_diff

if TYPE_CHECKING:
    from typing import Any, Callable

    from gatescan.drivers.barcode_line import LineAssembler

_ROOM = "gatescan.drivers.engines"
_FRAMES = "gatescan.core.frames.engine_frames"
_CRC = "gatescan.core.smp.crc16"
_MODULES = (
    _CRC,
    _FRAMES,
    _ROOM + ".asker",
    _ROOM + ".splitter",
    _ROOM + ".probe",
    _ROOM + ".engine",
)
_GUESTS = (_ROOM + ".", _FRAMES, _CRC)  # and what they load in their turn
_FIRST_MS = const(1500)  # after the start
_SILENT_MS = const(60_000)
_WATCH_MS = const(600_000)
_NOISY = const(4)  # disturbed scans without a good one between them


class BarcodeReader:
    """Same face as BarcodeLine; `allowed()` tells whether there is time and RAM for a look."""

    def __init__(self, uart: "Any", allowed: "Callable[[], bool]") -> None:
        self.uart = uart
        self._allowed = allowed
        self._line = BarcodeLine(uart)
        self._engine: Any = None  # the BarcodeEngine while one is searched or set up
        self._loading = 0  # modules loaded for it
        self._due_ms: int | None = None  # when the engine is looked at
        self._begun = False
        self._noise = 0
        self.kind = 0  # of the engine that was found: frames.GM65 ..
        self.baud = 0
        self.aim: bool | None = None
        self.model = ""
        self.version = ""
        self.state = "probing"
        self.lost = False  # an engine that was found does not answer any more

    @property
    def lines(self) -> "LineAssembler":
        """The lines and what was wrong with some."""
        return self._line.lines

    @property
    def heard(self) -> int:
        """Bytes since the start: whether there is a reader at all."""
        return self._line.heard

    @property
    def bursts(self) -> int:
        """Scans dropped because they held more than one line."""
        return self._line.bursts

    @property
    def busy(self) -> bool:
        """Whether a line grows or waits for the end of its scan."""
        return self._line.busy

    def tick(self, now_ms: int) -> None:
        """Read what has arrived, and go on with what is under way; never waits."""
        self._line.tick(now_ms)
        if not self._begun:
            self._begun = True
            self._due_ms = ticks_add(now_ms, _FIRST_MS)
        if self._engine is not None:
            if self._engine.settled or not self._allowed():
                self._leave(now_ms)
        elif self._is_due(now_ms) and not self.busy and self._allowed():
            self._enter(now_ms)

    def take(self, now_ms: int) -> "bytes | None":
        """The line of a scan, or None; `lines.taken_ms` then tells when it was complete."""
        line = self._line.take(now_ms)
        if line is None:
            return None
        self._noise = 0
        if self.aim is False and self._engine is None:
            return as_content(line)
        return line

    def report(self) -> "list[dict[str, Any]]":
        """Model, version and state, as app/rfid_readers.py has them."""
        return [{"model": self.model, "version": self.version, "state": self.state}]

    def disturbed(self, now_ms: int) -> None:
        """A scan was cut or garbled: after some the engine is looked at, as after a reset."""
        self._noise += 1
        if self._noise >= _NOISY:
            self._noise = 0
            self._due_ms = now_ms

    def _is_due(self, now_ms: int) -> bool:
        return self._due_ms is not None and ticks_diff(now_ms, self._due_ms) >= 0

    def _enter(self, now_ms: int) -> None:
        """Load one module more, 40 ms on a Pico; with the last one the search begins."""
        try:
            room = __import__(_MODULES[self._loading], None, None, ("*",))
            self._loading += 1
            if self._loading < len(_MODULES):
                return
            engine = room.BarcodeEngine(
                self.uart, getattr(self.uart, "set_baud", None), self._line
            )
        except MemoryError:
            self._forget()
            self._due_ms = ticks_add(now_ms, _SILENT_MS)
            return
        if self.kind:
            engine.resume(self.kind, self.baud)
        self._engine = self._line = engine

    def _leave(self, now_ms: int) -> None:
        """The engine is as it should be, or there is none: lines are all that is left to do."""
        engine = self._engine
        if engine.settled:
            self.lost = engine.state == "silent" and (self.lost or self.kind != 0)
            self.kind, self.baud, self.aim = engine.kind, engine.baud, engine.aim
            self.model, self.version, self.state = engine.model, engine.version, engine.state
        self._line = BarcodeLine(self.uart, engine)
        self._engine = None
        self._forget()
        self._due_ms = None
        if self.kind:
            self._due_ms = ticks_add(now_ms, _WATCH_MS)
        elif not self.heard or not engine.settled:
            self._due_ms = ticks_add(now_ms, _SILENT_MS)

    def _forget(self) -> None:
        self._loading = 0
        for name in list(sys.modules):
            if name.startswith(_GUESTS):
                rare.forget(name)
