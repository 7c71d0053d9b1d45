"""The facts vector and its names."""

import unittest

from gatescan.core.law import fact_names, facts


class TestFacts(unittest.TestCase):
    def test_every_number_has_a_name(self):
        self.assertEqual(len(fact_names.FACTS), facts.FACTS)
        self.assertEqual(fact_names.index_of("policy.disc_local"), facts.F_POLICY_DISC_LOCAL)
        self.assertEqual(fact_names.index_of("permission.by"), facts.F_PERMISSION_BY)
        self.assertEqual(fact_names.index_of("months"), facts.F_MONTHS)
        self.assertEqual(fact_names.index_of("no_such_fact"), -1)

    def test_a_bitmap_has_the_bit_of_each_number(self):
        self.assertEqual(facts.bitmap([]), b"\x00\x00\x00\x00\x00")
        self.assertEqual(facts.bitmap([0, 9, 33]), b"\x01\x02\x00\x00\x02")
        self.assertRaises(ValueError, facts.bitmap, [40])
        self.assertRaises(ValueError, facts.bitmap, [-1])

    def test_the_place_and_the_item_must_be_set(self):
        vector = facts.defaults()
        self.assertEqual(len(vector), facts.FACTS)
        for fact in (facts.F_INSTITUTION, facts.F_CHANNEL, facts.F_CATEGORY):
            self.assertIsNone(vector[fact])

    def test_an_offline_inmate_is_unknown(self):
        vector = facts.defaults()
        facts.forget_inmate(vector)
        for fact in facts.INMATE_FACTS:
            self.assertIsNone(vector[fact])
        self.assertEqual(vector[facts.F_QTY], 1)
