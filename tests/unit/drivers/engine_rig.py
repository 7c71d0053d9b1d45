"""A barcode engine's driver and a simulated engine on one clock, for the tests of drivers."""

import sys

sys.path.append(__file__.rpartition("/tests/")[0] + "/boards/simulator")

from gatescan.drivers.barcode_line import LineAssembler
from gatescan.drivers.engines.engine import BarcodeEngine
from gatescan.drivers.engines.splitter import Splitter
from gatescan.drivers.ticks import ticks_add

EAN = b"5901234123457"
START = ticks_add(0, -700)  # the ticks wrap soon


class Rig:
    """`play` lets time pass as the firmware does it: a tick every few ms, scans taken."""

    def __init__(self, make, fixed_baud=False, **options):
        self.t = START
        self.sim = make(now=lambda: self.t, **options)
        self.engine = BarcodeEngine(self.sim, None if fixed_baud else self.sim.set_baud)
        self.seen = []

    def play(self, ms, step_ms=5):
        """Let `ms` pass; the scans taken meanwhile."""
        before = len(self.seen)
        for _ in range(0, ms, step_ms):
            self.t = ticks_add(self.t, step_ms)
            self.engine.tick(self.t)
            line = self.engine.take(self.t)
            if line is not None:
                self.seen.append(line)
        return self.seen[before:]

    def until_ready(self, most_ms=60000):
        """Let time pass until the engine is set up; how long it took."""
        for ms in range(0, most_ms, 50):
            self.play(50)
            if self.engine.state == "ready" and self.engine.health["aim"] is not None:
                return ms
            if self.engine.state == "ready" and self.engine.model != "line":
                return ms
        raise AssertionError("not ready: %r" % (self.engine.health,))

    def scan(self, text, aim=""):
        """Hold a code before the engine; the scans taken."""
        self.sim.scan(text, aim)
        return self.play(60)

    @property
    def noise(self):
        lines = self.engine.lines
        return lines.garbage + lines.overlong + lines.half + lines.dropped + self.engine.bursts


def flips(good):
    """Each bit of `good` by its number, and a copy in which it is changed."""
    for bit in range(8 * len(good)):
        bad = bytearray(good)
        bad[bit // 8] ^= 1 << bit % 8
        yield bit, bad


class Split:
    """A splitter with what came out of it."""

    def __init__(self, kind=0, asked=True):
        self.lines = LineAssembler()
        self.frames = []
        self.splitter = Splitter(self.lines, lambda kind, frame: self.frames.append(bytes(frame)))
        self.splitter.kind = kind
        self.splitter.asked = asked
        self.codes = []

    def feed(self, data, t):
        self.splitter.feed(data, len(data), t)
        self.take()

    def take(self):
        line = self.lines.take()
        while line is not None:
            self.codes.append(line)
            line = self.lines.take()

    def end(self, t):
        self.splitter.tick(ticks_add(t, 31))
        self.take()
