"""The shim that both interpreters share."""

import unittest

from gatescan.core import codes
from gatescan.core.compat import TYPE_CHECKING, const
from gatescan.core.law import names


class TestCompat(unittest.TestCase):
    def test_const_gives_its_value_back(self):
        self.assertEqual(const(7), 7)

    def test_types_are_not_imported_at_run_time(self):
        self.assertFalse(TYPE_CHECKING)


class TestCodes(unittest.TestCase):
    def test_numbers_are_the_positions_of_the_names(self):
        self.assertEqual(names.VERDICTS[codes.V_REFUSE_AND_REPORT], "refuse_and_report")
        self.assertEqual(names.CHANNELS[codes.CH_VISIT], "visit")
        self.assertEqual(names.INSTITUTIONS[codes.I_COPENHAGEN_PRISONS], "copenhagen_prisons")
        self.assertEqual(names.OBLIGATIONS[codes.O_HAND_BACK], "HAND_BACK")
        self.assertEqual(names.CATEGORIES[codes.C_CASH], "cash")
