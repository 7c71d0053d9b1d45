"""For tests: makes the simulated RFID parts importable, and lets drivers run in made-up time."""

import sys

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


def ndef_uri(text, prefix=0x04):
    """A short NDEF record with a URI."""
    payload = bytes((prefix,)) + text.encode()
    return b"\xd1\x01" + bytes((len(payload),)) + b"U" + payload
