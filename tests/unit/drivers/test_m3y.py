"""M3Y-W: frames with their check character, settings sent once, a scan at every trigger."""

import random
import unittest

from gatescan.core.frames import engine_frames as frames
from gatescan.drivers.engines import m3y
from unit.drivers.engine_rig import EAN, START, Rig, Split, flips

# isort: split
from sim_m3y import SimM3y, frame


class TestFrames(unittest.TestCase):
    def test_a_command(self):
        # bcc over length and command: 00 ^ 0A ^ "T_OUT_CVER"
        self.assertEqual(m3y.command(b"T_OUT_CVER"), b"\x5a\x00\x00\x0aT_OUT_CVER\x12\xa5")
        self.assertEqual(m3y.command(b"SR030301"), frame(0, b"SR030301"))

    def test_replies_between_scans_however_the_bytes_fall(self):
        answers = [frame(1, b"\x90\x00"), frame(1, b"V1.0.3"), frame(1, b"\x69\x85")]
        codes = [b"ZZ5A", b"5901234123457", b"Z"]
        stream = b"".join(a + c + b"\r" for a, c in zip(answers, codes))
        for seed in range(20):
            random.seed(seed)
            split = Split(frames.M3Y)
            at = 0
            while at < len(stream):
                count = random.choice((1, 2, 7))
                split.feed(stream[at : at + count], START)
                at += count
            split.end(START)
            self.assertEqual((split.codes, split.frames), (codes, answers), seed)

    def test_every_changed_bit_is_refused(self):
        for bit, bad in flips(frame(1, b"\x90\x00")):
            split = Split(frames.M3Y)
            split.feed(bad, START)
            split.end(START)
            self.assertEqual(split.frames, [], bit)


class TestEngine(unittest.TestCase):
    def test_from_the_factory_at_either_speed(self):
        for baud in (9600, 57600):
            rig = Rig(SimM3y, baud=baud)
            rig.until_ready()
            self.assertEqual((rig.engine.model, rig.engine.version), ("M3Y-W", "M3Y-W V1.2.3"))
            self.assertFalse(rig.sim.beeper or rig.sim.setup_codes)
            for _ in range(3):  # it reads on command: the next one comes by itself
                self.assertEqual(rig.scan(EAN, "E0"), [EAN])
            self.assertEqual((rig.sim.beeps, rig.noise), (0, 0))

    def test_what_is_printed_after_a_bracket_is_content(self):
        rig = Rig(SimM3y)
        rig.until_ready()
        self.assertEqual(rig.scan(b"]E0" + EAN, "Q1"), [b"]X0]E0" + EAN])

    def test_lost_replies_and_a_plug_pulled(self):
        for mute in range(1, 7):
            rig = Rig(SimM3y)
            rig.sim.mute = mute
            rig.until_ready()
            self.assertEqual(rig.scan(EAN), [EAN])
        rig.sim.unplug()
        rig.play(20000)
        self.assertEqual(rig.engine.state, "silent")
        rig.sim.power_on()
        rig.play(40000)
        self.assertEqual((rig.engine.state, rig.scan(EAN)), ("ready", [EAN]))
