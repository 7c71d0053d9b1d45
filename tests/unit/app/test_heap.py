"""Tidying the heap: nothing in use is lost, a full heap is no fault, the threshold comes back."""

import gc
import unittest

from gatescan.app import heap

try:
    from uctypes import addressof
except ImportError:
    addressof = None  # CPython


class TestHeap(unittest.TestCase):
    def setUp(self):
        if addressof is None:
            self.skipTest("CPython's heap is another one; MicroPython runs this test.")

    def test_what_is_in_use_stays(self):
        kept = [bytes((n,)) * 20 for n in range(100)]
        for _ in range(3):
            heap.tidy()
        self.assertEqual(kept, [bytes((n,)) * 20 for n in range(100)])

    def test_the_next_objects_lie_behind_the_holes(self):
        pieces = [bytearray(24) for _ in range(400)]
        pieces = pieces[::2]  # every other one becomes a hole
        lowest = addressof(pieces[0])
        gc.collect()
        in_a_hole = id((None,))
        heap.tidy()
        behind = id((pieces,))
        self.assertTrue(in_a_hole < addressof(pieces[-1]), (lowest, in_a_hole))
        self.assertTrue(behind > in_a_hole)

    def test_tidying_itself_leaves_no_hole(self):
        pieces = [bytearray(24) for _ in range(400)]
        # Now and then a hole that the frame of a larger function fits in.
        pieces = [pieces[n] for n in range(400) if n % 2 or n % 50 < 20]
        heap.tidy()
        large = bytearray(100)
        last = addressof(pieces[-1])
        self.assertTrue(addressof(large) > last, (addressof(large), last))

    def test_a_full_heap_is_no_fault(self):
        hold = []
        try:
            while True:
                hold.append(bytearray(2000))
        except MemoryError:
            pass
        heap.tidy()
        full = len(hold)
        del hold
        self.assertTrue(full > 5)
        heap.tidy()

    def test_the_threshold_comes_back(self):
        gc.threshold(20_000)

        def broken():
            raise ValueError("broken")

        got = heap.low(lambda a, b: (a, b, gc.threshold() < 20_000), 1, 2)
        self.assertEqual(got, (1, 2, True))
        self.assertEqual(gc.threshold(), 20_000)
        with self.assertRaises(ValueError):
            heap.low(broken)
        self.assertEqual(gc.threshold(), 20_000)
