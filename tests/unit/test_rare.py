"""Rooms that are loaded for one call."""

import sys
import unittest

from gatescan.app import rare

_ROOM = "gatescan.app.limiter"


class TestRare(unittest.TestCase):
    def setUp(self):
        self.known = sys.modules.pop(_ROOM, None)

    def tearDown(self):
        sys.modules.pop(_ROOM, None)
        if self.known is not None:
            sys.modules[_ROOM] = self.known

    def test_the_function_is_called_and_its_module_forgotten(self):
        limiter = rare.call("limiter", "Limiter", 50)
        self.assertFalse(limiter.waiting)
        self.assertFalse(_ROOM in sys.modules)
        self.assertFalse(hasattr(sys.modules["gatescan.app"], "limiter"))

    def test_a_fault_leaves_nothing_behind_either(self):
        with self.assertRaises(TypeError):
            rare.call("limiter", "Limiter")
        self.assertFalse(_ROOM in sys.modules)

    def test_what_somebody_else_keeps_stays(self):
        __import__(_ROOM)
        rare.call("limiter", "Limiter", 50)
        self.assertTrue(_ROOM in sys.modules)


class TestGuests(unittest.TestCase):
    """`part` forgets what came after `settle`, and nothing else."""

    def setUp(self):
        self.known = dict(sys.modules)
        self.residents = set(rare._residents)

    def tearDown(self):
        rare._residents.clear()
        rare._residents.update(self.residents)
        sys.modules.update(self.known)

    def test_guests_leave_and_residents_stay(self):
        sys.modules.pop(_ROOM, None)
        rare.settle()
        __import__(_ROOM)
        self.assertTrue(_ROOM in sys.modules)
        rare.part()
        self.assertFalse(_ROOM in sys.modules)
        self.assertTrue("gatescan.app.rare" in sys.modules)
        __import__(_ROOM)
        rare.settle("gatescan.app.lim")
        rare.part()
        self.assertTrue(_ROOM in sys.modules)

    def test_nothing_leaves_before_it_is_settled(self):
        rare._residents.clear()
        __import__(_ROOM)
        rare.part()
        self.assertTrue(_ROOM in sys.modules)
