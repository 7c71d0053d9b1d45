"""Which of the seven outcomes a look at a seal has."""

import unittest

from gatescan.core import codes, compat
from gatescan.core.seals.look import SealRead, look
from gatescan.core.seals.seal_record import SealRecord
from gatescan.core.table.format import CORRUPT
from gatescan.core.table.records import TagRecord
from made_seals import FILE_KEY, META_KEY, UID, Counters, aes, tapped

OTHER_UID = bytes.fromhex("04A1B2C3D4E581")


class Table:
    """Seals by number, as a table gives them."""

    def __init__(self, *seals):
        self._seals = seals

    def seal(self, number):
        return self._seals[number - 1] if number <= len(self._seals) else None


def record(kind, flags=codes.SB_BOUND, last_ctr=0, uid=UID):
    return SealRecord(kind, flags, last_ctr, uid, META_KEY, FILE_KEY)


def tag(number):
    return TagRecord(codes.TK_SEAL, -1, -1, 0, 0, number)


class TestBinding(unittest.TestCase):
    def setUp(self):
        numbered = codes.SK_NUMBERED
        self.table = Table(record(numbered), record(numbered), record(numbered, 0), CORRUPT)

    def look(self, number, expected, used=False):
        return look(self.table, tag(number), expected, used, None, None)

    def test_its_own_seal(self):
        self.assertEqual(self.look(1, 1), codes.SO_INTACT)

    def test_that_of_another_item(self):
        self.assertEqual(self.look(2, 1), codes.SO_REUSED)
        self.assertEqual(self.look(0, 1, used=True), codes.SO_REUSED)

    def test_one_that_is_on_no_item(self):
        self.assertEqual(self.look(3, 1), codes.SO_WRONG)
        self.assertEqual(self.look(0, 1), codes.SO_WRONG)

    def test_a_fresh_one_to_put_on(self):
        self.assertEqual(self.look(0, 0), codes.SO_INTACT)
        self.assertEqual(self.look(3, 0), codes.SO_INTACT)
        self.assertEqual(self.look(1, 0), codes.SO_REUSED)
        self.assertEqual(self.look(3, 0, used=True), codes.SO_REUSED)

    def test_a_damaged_or_missing_record_is_no_proof(self):
        self.assertEqual(self.look(4, 4), codes.SO_UNREADABLE)
        self.assertEqual(self.look(9, 9), codes.SO_UNREADABLE)


class TestProof(unittest.TestCase):
    def setUp(self):
        compat.aes = aes
        self.counters = Counters()
        kind, flags = codes.SK_NTAG424_TT, codes.SB_BOUND | codes.SB_MAC_FILE
        self.table = Table(record(kind, flags, last_ctr=5))

    def look(self, seen):
        return look(self.table, tag(1), 1, False, seen, lambda: self.counters)

    def test_genuine_and_closed(self):
        self.assertEqual(self.look(tapped(6)), codes.SO_INTACT)
        self.assertEqual(self.counters.kept, {UID: 6})

    def test_opened_counts_even_when_closed_again(self):
        for status in (b"OC", b"OO", b"CO"):
            self.counters.kept = {}
            self.assertEqual(self.look(tapped(7, status)), codes.SO_OPENED, status)

    def test_not_sensed_is_not_intact(self):
        for status in (b"II", b"CI", b"xx"):
            self.counters.kept = {}
            self.assertEqual(self.look(tapped(7, status)), codes.SO_UNREADABLE, status)

    def test_an_old_message_is_a_copy(self):
        self.assertEqual(self.look(tapped(5)), codes.SO_CLONED, "the host has seen 5")
        self.assertEqual(self.look(tapped(9)), codes.SO_INTACT)
        self.assertEqual(self.look(tapped(9)), codes.SO_CLONED)
        self.assertEqual(self.look(tapped(8)), codes.SO_CLONED)
        self.assertEqual(self.look(tapped(10)), codes.SO_INTACT)

    def test_another_key_is_a_copy(self):
        self.assertEqual(self.look(tapped(6, key=META_KEY)), codes.SO_CLONED)
        self.assertEqual(self.counters.kept, {})

    def test_the_message_of_one_chip_in_another(self):
        copied = SealRead(UID, tapped(6, uid=OTHER_UID).ndef, None)
        self.assertEqual(self.look(copied), codes.SO_CLONED)
        self.assertEqual(self.look(tapped(6, uid=OTHER_UID)), codes.SO_WRONG)

    def test_its_number_in_print_proves_nothing(self):
        self.assertEqual(self.look(None), codes.SO_UNREADABLE)
        self.assertEqual(self.look(SealRead(UID, None, None)), codes.SO_UNREADABLE)
        self.assertEqual(self.look(SealRead(UID, b"\xd1\x01", None)), codes.SO_UNREADABLE)

    def test_a_counter_that_cannot_be_kept_is_not_believed(self):
        self.counters.broken = True
        self.assertEqual(self.look(tapped(6)), codes.SO_UNREADABLE)

    def test_one_flipped_character_never_passes(self):
        good = tapped(6).ndef
        for at in range(good.find(b"?") + 1, len(good)):
            bad = bytearray(good)
            bad[at] ^= 1
            found = self.look(SealRead(UID, bytes(bad), None))
            self.assertTrue(found in (codes.SO_CLONED, codes.SO_UNREADABLE), at)

    def test_ntag213_tells_without_proof(self):
        self.table = Table(record(codes.SK_NTAG213_TT))
        for status, found in (
            (b"\0\0\0\0C", codes.SO_INTACT),
            (b"\0\0\0\0O", codes.SO_OPENED),
            (b"OPENC", codes.SO_OPENED),
            (b"\0\0\0\0I", codes.SO_UNREADABLE),
            (None, codes.SO_UNREADABLE),
        ):
            self.assertEqual(self.look(SealRead(UID, None, status)), found, status)
