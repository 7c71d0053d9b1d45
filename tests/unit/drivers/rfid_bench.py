"""For tests: makes the simulated RFID parts importable, and lets drivers run in made-up time."""

import random
import sys
import unittest

from gatescan.drivers.ticks import ticks_add

sys.path.insert(0, __file__.rsplit("tests", 1)[0] + "boards/simulator")

START = ticks_add(0, -700)  # the ticks wrap in every test


class Bench:
    """Ticks a reader every `step_ms` and collects what it tells."""

    def __init__(self, reader, step_ms=5):
        self.reader = reader
        self.step_ms = step_ms
        self.t = START
        self.seen = []

    def run(self, ms):
        """Let time pass; the sightings in it."""
        seen = []
        for _ in range(ms // self.step_ms):
            self.reader.tick(self.t)
            while True:
                sighting = self.reader.take()
                if sighting is None:
                    break
                seen.append(sighting)
            self.t = ticks_add(self.t, self.step_ms)
        self.seen.extend(seen)
        return seen

    def start(self, ms=400):
        """Let the reader come up, then switch its field on."""
        self.run(ms)
        self.reader.field(True, self.t)


class ReaderCase(unittest.TestCase):
    """What is expected of every reader; `setUp` of a subclass makes `reader` and its `bench`."""

    def expect_field_rests(self, air, most):
        """The field is switched again and again, and on at fewer than `most` of 200 looks."""
        on = 0
        for _ in range(200):
            self.bench.run(5)
            on += air.on
        self.assertGreater(air.switched, 8)
        self.assertLess(on, most)

    def expect_two_then_one(self, near, gone, uid, ms):
        """Of two tags near it none is told in `ms`; when `gone` is, the other one, `uid`, is."""
        self.assertEqual(self.bench.run(ms), [])
        self.assertTrue(self.reader.several)
        near.take_away(gone)
        self.assertEqual([s.uid for s in self.bench.run(ms)], [uid])
        self.assertFalse(self.reader.several)

    def expect_return(self, sim, silent_ms, ready_ms):
        """Without its plug it is silent and seldom reset; with it, it is ready again."""
        sim.unplug("out")
        self.bench.run(silent_ms)
        self.assertEqual(self.reader.state, "silent")
        resets = sim.resets
        self.bench.run(60000)
        self.assertLess(sim.resets - resets, 9)
        sim.unplug("in")
        self.bench.run(ready_ms)
        self.assertEqual(self.reader.state, "ready")


class FramesCase(unittest.TestCase):
    """What is expected of the frames of every reader."""

    def expect_same_in_pieces(self, parsed, stream, count):
        """`parsed(stream, cuts)` finds `count` frames, wherever the stream is cut."""
        whole = parsed(stream)
        self.assertEqual(len(whole), count)
        self.assertEqual(parsed(stream, range(1, len(stream))), whole)
        for seed in range(40):
            random.seed(seed)
            cuts = sorted([random.randrange(len(stream)) for _ in range(random.randrange(9))])
            self.assertEqual(parsed(stream, cuts), whole, seed)


def frames_of(finder, stream, cuts=()):
    """What `finder` takes from a stream that comes in pieces; a frame is good until the next."""
    at = 0
    for cut in list(cuts) + [len(stream)]:
        while at < cut:
            at = finder.feed(stream, at, cut)
            while True:
                frame = finder.take()
                if frame is None:
                    break
                yield frame


def ndef_uri(text, prefix=0x04):
    """A short NDEF record with a URI."""
    payload = bytes((prefix,)) + text.encode()
    return b"\xd1\x01" + bytes((len(payload),)) + b"U" + payload
