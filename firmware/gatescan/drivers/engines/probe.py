"""Which engine is on the line: every kind is asked at the speeds it is known to have.

None is assumed. A kind's code is loaded when one of that kind has answered: code costs RAM.
"""

import sys

from gatescan.core.compat import TYPE_CHECKING, const
from gatescan.core.frames import engine_frames as frames
from gatescan.drivers.ticks import ticks_add, ticks_diff

if TYPE_CHECKING:
    from typing import Protocol

    class Dialogue(Protocol):
        """What engines/gm65.py, m3y.py and ssi.py have in common."""

        KIND: int
        model: str
        version: str
        aim: "bool | None"
        as_wanted: bool
        packets_only: bool
        changes: int

        def ask(self) -> "bytes | None":
            """The command that waits for its answer."""

        def answer(self, __frame: memoryview, __now_ms: int) -> bool:
            """Whether this frame answers it."""

        def skip(self) -> None:
            """The question stays without an answer."""

        def beat(self) -> None:
            """Ask for a sign of life."""

        def told(self, __identified: bool) -> bool:
            """A scan came, with or without an AIM identifier; whether that is a surprise."""

        def disturbed(self, __now_ms: int) -> bool:
            """Noise came between frames; whether that was taken note of."""


_ROOM = "gatescan.drivers.engines."
FACTORY_BAUD = const(9600)
FAST_BAUD = const(115200)
_PAUSE_MS = const(1000)  # between two rounds, doubled up to
_PAUSE_MAX_MS = const(8000)
_PAUSE_PLAIN_MS = const(60_000)  # where scans come in from one who knows no commands
_LEAST_BYTES = const(8)  # fewer are noise, not a scan at another speed
# Kind and speed, most likely first: 9600 is every factory's setting, and the speed at which an
# engine without commands is heard.
_STEPS = (
    (frames.GM65, FACTORY_BAUD),
    (frames.M3Y, FACTORY_BAUD),
    (frames.SSI, FACTORY_BAUD),
    (frames.GM65, FAST_BAUD),
    (frames.SSI, FAST_BAUD),
    (frames.M3Y, 57600),
)
# What each kind is asked: the first question of its dialogue
_QUESTIONS = {
    frames.GM65: b"\x7e\x00\x07\x01\x00\xe0\x06\x61\x14",
    frames.M3Y: b"\x5a\x00\x00\x0aT_OUT_CVER\x12\xa5",
    frames.SSI: b"\x04\xa3\x04\x00\xff\x55",
}


def question(kind: int) -> bytes:
    """The command that makes an engine of `kind` say what it is."""
    return _QUESTIONS[kind]


class EngineProbe:
    """Searches in rounds: `next` gives kind and speed to ask, None at the end of a round."""

    def __init__(self, any_baud: bool) -> None:
        """`any_baud`: the speed of the line can be changed."""
        self._any_baud = any_baud
        self.home = FACTORY_BAUD  # where an engine that only sends is listened to
        self.plain = 0  # lines that came while no engine answered
        self.rounds = 0
        self._plain_before = 0
        self._heard = 0  # bytes at the speed of `home`
        self._heard_before = 0
        self._at = 0
        self._first: tuple[int, int] | None = None
        self.due_ms: int | None = None  # the next round; None: now
        self._pause_ms = _PAUSE_MS

    def begin(self, first: "tuple[int, int]") -> None:
        """An engine fell silent: search now, and ask for the same one first."""
        self._first = first
        self._at = 0
        self.home = FACTORY_BAUD
        self.plain = self._plain_before = 0
        self._heard_before = self._heard
        self.due_ms = None
        self._pause_ms = _PAUSE_MS

    def hear(self, count: int, baud: int) -> None:
        """Bytes came at this speed."""
        if baud == self.home:
            self._heard += count

    def line(self, baud: int) -> None:
        """A scan came, at this speed, while no engine answers."""
        self.plain += 1
        self.home = baud

    def due(self, now_ms: int) -> bool:
        """Whether to ask: amid a round, after the pause, or when bytes come that are no lines."""
        if self.due_ms is None or ticks_diff(now_ms, self.due_ms) >= 0:
            return True
        return not self.plain and self._heard - self._heard_before >= _LEAST_BYTES

    def next(self) -> "tuple[int, int] | None":
        """The next step; after None the round is to be ended."""
        self.due_ms = None
        if self._first is not None:
            first, self._first = self._first, None
            return first
        only_baud = self._only_baud()
        while self._at < len(_STEPS):
            step = _STEPS[self._at]
            self._at += 1
            if only_baud in (0, step[1]):
                return step
        return None

    def end(self, now_ms: int) -> None:
        """The round is over and nobody has answered: listen at `home` until the next one."""
        odd = self._heard - self._heard_before >= _LEAST_BYTES
        if odd and self.plain == self._plain_before and self._any_baud:
            # Something sends, but no lines: noise, or at another speed if it never sent any.
            if not self.plain:
                self.home = FAST_BAUD if self.home == FACTORY_BAUD else FACTORY_BAUD
            self.plain = 0
        self._heard_before = self._heard
        self._plain_before = self.plain
        self.rounds += 1
        self._at = 0
        self._pause_ms = min(self._pause_ms, _PAUSE_PLAIN_MS if self.plain else _PAUSE_MAX_MS)
        self.due_ms = ticks_add(now_ms, self._pause_ms)
        self._pause_ms *= 2

    def _only_baud(self) -> int:
        """The speed to search at, 0 for all: where scans come in, nothing else is tried."""
        return self.home if self.plain or not self._any_baud else 0


def dialogue(kind: int, host: "frames.Host") -> "Dialogue":
    """A new dialogue with an engine of `kind`; its module is known only to this object."""
    found: Dialogue
    if kind == frames.GM65:
        from gatescan.drivers.engines.gm65 import Gm65

        found = Gm65(host)
        _forget(_ROOM + "gm65", _ROOM + "gm65_frame")
    elif kind == frames.M3Y:
        from gatescan.drivers.engines.m3y import M3y

        found = M3y(host)
        _forget(_ROOM + "m3y")
    else:
        from gatescan.drivers.engines.ssi import Ssi

        found = Ssi(host)
        _forget(_ROOM + "ssi", _ROOM + "m3y", "gatescan.core.frames.ssi_frame")
    return found


def _forget(*rooms: str) -> None:
    for room in rooms:
        package, _, name = room.rpartition(".")
        sys.modules.pop(room, None)
        parent = sys.modules.get(package)
        if hasattr(parent, name):
            delattr(parent, name)
