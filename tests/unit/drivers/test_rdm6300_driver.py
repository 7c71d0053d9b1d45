"""RDM6300: a card is two equal frames, reported once while it lies there."""

import random
import unittest

from gatescan.drivers.rdm6300 import Rdm6300
from gatescan.drivers.ticks import ticks_add
from unit.drivers.uart_wire import Wire

START = ticks_add(0, -250)
CARD = 0x61008EB2F9  # printed 0009351929
OTHER = 0x0414CD7E00


def frame(card):
    data = [card >> shift & 0xFF for shift in (32, 24, 16, 8, 0)]
    check = 0
    for byte in data:
        check ^= byte
    return b"\x02" + b"".join(b"%02X" % byte for byte in data) + b"%02X" % check + b"\x03"


class TestRdm6300(unittest.TestCase):
    def setUp(self):
        self.wire = Wire()
        self.reader = Rdm6300(self.wire)
        self.t = START

    def play(self, *parts):
        """Each part: bytes that arrive at once, then 65 ms pass; None: just 65 ms."""
        seen = []
        for part in parts:
            self.wire.waiting += part or b""
            self.reader.tick(self.t)
            card = self.reader.take()
            if card is not None:
                seen.append(card)
            self.t = ticks_add(self.t, 65)
        return seen

    def test_frame_is_the_published_one(self):
        self.assertEqual(frame(CARD), b"\x0261008EB2F9A4\x03")

    def test_one_frame_is_no_card(self):
        self.assertEqual(self.play(frame(CARD), None, None, None, None), [])
        self.assertEqual(self.reader.unconfirmed, 1)

    def test_two_equal_frames_are_a_card_reported_once(self):
        self.assertEqual(self.play(*[frame(CARD)] * 40), [CARD])
        self.assertEqual(self.reader.present, CARD)

    def test_the_second_frame_must_come_in_time(self):
        self.assertEqual(self.play(frame(CARD), None, None, None, frame(CARD)), [])
        self.assertEqual(self.play(frame(CARD)), [CARD])

    def test_ghosts_between_frames(self):
        ghosts = [frame(0x7DDFFDDF00 + k) for k in range(9)]
        self.assertEqual(self.play(*ghosts), [])
        self.assertEqual(self.play(frame(CARD), ghosts[0], frame(CARD), frame(CARD)), [CARD])
        self.assertEqual(self.play(ghosts[1], frame(CARD), ghosts[2], frame(CARD)), [])
        self.assertEqual(self.reader.present, CARD)

    def test_taken_away_and_laid_on_again_is_reported_again(self):
        self.assertEqual(self.play(frame(CARD), frame(CARD)), [CARD])
        self.play(*[None] * 6)
        self.assertIsNone(self.reader.present)
        self.assertEqual(self.play(frame(CARD), frame(CARD)), [CARD])

    def test_a_short_gap_is_still_the_same_presence(self):
        self.assertEqual(
            self.play(frame(CARD), frame(CARD), None, None, None, frame(CARD)), [CARD]
        )

    def test_another_card_is_reported_at_once(self):
        seen = self.play(frame(CARD), frame(CARD), frame(OTHER), frame(OTHER), frame(OTHER))
        self.assertEqual(seen, [CARD, OTHER])

    def test_a_busy_program_is_not_absence(self):
        self.assertEqual(self.play(frame(CARD), frame(CARD)), [CARD])
        self.t = ticks_add(self.t, 450)  # one flash erase of the slow kind
        self.assertEqual(self.play(frame(CARD), frame(CARD), frame(CARD)), [])
        self.t = ticks_add(self.t, 450)
        self.play(*[None] * 9)
        self.assertIsNone(self.reader.present)

    def test_random_splits_and_noise_never_invent_a_card(self):
        for seed in range(20):
            random.seed(seed)
            self.setUp()
            stream = b""
            for _ in range(6):
                noise = bytes(random.randrange(256) for _ in range(random.randrange(12)))
                stream += noise + frame(CARD) + frame(CARD)
            seen = []
            while stream:
                n = random.randrange(1, 9)
                self.wire.waiting = stream[:n]
                stream = stream[n:]
                self.reader.tick(self.t)
                card = self.reader.take()
                if card is not None:
                    seen.append(card)
                self.t = ticks_add(self.t, 8)
            self.assertEqual(seen, [CARD], seed)

    def test_time_of_the_confirmation(self):
        self.play(frame(CARD))
        self.wire.waiting = frame(CARD)
        self.reader.tick(self.t)
        self.reader.take()
        self.assertEqual(self.reader.taken_ms, self.t)
