"""A reader's line that somebody drives, or nobody."""

import unittest

from gatescan.app.line_watch import LineWatch


class TestLineWatch(unittest.TestCase):
    def setUp(self):
        self.held = True
        self.watch = LineWatch(lambda name: self.held and name == "rfid", "rfid")

    def gone(self, heard):
        self.watch.look(heard)
        return self.watch.gone

    def test_one_look_may_fall_into_a_byte(self):
        self.assertFalse(self.gone(0))
        self.held = False
        self.assertFalse(self.gone(0))
        self.assertTrue(self.gone(0))
        self.assertTrue(self.gone(0))
        self.held = True
        self.assertFalse(self.gone(0))

    def test_who_sends_is_there(self):
        self.held = False
        for heard in range(1, 9):
            self.assertFalse(self.gone(heard))
        self.assertFalse(self.gone(8))
        self.assertTrue(self.gone(8))
        self.assertFalse(self.gone(9))


if __name__ == "__main__":
    unittest.main()
