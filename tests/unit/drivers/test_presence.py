"""Presence: a tag is told once, and gone after two misses and 300 ms, whatever the others do."""

import unittest

from gatescan.drivers.rfid.presence import Presence
from gatescan.drivers.ticks import ticks_add

START = ticks_add(0, -150)  # the ticks wrap while a tag lies there
A = b"\x04\xa0\x35\xb2\xbc\x2b\x80"
B = b"\x04\xf2\x52\xb1\xec\x02\x80"


class TestPresence(unittest.TestCase):
    def setUp(self):
        self.presence = Presence()
        self.t = START

    def poll(self, *uids, step_ms=100):
        """One poll that saw these; the ones that were not present before."""
        new = [uid for uid in uids if self.presence.see(uid, self.t)]
        self.presence.swept(self.t)
        self.t = ticks_add(self.t, step_ms)
        return new

    def test_a_tag_is_new_once_while_it_lies_there(self):
        self.assertEqual(self.poll(A), [A])
        for _ in range(30):
            self.assertEqual(self.poll(A), [])
        self.assertIsNone(self.presence.removed())

    def test_every_other_poll_missed_is_still_the_same_presence(self):
        self.poll(A)
        for _ in range(20):
            self.assertEqual(self.poll(), [])
            self.assertEqual(self.poll(A), [])
        self.assertIsNone(self.presence.removed())

    def test_gone_needs_two_misses(self):
        self.poll(A, step_ms=5000)
        self.poll()
        self.assertEqual(self.presence.uids, (A,))
        self.poll()
        self.assertEqual(self.presence.uids, ())
        self.assertEqual(self.presence.removed(), A)
        self.assertIsNone(self.presence.removed())

    def test_gone_needs_300_ms(self):
        self.poll(A, step_ms=10)
        for _ in range(29):
            self.poll(step_ms=10)
            self.assertEqual(self.presence.count, 1)
        self.poll(step_ms=10)
        self.assertEqual(self.presence.count, 0)

    def test_time_without_a_poll_is_not_absence(self):
        self.poll(A, step_ms=100000)
        self.assertEqual(self.poll(A), [])

    def test_laid_on_again_is_new_again(self):
        self.poll(A)
        self.assertTrue(self.presence.tell(A))
        for _ in range(4):
            self.poll()
        self.assertFalse(self.presence.told(A))
        self.assertEqual(self.poll(A), [A])
        self.assertTrue(self.presence.tell(A))

    def test_another_tag_is_new_at_once(self):
        self.poll(A)
        self.assertEqual(self.poll(B), [B])
        self.assertEqual(self.poll(A), [])  # the first was still present
        self.assertEqual(self.poll(B), [])

    def test_each_is_told_once(self):
        self.poll(A, B)
        self.assertEqual([self.presence.tell(uid) for uid in (A, A, B, B)],
                         [True, False, True, False])  # fmt: skip
        self.assertFalse(self.presence.tell(b"absent"))

    def test_room_is_bounded(self):
        tags = [bytes((i, 1, 2, 3)) for i in range(9)]
        for _ in range(50):
            self.poll(*tags)
        self.assertEqual(self.presence.count, 4)
        self.assertGreater(self.presence.overflow, 0)
        for _ in range(5):
            self.poll()
        self.assertEqual(self.presence.count, 0)
        for _ in range(20):  # nobody asks who was removed
            self.poll(*[bytes((i, 9, 2, 3)) for i in range(4)])
            for _ in range(4):
                self.poll()
        gone = 0
        while self.presence.removed() is not None:
            gone += 1
        self.assertEqual(gone, 4)
