"""RANGES and REELS written by hand as FORMAT.md says, put into the demo table and read back."""

import hashlib
import os
import struct
import unittest

from gatescan.core.codes import TK_BADGE, TK_SEAL
from gatescan.core.table.format import (
    CORRUPT,
    M_ITEM,
    M_NONE,
    M_RANGE,
    M_REEL,
    M_TAG,
    MISS,
    TableError,
)
from gatescan.core.table.reader import Table
from hand_table import file, page

try:
    from micropython import heap_lock, heap_unlock
except ImportError:
    heap_lock = None

LISTED = 980089525  # a product of the demo site, class 32 (general)
STEPS = ((100, 3), (200, 255), (300, 4), (LISTED - 5, 5), (LISTED + 5, 255), (9 * 10**12, 6))


def paged(kind, records, per_page):
    parts = [records[i : i + per_page] for i in range(0, len(records), per_page)]
    data = b"".join([page(kind, n, part) for n, part in enumerate(parts)])
    firsts = [part[0][:6] for part in parts]
    return [(kind, 3, len(records), data), (kind + 1, 3, len(firsts), page(kind + 1, 0, firsts))]


def ranges(steps, per_page=72):
    records = [number.to_bytes(6, "big") + bytes((class_id,)) for number, class_id in steps]
    return paged(12, records, per_page)


def reels(salt, runs, per_page=36):
    """Runs of (stem, digits, first, last)."""
    records = []
    for stem, digits, first, last in runs:
        h = hashlib.sha256(salt + b"reel" + stem + bytes((digits,))).digest()
        place = int.from_bytes(h[:6], "big") + first
        records.append(place.to_bytes(6, "big") + h[6:10] + struct.pack("<I", last - first))
    return paged(14, sorted(records), per_page)


def graft(data, new):
    """The table `data` with other sections; header, directory and SHA-256 made anew."""
    kinds = [part[0] for part in new]
    count = struct.unpack_from("<H", data, 6)[0]
    parts = []
    for n in range(count):
        entry = struct.unpack_from("<HHIIII", data, 16 + 20 * n)
        if entry[0] not in kinds:
            parts.append((entry[0], entry[1], entry[4], data[entry[2] : entry[2] + entry[3]]))
    parts.extend(new)
    return file(parts)


class File:
    def __init__(self, data):
        self.data = data
        self.reads = 0

    def read_at(self, offset, buffer):
        self.reads += 1
        for i in range(len(buffer)):  # a slice would be garbage
            buffer[i] = self.data[offset + i]


def opened(data):
    return Table(File(data).read_at, len(data))


class WithDemo(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        no_texts = struct.pack("<BBH4H", 4, 2, 0, 0, 0, 0, 0)
        with open(os.getenv("GATESCAN_TEST_TABLE"), "rb") as file:
            cls.demo = graft(file.read(), [(9, 1, 1, b"POLICY"), (10, 1, 0, no_texts)])
        cls.salt = opened(cls.demo).meta["salt"]
        cls.runs = (
            (b"EX-", 6, 100, 599),
            (b"EX-", 6, 700, 700),
            (b"EX-", 5, 0, 99999),
            (b"VF-", 6, 120, 130),  # the demo lists VF-000123 to 128 one by one
            (b"Q1", 9, 16777000, 999999999),
        )

    def assertAnswers(self, table, number, class_id, matched):
        self.assertEqual((table.lookup(number), table.matched), (class_id, matched), number)
        key = b"\x01" + number.to_bytes(7, "big")
        self.assertEqual((table.lookup_key(key), table.matched), (class_id, matched), number)


class TestRanges(WithDemo):
    def setUp(self):
        self.table = opened(graft(self.demo, ranges(STEPS)))

    def test_the_step_around_a_number_decides(self):
        for number, class_id in (
            (0, MISS), (99, MISS), (100, 3), (199, 3), (200, MISS), (299, MISS), (300, 4),
            (LISTED - 6, 4), (LISTED - 5, 5), (LISTED + 4, 5), (LISTED + 5, MISS),
            (9 * 10**12, 6), (10**13 - 1, 6),
        ):  # fmt: skip
            matched = M_NONE if class_id == MISS else M_RANGE
            self.assertAnswers(self.table, number, class_id, matched)

    def test_a_listed_item_has_its_own_class(self):
        without = opened(self.demo)
        class_id = without.lookup(LISTED)
        self.assertNotIn(class_id, (5, MISS, CORRUPT))
        self.assertAnswers(self.table, LISTED, class_id, M_ITEM)
        self.assertAnswers(without, LISTED, class_id, M_ITEM)
        self.assertAnswers(without, LISTED + 1, MISS, M_NONE)

    def test_what_is_no_product_has_no_range(self):
        self.table.lookup(LISTED)
        for key in (b"", b"\x04" + (300).to_bytes(7, "big"), b"\x01\x01" + bytes(6)):
            self.assertEqual((self.table.lookup_key(key), self.table.matched), (MISS, M_NONE))
        self.assertEqual((self.table.lookup(10**13), self.table.matched), (MISS, M_NONE))

    def test_no_garbage(self):
        if heap_lock is None:
            self.skipTest("This interpreter cannot lock its heap; MicroPython runs this test.")
        key = b"\x01" + (150).to_bytes(7, "big")
        self.table.lookup_key(key)
        heap_lock()
        try:
            found = self.table.lookup_key(key)
        finally:
            heap_unlock()
        self.assertEqual((found, self.table.matched), (3, M_RANGE))

    def test_many_pages(self):
        steps = [(1000 + 10 * n, n % 30) for n in range(120)]
        table = opened(graft(self.demo, ranges(steps, 17)))
        for n in range(0, 1200, 3):
            self.assertEqual(table.lookup(1000 + n), n // 10 % 30)

    def test_a_class_that_is_not_there(self):
        table = opened(graft(self.demo, ranges(((0, 64), (50, 1), (60, 254)))))
        for number, class_id in ((0, CORRUPT), (50, 1), (99, CORRUPT)):
            self.assertAnswers(table, number, class_id, M_RANGE if class_id > 0 else M_NONE)

    def test_damage(self):
        data = bytearray(graft(self.demo, ranges(STEPS)))
        self.assertEqual(opened(data).lookup(150), 3)
        at = opened(data).section(12).offset
        for n in (0, 1, 7, 8, 40, 507, 511):
            data[at + n] ^= 16
            table = opened(data)
            self.assertAnswers(table, 150, CORRUPT, M_NONE)
            self.assertGreater(table.lookup(LISTED), 0)
            with self.assertRaises(TableError):
                list(table.verify())
            data[at + n] ^= 16
        items = opened(data).section(3)
        for n in range(9, items.length, 256):
            data[items.offset + n] ^= 1
        table = opened(data)
        self.assertAnswers(table, LISTED, CORRUPT, M_NONE)
        self.assertAnswers(table, LISTED + 1, CORRUPT, M_NONE)


class TestReels(WithDemo):
    def setUp(self):
        self.table = opened(graft(self.demo, reels(self.salt, self.runs)))

    def assertSeal(self, text, matched):
        found = self.table.lookup_tag(b"\x10" + text)
        self.assertEqual(self.table.matched, matched, text)
        if matched == M_NONE:
            self.assertIsNone(found, text)
        else:
            self.assertEqual(tuple(found), (TK_SEAL, -1, -1, 0, 0, 0), text)

    def test_serials_on_a_reel(self):
        for text in (
            b"EX-000100", b"EX-000599", b"EX-000345", b"EX-000700", b"EX-00000", b"EX-99999",
            b"VF-000122", b"VF-000129", b"Q1016777000", b"Q1016777216", b"Q1999999999",
        ):  # fmt: skip
            self.assertSeal(text, M_REEL)

    def test_serials_on_none(self):
        for text in (
            b"EX-000099", b"EX-000600", b"EX-000699", b"EX-000701", b"EX-0000100", b"EX-0100",
            b"ex-000345", b"EX000345", b"EX-000345 ", b"EX-", b"E", b"", b"VF-000119",
            b"VF-000131", b"Q1016776999", b"Q2016777216", b"Q116777000", b"Q10016777000",
        ):  # fmt: skip
            self.assertSeal(text, M_NONE)

    def test_a_tag_of_its_own_is_what_tags_says(self):
        self.assertSeal(b"VF-000123", M_TAG)
        runs = self.runs + ((b"VF-BADGE-", 2, 0, 99),)
        table = opened(graft(self.demo, reels(self.salt, runs)))
        self.assertEqual(table.lookup_tag(b"\x10VF-BADGE-02").kind, TK_BADGE)
        self.assertEqual(table.lookup_tag(b"\x10VF-BADGE-03").kind, TK_SEAL)

    def test_only_texts_are_on_reels(self):
        self.assertIsNone(self.table.lookup_tag(b"\x0bEX-000345"))
        self.assertIsNone(self.table.lookup_tag(b""))

    def test_many_reels_of_one_stem_on_many_pages(self):
        runs = [(b"S", 6, 1000 * n, 1000 * n + 499) for n in range(60)]
        file = File(graft(self.demo, reels(self.salt, runs, 7)))
        table = Table(file.read_at, len(file.data))
        file.reads = 0
        for n in range(0, 60000, 97):
            found = table.lookup_tag(b"\x10S%06d" % n)
            self.assertEqual(found is not None, n % 1000 < 500, n)
        self.assertLessEqual(file.reads, 2 * 619)  # one page of TAGS, one of REELS

    def test_damage(self):
        data = bytearray(graft(self.demo, reels(self.salt, self.runs)))
        at = opened(data).section(14).offset
        for n in (0, 1, 2, 9, 13, 60, 511):
            data[at + n] ^= 2
            table = opened(data)
            self.assertEqual(table.lookup_tag(b"\x10EX-000345"), CORRUPT)
            self.assertEqual(table.matched, M_NONE)
            self.assertEqual(table.lookup_tag(b"\x10VF-000123").kind, TK_SEAL)
            with self.assertRaises(TableError):
                list(table.verify())
            data[at + n] ^= 2


class TestForm(WithDemo):
    def test_both_in_one_table_and_none(self):
        data = graft(self.demo, ranges(STEPS) + reels(self.salt, self.runs))
        self.assertEqual(list(opened(data).verify())[-1], 1000)
        for _ in opened(self.demo).verify():
            pass

    def test_refused_without_index_twice_or_with_counts_that_lie(self):
        for good in (ranges(STEPS), reels(self.salt, self.runs)):
            kind, flags, count, body = good[0]
            for wrong in (
                good[:1],
                good + good[:1],
                [good[0], good[1][:2] + (2, good[1][3])],
                [(kind, flags, 0, body), good[1]],
                [(kind, flags, 73, body), good[1]],
                [(kind, 1, count, body), good[1]],
                [(kind, flags, count, body[:-1]), good[1]],
                [good[0], good[1][:3] + (good[0][3],)],
            ):
                with self.assertRaises(TableError):
                    opened(graft(self.demo, wrong))


if __name__ == "__main__":
    unittest.main()
