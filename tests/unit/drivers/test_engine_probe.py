"""Finding the engine: every kind, none, one that only sends; scans are taken all the while."""

import random
import sys
import unittest

from gatescan.core.frames import engine_frames as frames
from gatescan.drivers.engines import probe
from gatescan.drivers.engines.engine import BarcodeEngine
from gatescan.drivers.ticks import ticks_add
from unit.drivers.engine_rig import EAN, START, Rig
from unit.drivers.uart_wire import Wire

# isort: split
import sim_engines
from sim_engine import SimEngine
from sim_gm65 import SimGm65, SimGm861
from sim_m3y import SimM3y
from sim_ssi import SimSsi


class TestSearch(unittest.TestCase):
    def test_the_questions_are_the_first_ones_of_the_dialogues(self):
        for kind in (frames.GM65, frames.M3Y, frames.SSI):
            self.assertEqual(probe.question(kind), probe.dialogue(kind, None).ask())

    def test_code_of_engines_that_are_not_there_is_not_loaded(self):
        rooms = ["gatescan.drivers.engines." + r for r in ("gm65", "m3y", "ssi")]
        rooms.append("gatescan.core.frames.ssi_frame")
        for room in rooms:
            sys.modules.pop(room, None)
        rig = Rig(SimEngine)
        seen = set()
        for _ in range(140):
            rig.play(50)
            seen.update(room for room in rooms if room in sys.modules)
        self.assertEqual(seen, set())

    def test_six_days_of_silence_do_not_end_the_search(self):
        rig = Rig(SimEngine)
        rig.play(7000)
        rig.scan(EAN)
        rig.sim.unplug()
        for _ in range(152):  # hours; the difference of ticks turns negative after 149
            rig.t = ticks_add(rig.t, 3_600_000)
            rig.engine.tick(rig.t)
        rig.sim = rig.engine.uart = SimGm861(now=lambda: rig.t)
        rig.engine._set_baud = rig.sim.set_baud
        rig.until_ready(100_000)

    def test_each_kind_is_found_and_no_other(self):
        for make, model in ((SimGm65, "GM65"), (SimGm861, "GROW 1E"), (SimM3y, "M3Y-W"),
                            (SimSsi, "SSI SE4500")):  # fmt: skip
            rig = Rig(make)
            rig.until_ready()
            self.assertEqual((rig.engine.model, rig.engine.state), (model, "ready"))
            self.assertTrue(rig.engine.heard > 0)

    def test_one_that_only_sends(self):
        rig = Rig(SimEngine)
        rig.play(7000)
        self.assertEqual((rig.engine.state, rig.engine.model), ("silent", ""))
        self.assertEqual(rig.scan(EAN, "E0"), [b"]E0" + EAN])
        self.assertEqual((rig.engine.state, rig.engine.model), ("ready", "line"))
        for _ in range(40):
            rig.play(1500)
            self.assertEqual(rig.scan(b"]d20109501101530003"), [b"]d20109501101530003"])
        self.assertEqual((rig.noise, rig.engine.baud), (0, 9600))

    def test_one_that_only_sends_from_its_first_moment_on(self):
        rig = Rig(SimEngine)
        rig.play(350)
        taken = []
        for _ in range(20):
            taken += rig.scan(EAN) + rig.play(45)
        self.assertEqual(taken, [EAN] * 20)
        self.assertEqual(rig.noise, 0)

    def test_one_that_only_sends_fast(self):
        rig = Rig(SimEngine, baud=115200)
        for _ in range(30):
            rig.play(1500)
            rig.scan(EAN)
        self.assertEqual(rig.scan(EAN), [EAN])
        self.assertEqual((rig.engine.baud, rig.engine.state), (115200, "ready"))

    def test_without_a_way_to_change_the_speed(self):
        rig = Rig(SimGm65, fixed_baud=True, baud=115200)
        rig.play(30000)
        self.assertEqual((rig.engine.state, rig.engine.baud), ("silent", 9600))
        slow = Rig(SimGm65, fixed_baud=True)
        slow.until_ready()

    def test_one_kind_in_the_place_of_another(self):
        rig = Rig(SimGm861)
        rig.until_ready()
        for make in (SimSsi, SimM3y, SimGm65, SimEngine, SimSsi):
            rig.engine.uart = rig.sim = make(now=lambda: rig.t)
            rig.engine._set_baud = rig.sim.set_baud
            rig.sim.line_baud = rig.engine.baud
            rig.play(60000)
            if make is not SimEngine:
                self.assertEqual(rig.engine.state, "ready", make.KIND)
            self.assertEqual(rig.scan(EAN, "E0")[-1][-13:], EAN, make.KIND)

    def test_an_engine_that_needs_long_to_start(self):
        for boot_ms in (0, 900, 3000, 9000):
            rig = Rig(SimGm861, boot_ms=boot_ms)
            rig.until_ready()
            self.assertEqual(rig.scan(EAN, "E0"), [b"]E0" + EAN])

    def test_a_line_joined_to_itself(self):
        """The wire of the self-test: our own commands come back and are no scans."""

        class Loop(Wire):
            def write(self, data):
                self.waiting += bytes(data)
                return len(data)

        wire = Loop()
        engine = BarcodeEngine(wire, lambda baud: None)
        t = START
        for _ in range(4000):
            t = ticks_add(t, 5)
            engine.tick(t)
            self.assertIsNone(engine.take(t))
        lines = engine.lines
        self.assertEqual(lines.garbage + lines.half + lines.overlong, 0)

    def test_garbage_never_raises_and_an_engine_is_found_after_it(self):
        for seed in range(6):
            random.seed(seed)
            rig = Rig(random.choice((SimGm861, SimSsi, SimM3y)))
            for _ in range(200):
                rig.sim._send(bytes(random.randrange(256) for _ in range(random.randrange(60))))
                rig.play(random.choice((5, 40, 700)))
            rig.play(2000)
            rig.until_ready()
            rig.play(6000)
            rig.seen = []
            rig.scan(EAN, "E0")
            rig.play(200)
            self.assertEqual(rig.seen[-1][-13:], EAN, seed)

    def test_a_bad_day_never_makes_another_code(self):
        """Plug, resets, lost commands and noise at random: every code taken was held before it."""
        noise = bytes(b for b in range(256) if not 32 <= b < 127 and b not in (10, 13))
        taken = 0
        for seed in range(8):
            random.seed(seed)
            rig = Rig((SimGm861, SimGm65, SimSsi, SimM3y)[seed % 4])
            held = set()
            for k in range(60):
                what = random.randrange(16)
                if what == 0:
                    rig.sim.unplug()
                    rig.play(random.choice((50, 6000)))
                    rig.sim.power_on()
                elif what == 1:
                    rig.sim.factory_reset()
                elif what == 2:
                    rig.sim.mute = random.randrange(4)
                elif what == 3:
                    rig.sim._send(bytes(random.choice(noise) for _ in range(random.randrange(9))))
                else:
                    code = b"%d" % (10**12 + k * 7919 + seed)
                    held.add(code)
                    rig.sim.scan(code, "E0")
                for line in rig.play(random.choice((20, 100, 1000))):
                    if line[:3] == b"]E0":
                        line = line[3:]
                    if all(48 <= byte <= 57 for byte in line):
                        self.assertTrue(line in held, (seed, k, line))
                        taken += 1
            rig.sim.mute = 0
            rig.play(3000)
            rig.until_ready(100_000)
        self.assertTrue(taken > 40, taken)

    def test_health_is_told(self):
        rig = Rig(SimGm861)
        rig.until_ready()
        health = rig.engine.health
        self.assertEqual((health["model"], health["state"]), ("GROW 1E", "ready"))
        self.assertEqual((health["as_wanted"], health["changes"], health["aim"]), (True, 4, True))


class TestWrap(unittest.TestCase):
    """The engine between the firmware and the host side of the simulator."""

    def test_lines_of_the_host_become_scans_by_the_engines_settings(self):
        rig = Rig(SimEngine)
        for kind, wanted in (("line", b"]E0" + EAN), ("gm65", EAN), ("gm861", b"]E0" + EAN),
                             ("ssi", b"]E0" + EAN), ("m3y", EAN)):  # fmt: skip
            wire = Wire()
            options = {} if kind == "line" else {"now": lambda: rig.t}
            uart = sim_engines.wrap(wire, kind, **options)
            rig.engine = BarcodeEngine(uart, getattr(uart, "set_baud", None))
            rig.play(8000)
            wire.waiting = b"]E0" + EAN + b"\r"
            self.assertEqual(rig.play(100), [wanted], kind)

    def test_another_kind_is_refused(self):
        with self.assertRaises(ValueError):
            sim_engines.wrap(Wire(), "laser")
