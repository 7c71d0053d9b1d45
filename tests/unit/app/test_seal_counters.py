"""Counters of seals in a file: highest kept, damage stands for the highest there is."""

import os
import unittest

from gatescan.app.seal_counters import SealCounters

PATH = "seal-counters.test"


def uid(number):
    return b"\x04" + number.to_bytes(6, "big")


class TestSealCounters(unittest.TestCase):
    def setUp(self):
        self.tearDown()
        self.counters = SealCounters(PATH)

    def tearDown(self):
        try:
            os.remove(PATH)
        except OSError:
            pass

    def test_none_before_the_first(self):
        self.assertEqual(self.counters.last(uid(1)), -1)

    def test_many_seals_each_its_own(self):
        for number in range(100):
            self.assertTrue(self.counters.note(uid(number), number * 3 + 1))
        self.assertTrue(self.counters.note(uid(50), 999))
        again = SealCounters(PATH)
        for number in range(100):
            self.assertEqual(again.last(uid(number)), 999 if number == 50 else number * 3 + 1)
        self.assertEqual(os.stat(PATH)[6], 1400, "a seal has one record")

    def test_a_uid_inside_a_record_is_none(self):
        # The counter and CRC of one record and the beginning of the next could spell a UID.
        self.assertTrue(self.counters.note(uid(1), 0x040302))
        with open(PATH, "rb") as file:
            inside = file.read()[3:10]
        self.assertEqual(self.counters.last(inside), -1)

    def test_damage_is_the_highest(self):
        self.counters.note(uid(1), 5)
        self.counters.note(uid(2), 6)
        with open(PATH, "rb") as file:
            data = bytearray(file.read())
        data[8] ^= 1
        with open(PATH, "wb") as file:
            file.write(data)
        self.assertEqual(self.counters.last(uid(1)), 0xFFFFFF)
        self.assertEqual(self.counters.last(uid(2)), 6)

    def test_a_cut_end_is_written_over(self):
        self.counters.note(uid(1), 5)
        with open(PATH, "ab") as file:
            file.write(b"\x04\x00\x00")
        self.assertEqual(self.counters.last(uid(2)), -1)
        self.assertTrue(self.counters.note(uid(2), 8))
        self.assertEqual(SealCounters(PATH).last(uid(2)), 8)

    def test_a_folder_that_is_not_there(self):
        nowhere = SealCounters("no/such/folder/file")
        self.assertEqual(nowhere.last(uid(1)), -1)
        self.assertFalse(nowhere.note(uid(1), 1))
