"""Line engines: whole codes only, however the bytes fall."""

import random
import unittest

from gatescan.drivers.barcode_line import MAX_LINE_BYTES, BarcodeLine, LineAssembler
from gatescan.drivers.ticks import ticks_add
from unit.drivers.uart_wire import Wire

START = ticks_add(0, -300)


def take_all(lines):
    out = []
    while True:
        line = lines.take()
        if line is None:
            return out
        out.append(line)


class TestLines(unittest.TestCase):
    def setUp(self):
        self.lines = LineAssembler()

    def feed(self, data, now=START):
        self.lines.feed(data, len(data), now)

    def test_cr_lf_and_both_end_a_line(self):
        self.feed(b"5901234123457\r96385074\n]d20104\x1d21A\r\n\r\n\n")
        self.assertEqual(take_all(self.lines), [b"5901234123457", b"96385074", b"]d20104\x1d21A"])
        self.assertEqual(self.lines.received, 3)

    def test_one_byte_at_a_time(self):
        for byte in b"5901234123457\r":
            self.feed(bytes([byte]))
        self.assertEqual(take_all(self.lines), [b"5901234123457"])

    def test_random_splits_give_the_same_lines(self):
        codes = [b"%d" % (10**12 + k * 7919) for k in range(40)]
        stream = b"".join(code + (b"\r", b"\n", b"\r\n")[k % 3] for k, code in enumerate(codes))
        for seed in range(20):
            random.seed(seed)
            lines = LineAssembler()
            got = []
            at = 0
            while at < len(stream):
                n = random.randrange(1, 25)
                part = stream[at : at + n]
                lines.feed(part, len(part), START)
                got += take_all(lines)
                at += n
            self.assertEqual(got, codes, seed)

    def test_time_of_the_last_byte(self):
        self.feed(b"123", START)
        self.feed(b"4\r", ticks_add(START, 40))
        self.feed(b"99\r", ticks_add(START, 400))
        self.lines.take()
        self.assertEqual(self.lines.taken_ms, ticks_add(START, 40))
        self.lines.take()
        self.assertEqual(self.lines.taken_ms, ticks_add(START, 400))

    def test_a_half_line_is_dropped_and_counted(self):
        self.feed(b"59012341", START)
        self.feed(b"23457\r", ticks_add(START, 501))
        self.assertEqual(take_all(self.lines), [b"23457"])
        self.assertEqual(self.lines.half, 1)
        self.feed(b"59012341", ticks_add(START, 600))
        self.lines.tick(ticks_add(START, 1100))
        self.assertEqual(self.lines.half, 1)
        self.lines.tick(ticks_add(START, 1101))
        self.assertEqual(self.lines.half, 2)
        self.feed(b"\r", ticks_add(START, 1102))
        self.assertEqual(take_all(self.lines), [])

    def test_longest_and_overlong(self):
        self.feed(b"7" * MAX_LINE_BYTES + b"\r")
        self.feed(b"8" * (MAX_LINE_BYTES + 1) + b"\r")
        self.feed(b"9" * 5000 + b"\r1\r")
        self.assertEqual(take_all(self.lines), [b"7" * MAX_LINE_BYTES, b"1"])
        self.assertEqual(self.lines.overlong, 2)

    def test_noise_before_a_line_is_skipped_noise_inside_spoils_it(self):
        self.feed(b"\x00\x00\x0096385074\r")
        self.assertEqual(take_all(self.lines), [b"96385074"])
        self.feed(b"9638\x005074\r5901\x7f\r11\x1b2\r33\r")
        self.assertEqual(take_all(self.lines), [b"33"])
        self.assertEqual(self.lines.garbage, 6)

    def test_the_queue_is_bounded_and_keeps_the_oldest(self):
        self.feed(b"1\r2\r3\r4\r5\r6\r")
        self.assertEqual(self.lines.waiting(), 4)
        self.assertEqual(self.lines.dropped, 2)
        self.assertEqual(take_all(self.lines), [b"1", b"2", b"3", b"4"])
        self.feed(b"7\r")
        self.assertEqual(take_all(self.lines), [b"7"])

    def test_garbage_never_raises_and_lines_stay_clean(self):
        for seed in range(60):
            random.seed(seed)
            lines = LineAssembler()
            now = START
            for _ in range(30):
                data = bytes(random.randrange(256) for _ in range(random.randrange(80)))
                now = ticks_add(now, random.randrange(700))
                lines.feed(data, len(data), now)
                for line in take_all(lines):
                    self.assertTrue(0 < len(line) <= MAX_LINE_BYTES)
                    self.assertFalse(any(b in b"\x00\r\n\x7f" for b in line))
            lines.feed(b"\r96385074\r", 10, now)
            self.assertEqual(take_all(lines)[-1], b"96385074")


class TestBarcodeLine(unittest.TestCase):
    def test_reads_what_the_uart_has(self):
        wire = Wire()
        engine = BarcodeLine(wire)
        engine.tick(START)
        self.assertIsNone(engine.take(START))
        wire.waiting = b"A" * MAX_LINE_BYTES + b"\r\n"
        engine.tick(START)
        self.assertIsNone(engine.take(ticks_add(START, 9)))  # more may come
        self.assertEqual(engine.take(ticks_add(START, 10)), b"A" * MAX_LINE_BYTES)
        wire.waiting = b"half"
        engine.tick(START)
        engine.tick(ticks_add(START, 501))
        self.assertEqual(engine.lines.half, 1)

    def test_a_code_with_line_ends_inside_is_no_scan_at_all(self):
        for text in (b"CARD\rSEAL\rCARD\r", b"FOR-VISITOR\r5901041003003\r", b"A\rhalf of more"):
            wire = Wire()
            engine = BarcodeLine(wire)
            for i in range(len(text)):  # as they come at 9600 baud, a byte a millisecond
                wire.waiting = text[i : i + 1]
                engine.tick(ticks_add(START, i))
                self.assertIsNone(engine.take(ticks_add(START, i)))
            later = ticks_add(START, len(text) + 10)
            engine.tick(later)
            self.assertIsNone(engine.take(later))
            self.assertEqual(engine.bursts, 1)

    def test_after_a_burst_the_next_scan_counts(self):
        wire = Wire()
        engine = BarcodeLine(wire)
        wire.waiting = b"A\rB\rrest"
        engine.tick(START)
        self.assertIsNone(engine.take(ticks_add(START, 20)))
        wire.waiting = b" of the burst\r"
        engine.tick(ticks_add(START, 30))
        self.assertIsNone(engine.take(ticks_add(START, 50)))
        wire.waiting = b"GOOD\r"
        engine.tick(ticks_add(START, 200))
        self.assertEqual(engine.take(ticks_add(START, 210)), b"GOOD")
