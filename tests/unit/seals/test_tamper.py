"""Tamper loops: statuses of NTAG 424 DNA TagTamper, and READ_TT_STATUS of NTAG 213 TT."""

import unittest

from gatescan.core.codes import SO_INTACT, SO_OPENED, SO_UNREADABLE
from gatescan.core.seals import tamper


class TestStatuses(unittest.TestCase):
    def test_all_pairs_of_bytes(self):
        """One open loop is opened, two closed ones are intact, everything else says nothing."""
        seen = {SO_INTACT: 0, SO_OPENED: 0, SO_UNREADABLE: 0}
        for permanent in range(256):
            for current in range(256):
                found = tamper.found(permanent, current)
                seen[found] += 1
                pair = bytes((permanent, current))
                if found == SO_INTACT:
                    self.assertEqual(pair, b"CC")
                elif found == SO_OPENED:
                    self.assertIn(pair, (b"OO", b"OC", b"OI", b"CO", b"IO"))
        self.assertEqual(seen, {SO_INTACT: 1, SO_OPENED: 5, SO_UNREADABLE: 65536 - 6})


class TestNtag213(unittest.TestCase):
    def _read(self, answer):
        found = tamper.read_tt_status(answer)
        self.assertFalse(found.proven)
        self.assertIsNone(found.uid)
        self.assertIsNone(found.ctr)
        self.assertEqual(found.error is None, found.found == SO_INTACT)
        if found.error is not None:
            self.assertTrue(found.error.endswith("."))
        return found.found, found.tamper

    def test_the_message_decides(self):
        self.assertEqual(self._read(b"\0\0\0\0C"), (SO_INTACT, "CC"))
        self.assertEqual(self._read(b"\0\0\0\0O"), (SO_OPENED, "CO"))
        self.assertEqual(self._read(b"\0\0\0\0I"), (SO_UNREADABLE, "CI"))
        for i in range(4):
            for bit in range(8):
                answer = bytearray(b"\0\0\0\0C")
                answer[i] = 1 << bit
                self.assertEqual(self._read(answer), (SO_OPENED, "OC"))
        self.assertEqual(self._read(b"\x01\0\0\0I"), (SO_OPENED, "OI"))

    def test_garbled(self):
        for answer in (
            None, 5, "\0\0\0\0C", b"", b"C", b"\0\0\0C", b"\0\0\0\0\0C", b"\0\0\0\0\0",
            b"\0\0\0\0c", b"\x01\x02\x03\x04\xff", [0, 0, 0, 0, 67],
        ):  # fmt: skip
            self.assertEqual(self._read(answer), (SO_UNREADABLE, None))
        for status in range(256):
            found = self._read(b"\0\0\0\0" + bytes((status,)))
            self.assertEqual(found[0] == SO_INTACT, status == 0x43)
