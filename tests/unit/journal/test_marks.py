"""How far a host has stored the journal, in flash that tears."""

import unittest

from gatescan.core.journal import claim, marks, survey
from unit.journal.memory_flash import MemoryFlash, PowerCut


def found(flash):
    """The marks as a start finds them."""
    claims = claim.Claims(flash, flash)
    out = marks.Marks(claims)
    for name, size in flash.list():
        blocks = survey.blocks_of(claims, name, size, marks.PREFIX, marks.BLOCKS)
        if blocks:
            survey.add_marks(claims, out, blocks)
        else:
            flash.remove(name)  # what is left of one that was being made
    return out


class TestMarks(unittest.TestCase):
    def test_none(self):
        self.assertEqual(found(MemoryFlash()).seq, 0)
        self.assertTrue(found(MemoryFlash()).full)

    def test_the_last_one_counts_over_restarts_and_files(self):
        flash = MemoryFlash()
        one = found(flash)
        for seq in range(1, 1200):
            one.set(seq * 3)
            if seq % 100 in (3, 4, 8):
                one = found(flash)
            self.assertEqual(one.seq, seq * 3)
            self.assertEqual(len(flash.files), 1)
        self.assertTrue(flash.log.count("erase") <= 4)

    def test_a_cut_anywhere_leaves_the_mark_before_or_the_new_one(self):
        for count in (0, 1, 503, 504):
            for cut in range(1, 20):
                flash = MemoryFlash(seed=cut)
                one = found(flash)
                for seq in range(1, count + 1):
                    one.set(seq)
                flash.cut_in = cut
                try:
                    one.set(4095)
                    flash.cut_in = 0
                except PowerCut:
                    pass
                flash.power_on()
                again = found(flash)
                self.assertIn(again.seq, (count, 4095))
                again.set(5000)
                self.assertEqual((found(flash).seq, len(flash.files)), (5000, 1))
