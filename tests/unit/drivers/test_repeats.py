"""Scans that come again: each code has its own window, weak ones need two looks."""

import random
import unittest

from gatescan.drivers.repeats import AGAIN, NEW, ONCE_MORE, Repeats, weak
from gatescan.drivers.ticks import ticks_add

START = ticks_add(0, -400)
EAN = b"]E05901234123457"
OTHER = b"]E00000096385074"
WEAK = b"]A0SEAL 17"


class TestRepeats(unittest.TestCase):
    def setUp(self):
        self.repeats = Repeats()

    def look(self, line, ms):
        return self.repeats.look(line, ticks_add(START, ms))

    def test_in_view_it_counts_once(self):
        seen = [self.look(EAN, ms) for ms in range(0, 9000, 700)]
        self.assertEqual(seen, [NEW] + [AGAIN] * 12)
        self.assertEqual(self.look(EAN, 8400 + 1501), NEW)

    def test_the_window_ends_where_it_says(self):
        self.assertEqual(self.look(EAN, 0), NEW)
        self.assertEqual(self.look(EAN, 1500), AGAIN)
        self.assertEqual(self.look(EAN, 3001), NEW)

    def test_another_code_counts_at_once(self):
        seen = [self.look(line, 10 * k) for k, line in enumerate([EAN, OTHER, EAN, OTHER, WEAK])]
        self.assertEqual(seen, [NEW, NEW, AGAIN, AGAIN, ONCE_MORE])

    def test_a_weak_code_counts_when_it_comes_again_in_time(self):
        self.assertEqual(self.look(WEAK, 0), ONCE_MORE)
        self.assertEqual(self.look(WEAK, 2000), NEW)
        self.assertEqual(self.look(WEAK, 3500), AGAIN)
        self.assertEqual(self.look(WEAK, 5001), ONCE_MORE)
        self.assertEqual(self.look(WEAK, 7002), ONCE_MORE)  # too late: the first of two again
        self.assertEqual(self.look(WEAK, 7100), NEW)

    def test_two_different_looks_are_no_confirmation(self):
        for k in range(40):
            self.assertEqual(self.look(b"]I0%06d" % k, 20 * k), ONCE_MORE)

    def test_which_codes_are_weak(self):
        for line in (b"]A0X", b"]A4X", b"]F0A12B", b"]H312", b"]M012", b"]P012", b"]R012",
                     b"]S012", b"]I0123456", b"]I1123456789012", b"]X0]E05901234123457", b"123456",
                     b"12345678901"):  # fmt: skip
            self.assertTrue(weak(line), line)
        for line in (EAN, b"]E496385074", b"]C0GSC", b"]C10109501101530003", b"]d20109", b"]Q1x",
                     b"]I115901234123454", b"]I015901234123454", b"]G0AB", b"]L0x", b"96385074",
                     b"590123412345", b"5901234123457", b"15901234123454", b"SEAL-17",
                     b"]"):  # fmt: skip
            self.assertFalse(weak(line), line)

    def test_memory_is_bounded_and_old_codes_leave_first(self):
        lines = [b"]C0CODE %d" % k for k in range(20)]
        for k, line in enumerate(lines):
            self.assertEqual(self.look(line, k), NEW)
        self.assertTrue(len(self.repeats._codes) <= 8)
        self.assertEqual(self.look(lines[-1], 30), AGAIN)
        self.assertEqual(self.look(lines[0], 31), NEW)

    def test_nothing_of_the_text_is_kept(self):
        self.look(b"]Q1A NAME", 0)
        self.assertFalse(any(b"NAME" in (entry[0] or b"") for entry in self.repeats._codes))

    def test_against_a_plain_model(self):
        """The same answers as a dictionary of times gives; fewer codes than are remembered."""
        for seed in range(20):
            random.seed(seed)
            repeats = Repeats()
            counted, pending = {}, {}
            now = 0
            for _ in range(300):
                now += random.choice((5, 300, 800, 1499, 1500, 1501, 2000, 2001))
                line = random.choice((EAN, OTHER, WEAK, b"]F0A1B"))
                if line in counted and now - counted[line] <= 1500:
                    wanted = AGAIN
                    counted[line] = now
                elif weak(line) and not (line in pending and now - pending[line] <= 2000):
                    wanted = ONCE_MORE
                    pending[line] = now
                else:
                    wanted = NEW
                    counted[line] = now
                    pending.pop(line, None)
                if wanted == ONCE_MORE:
                    counted.pop(line, None)
                self.assertEqual(repeats.look(line, ticks_add(START, now)), wanted, seed)
