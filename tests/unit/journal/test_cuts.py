"""The power goes at any moment of a journal's life: nothing that was acknowledged is lost."""

import gc
import random
import unittest

from gatescan.core.journal import record, segments
from unit.journal.cuts import MOST, Survivor
from unit.journal.journals import DEVICE, fill, opened, prepared, sentence
from unit.journal.memory_flash import MemoryFlash, PowerCut

ROUNDS = 12
COUNTS = {"append": (1, 3, 20, 300), "prepare": (20,)}
WORK = ("append", "append", "append", "prepare", "acknowledge", "make_room", "restart")
STEPS = 25


class _Torn:
    """`writeblocks` until so many bytes have arrived."""

    def __init__(self, program, left):
        self.program, self.left = program, left

    def __call__(self, block, buf, offset):
        data = bytearray(buf)
        for at in range(len(data)):
            if data[at] != 0xFF:
                self.left -= 1
                if self.left < 0:
                    data[at] = 0xFF
        self.program(block, data, offset)
        if self.left < 0:
            raise PowerCut(5)


class TestAnyCut(unittest.TestCase):
    def tearDown(self):
        gc.collect()

    def test_in_every_operation_from_nothing_to_the_second_segment(self):
        """Making, the first event, events over page and block, preparing, acknowledging."""
        cut = 0
        while True:
            cut += 1
            flash = MemoryFlash(30, seed=cut)
            done = 0
            flash.cut_in = cut
            journal = None
            try:
                journal = opened(flash)
                for count in (3, 84, 2):
                    for _ in range(count):
                        fill(journal, 1)
                        done += 1
                    prepared(journal)
                    journal.acknowledge(done)
            except PowerCut:
                pass
            if not flash.dead:
                break
            flash.power_on()
            journal = opened(flash)
            self.assertIn(journal.head.seq - done, (0, 1), cut)
            self.assertIsNone(sentence(journal), cut)
            fill(journal, 2)
            prepared(journal)
            journal = opened(flash)
            self.assertIsNone(sentence(journal), cut)
            self.assertEqual(journal.torn_bytes, 0, cut)
            for name in flash.files:
                self.assertIn(name[0], "ja", cut)
        self.assertGreater(cut, 120)

    def test_at_every_byte_of_a_record(self):
        """The same object recovers as well, without a restart."""
        for before in (0, 1, 4, 5, 83, 84):
            for kept in range(0, 49, 3 if before else 1):
                flash = MemoryFlash(30)
                journal = opened(flash)
                prepared(journal)
                fill(journal, before)
                program = flash.writeblocks
                flash.writeblocks = _Torn(program, kept + (0 if before else 28))
                try:
                    journal.append(record.JK_SCAN, tick_ms=0x01010101)
                    whole = 1
                except PowerCut:
                    whole = 0
                flash.writeblocks = program
                fill(journal, 2)
                self.assertEqual(journal.head.seq, before + whole + 2)
                self.assertIsNone(sentence(journal))
                journal = opened(flash)
                self.assertEqual(journal.head.seq, before + whole + 2)
                self.assertIsNone(sentence(journal))

    def test_at_random_over_a_long_life(self):
        for round_ in range(ROUNDS):
            seed = 1000 + round_
            random.seed(seed)
            life = Survivor(40 if round_ % 3 else 20, seed)
            steps = []
            for _ in range(STEPS):
                what = random.choice(WORK)
                count = random.choice(COUNTS.get(what, (1, 2)))
                at_random = random.randrange(1, 40), random.randrange(1, 400)
                cut = random.choice((0, 1, 2, 5) + at_random)
                steps.append((what, count, cut))
                try:
                    life.step(*steps[-1])
                except AssertionError:
                    print("seed", seed, "steps", steps)
                    raise
            self.assertLess(len(life.flash.files), MOST + 4)
            gc.collect()


class TestFlashThatFails(unittest.TestCase):
    def test_a_place_that_does_not_take_its_bits_is_left_behind(self):
        flash = MemoryFlash()
        journal = segments.Journal(flash, flash, DEVICE, 4)
        fill(journal, 7)
        program = flash.writeblocks

        def weak(block, buf, offset):
            data = bytearray(buf)
            for at in range(256):
                data[at] |= 0x10
            program(block, data, offset)

        flash.writeblocks = weak
        with self.assertRaises(OSError):
            fill(journal, 1)
        flash.writeblocks = program
        fill(journal, 3)
        self.assertEqual(journal.head.seq, 10)
        self.assertIsNone(sentence(opened(flash)))
