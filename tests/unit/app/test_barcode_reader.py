"""The barcode reader of the gate: its engine is found, set up, left alone and found again."""

import sys
import unittest

from gatescan.app.barcode_reader import BarcodeReader
from gatescan.core.frames import engine_frames as frames
from gatescan.drivers.ticks import ticks_add
from unit.drivers.engine_rig import EAN, START

# isort: split
from sim_engine import SimEngine
from sim_gm65 import SimGm65, SimGm861
from sim_ssi import SimSsi

ROOMS = "gatescan.drivers.engines."


class Gate:
    """A reader with an engine at its line, and a clock."""

    def __init__(self, make, **options):
        self.t = START
        self.sim = make(now=lambda: self.t, **options)
        self.allowed = True
        self.reader = BarcodeReader(self.sim, lambda: self.allowed)

    def play(self, ms):
        lines = []
        for _ in range(ms // 5):
            self.t = ticks_add(self.t, 5)
            self.reader.tick(self.t)
            line = self.reader.take(self.t)
            if line is not None:
                lines.append(line)
        return lines

    def scan(self, text, aim="E0"):
        self.sim.scan(text, aim)
        return self.play(300)


def rooms():
    return [name for name in sys.modules if name.startswith(ROOMS)]


class TestBarcodeReader(unittest.TestCase):
    def setUp(self):
        for name in rooms():
            sys.modules.pop(name)

    def test_an_engine_is_found_set_up_and_left(self):
        gate = Gate(SimGm861)
        gate.play(1000)
        self.assertEqual(gate.reader.state, "probing")
        gate.play(6000)
        reader = gate.reader
        self.assertEqual((reader.kind, reader.state, reader.aim), (frames.GM65, "ready", True))
        self.assertTrue(reader.model)
        self.assertFalse(gate.sim.beeper)
        self.assertEqual(rooms(), [], "its code is gone")
        self.assertEqual(gate.scan(EAN), [b"]E0" + EAN])

    def test_scans_count_before_amid_and_after_the_search(self):
        gate = Gate(SimGm65)
        gate.play(8000)
        # The scanner restarts, the engine has kept its settings.
        gate.reader = BarcodeReader(gate.sim, lambda: True)
        seen = []
        for number in range(40):
            seen += gate.scan(b"VF-%06d" % number, "C0")
        self.assertEqual(seen, [b"VF-%06d" % number for number in range(40)])
        self.assertEqual(gate.reader.lines.received, 40)

    def test_content_of_an_engine_without_identifiers_has_none(self):
        gate = Gate(SimGm65)
        gate.play(8000)
        self.assertEqual(gate.reader.aim, False)
        self.assertEqual(gate.scan(b"]d2010590123412345710A", "Q1"),
                         [b"]X0]d2010590123412345710A"])  # fmt: skip

    def test_one_that_only_sends_is_left_in_peace(self):
        gate = Gate(SimEngine)
        gate.play(15000)
        self.assertEqual(gate.scan(EAN), [b"]E0" + EAN])
        self.assertEqual((gate.reader.kind, rooms()), (0, []))

    def test_a_silent_line_is_asked_again(self):
        gate = Gate(SimGm861)
        gate.sim.unplug()
        gate.play(20000)
        self.assertEqual(gate.reader.kind, 0)
        gate.sim.power_on()
        gate.play(90000)
        self.assertEqual(gate.reader.kind, frames.GM65)

    def test_noise_makes_it_look_again(self):
        gate = Gate(SimGm861)
        gate.play(8000)
        gate.sim.factory_reset()
        gate.play(1000)
        self.assertTrue(gate.sim.beeper)
        for _ in range(4):
            gate.reader.disturbed(gate.t)
        gate.play(8000)
        self.assertFalse(gate.sim.beeper)

    def test_packets_keep_their_driver(self):
        gate = Gate(SimSsi)
        gate.play(8000)
        self.assertEqual(gate.scan(EAN), [b"]E0" + EAN])
        gate.play(2000)
        self.assertEqual(gate.scan(EAN), [b"]E0" + EAN])

    def test_it_waits_while_a_host_speaks(self):
        gate = Gate(SimGm861)
        gate.allowed = False
        gate.play(8000)
        self.assertEqual((gate.reader.kind, rooms()), (0, []))
        gate.allowed = True
        gate.play(2000)
        gate.allowed = False
        gate.play(100)
        self.assertEqual(rooms(), [], "and makes room for it")
        gate.allowed = True
        gate.play(70000)
        self.assertEqual(gate.reader.kind, frames.GM65)
