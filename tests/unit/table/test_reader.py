"""Tables written by hand as FORMAT.md says, read back: the reader and the text agree."""

import hashlib
import struct
import unittest
from binascii import crc32

from gatescan.core.table.format import CORRUPT, MISS, TableError
from gatescan.core.table.reader import Table
from hand_table import file as table
from hand_table import item_sections, page

SALT = b"0123456789abcdef"


def paged(kind, records, per_page):
    parts = [records[i : i + per_page] for i in range(0, len(records), per_page)]
    data = b"".join(page(kind, n, part) for n, part in enumerate(parts))
    firsts = [part[0][:6] for part in parts]
    index = [firsts[i : i + 84] for i in range(0, len(firsts), 84)]
    return (
        (kind, 3, len(records), data),
        (kind + 1, 3, len(firsts), b"".join(page(kind + 1, n, p) for n, p in enumerate(index))),
    )


def tag(key, kind, class_id=255, owner=0xFFFF, flags=0, command=0, arg=0):
    hashed = hashlib.sha256(SALT + key).digest()[:12]
    return hashed + struct.pack("<BBHBBI", kind, class_id, owner, flags, command, arg)


def inmate(index, name, regime, known, restricted, decided, first=0, rights=b""):
    pseudonym = hashlib.sha256(SALT + b"inmate" + name).digest()[:8]
    restricted |= len(rights) // 8 << 40
    body = struct.pack("<8sBBHQQ", pseudonym, regime, known, first, restricted, decided)
    check = crc32(rights, crc32(body, crc32(struct.pack("<I", index))))
    return body + struct.pack("<I", check)


def texts(entries):
    """entries[kind] = list of (da, en)"""
    count = 0
    first = []
    for kind in entries:
        first.append(count)
        count += 2 * len(kind)
    at = 12 + 8 * count
    table = data = b""
    for kind, pairs in enumerate(entries):
        for number, pair in enumerate(pairs):
            for lang, text in enumerate(pair):
                raw = text.encode()
                check = crc32(raw, crc32(bytes((kind, number, lang)))) & 0xFFFF
                table += struct.pack("<IHH", at + len(data), len(raw), check)
                data += raw
    return struct.pack("<BBH4H", 4, 2, count, *first) + table + data


META = struct.pack(
    "<16s48s16s16sIIHBBB3s", b"vestre", "Vestre Fængsel".encode(), b"dk-2009", SALT,
    7, 1700000000, 14, 3, 3, 0, b"",
)
CLASSES = struct.pack("<BBHBBH", 33, 0, 0, 21, 0, 1)
FACTS = struct.pack("<BBqBBqBBqBBq", 0, 2, 3, 40, 1, 1, 41, 3, 1 << 33 | 2, 42, 0, 0)
RIGHTS = struct.pack("<BBHI", 9, 0, 0x0011, 0) + struct.pack("<BBHI", 22, 5, 0, 20040601)
KEYS = [590123412345, 590123412346, 9999999999999, 5, 0]
TEXTS = [[("ukendt", "unknown"), ("Udstyr til\nstofmisbrug", "Drug-use")], [], [("æ", "")], []]


def sections(keys=None, tags=None):
    keys = sorted(KEYS if keys is None else keys)
    tags = tags or [tag(b"\x10CMD-END", 5, command=4), tag(b"\x0bABCDE", 2, 1, 0, 3)]
    inmates = inmate(0, b"inmate-7f3a", 0, 2, 0, 1 << 21)
    inmates += inmate(1, b"inmate-0001", 1, 7, 2, 0, 1, RIGHTS[8:])
    out = [(1, 1, 1, META), (2, 1, 2, CLASSES)]
    out.extend(item_sections([(key, n & 1) for n, key in enumerate(keys)]))
    out.extend(paged(5, sorted(tags), 23))
    out.append((7, 1, 2, inmates))
    out.append((8, 1, 4, FACTS))
    out.append((9, 1, 1, b"POLICY"))
    out.append((10, 1, 1, texts(TEXTS)))
    out.append((11, 0, 2, RIGHTS))
    return out


class File:
    """A medium in RAM that fails at chosen offsets and counts its reads."""

    def __init__(self, data, fails_from=None):
        self.data = data
        self.fails_from = fails_from
        self.reads = 0

    def read_at(self, offset, buffer):
        self.reads += 1
        end = offset + len(buffer)
        if offset < 0 or end > len(self.data):
            raise AssertionError("read outside the file: %d..%d" % (offset, end))
        if self.fails_from is not None and end > self.fails_from:
            raise OSError(5)
        buffer[:] = self.data[offset:end]


def opened(data, **kwargs):
    return Table(File(data).read_at, len(data), **kwargs)


def whole(data):
    """Open and verify; True when nothing was found wrong."""
    try:
        for _ in opened(data).verify():
            pass
    except TableError:
        return False
    return True


class TestRead(unittest.TestCase):
    def setUp(self):
        self.table = opened(table(sections()))

    def test_items(self):
        t = self.table
        for number, key in enumerate(sorted(KEYS)):
            self.assertEqual(t.lookup(key), number & 1)
            self.assertEqual(t.lookup_key(b"\x01" + key.to_bytes(7, "big")), number & 1)
        for key in (1, 4, 6, 590123412344, 590123412347, 9999999999998, -1, 10**13, 1 << 60):
            self.assertEqual(t.lookup(key), MISS)
        self.assertEqual(t.lookup_key(b"\x04" + (5).to_bytes(7, "big")), MISS)
        self.assertEqual(t.lookup_key(b""), MISS)

    def test_classes(self):
        self.assertEqual(self.table.class_of(1), (21, 1))
        for none in (-1, 2, 255, 10**6):
            self.assertEqual(self.table.class_of(none), (0, 0))

    def test_tags(self):
        t = self.table
        end = t.lookup_tag(b"\x10CMD-END")
        self.assertEqual((end.kind, end.command, end.class_id, end.owner), (5, 4, -1, -1))
        own = t.lookup_tag(b"\x0bABCDE")
        self.assertEqual((own.kind, own.class_id, own.owner, own.flags), (2, 1, 0, 3))
        self.assertIsNone(t.lookup_tag(b"\x10CMD-ENDE"))
        self.assertIsNone(t.lookup_tag(b""))

    def test_inmates_know_what_they_do_not_know(self):
        first = self.table.inmate(0)
        self.assertIsNone(first.restricted)
        self.assertEqual(first.decided, b"\0\0\x20\0\0")
        second = self.table.inmate(1)
        self.assertEqual(second.regime, 1)
        self.assertEqual((second.restricted, second.decided), (b"\2\0\0\0\0", bytes(5)))
        self.assertIsNone(self.table.inmate(2))
        self.assertIsNone(self.table.inmate(-1))

    def test_rights_belong_to_their_inmate(self):
        first, second = self.table.inmate(0), self.table.inmate(1)
        self.assertEqual((first.permitted, bytes(first.rights)), (False, b""))
        self.assertEqual((second.permitted, bytes(second.rights)), (True, RIGHTS[8:]))

    def test_site(self):
        meta = self.table.meta
        self.assertEqual(meta["site"], "Vestre Fængsel")
        self.assertEqual(meta["order_id"], "dk-2009")
        self.assertEqual((meta["seq"], meta["institution"], meta["languages"]), (7, 3, (0, 1)))
        facts = self.table.base_facts()
        self.assertEqual(facts, [(0, 3), (40, True), (41, b"\2\0\0\0\2"), (42, None)])
        self.assertIs(facts[1][1], True)
        self.assertEqual(bytes(self.table.policy()), b"POLICY")

    def test_texts(self):
        text = self.table.text
        self.assertEqual(text(0, 1, 0), ("Udstyr til", "stofmisbrug"))
        self.assertEqual(text(0, 0, 1), ("unknown",))
        self.assertEqual(text(2, 0, 0), ("æ",))
        for none in ((2, 0, 1), (0, 2, 0), (1, 0, 0), (4, 0, 0), (0, 0, 2), (-1, 0, 0)):
            self.assertEqual(text(*none), ())

    def test_one_read_a_lookup(self):
        data = File(table(sections(range(0, 1400, 7))))
        t = Table(data.read_at, len(data.data))
        data.reads = 0
        for key in range(0, 1400, 7):
            self.assertNotIn(t.lookup(key), (MISS, CORRUPT))
        self.assertEqual(data.reads, len(range(0, 1400, 7)))

    def test_verify_goes_to_the_end(self):
        steps = list(self.table.verify(512))
        self.assertEqual(steps[-1], 1000)
        self.assertEqual(steps, sorted(steps))
        self.assertGreater(len(steps), 4)

    def test_no_items_is_a_table_of_misses(self):
        t = opened(table(sections(keys=())))
        self.assertEqual(t.lookup(5), MISS)
        self.assertTrue(whole(table(sections(keys=()))))

    def test_items_only(self):
        parts = [(2, 1, 2, CLASSES)]
        parts.extend(item_sections([(5, 1)]))
        data = table(parts)
        self.assertEqual(opened(data, items_only=True).lookup(5), 1)
        with self.assertRaises(TableError):
            opened(data)


class TestDamage(unittest.TestCase):
    def test_damaged_page_says_so(self):
        data = bytearray(table(sections()))
        at = opened(data).files.need(3).offset
        data[at + 4] ^= 1
        t = opened(data)
        self.assertEqual(t.lookup(5), CORRUPT)
        self.assertFalse(whole(data))
        at = t.section(5).offset
        data[at + 3] ^= 0x80
        self.assertEqual(opened(data).lookup_tag(b"\x10CMD-END"), CORRUPT)

    def test_swapped_pages_are_seen(self):
        data = bytearray(table(sections(range(0, 600 * 1234567, 1234567))))
        at = opened(data).files.need(3).offset
        first = bytes(data[at : at + 1024])
        data[at : at + 1024] = data[at + 1024 : at + 2048]
        data[at + 1024 : at + 2048] = first
        self.assertEqual(opened(data).lookup(0), CORRUPT)
        self.assertEqual(opened(data).lookup(399 * 1234567), CORRUPT)

    def test_damaged_inmate_text_policy(self):
        data = bytearray(table(sections()))
        t = opened(data)
        data[t.section(7).offset] ^= 1
        data[t.section(9).offset] ^= 1
        data[t.section(10).offset + t.section(10).length - 1] ^= 1
        t = opened(data)
        self.assertEqual(t.inmate(0), CORRUPT)
        self.assertEqual(t.text(2, 0, 0), ())
        with self.assertRaises(TableError):
            t.policy()

    def test_rights_that_are_damaged_or_not_there(self):
        data = bytearray(table(sections()))
        at = opened(data).section(11).offset
        for byte in range(8, 16):
            data[at + byte] ^= 4
            self.assertEqual(opened(data).inmate(1), CORRUPT)
            self.assertNotEqual(opened(data).inmate(0), CORRUPT)
            self.assertFalse(whole(data))
            data[at + byte] ^= 4
        s = sections()
        self.assertEqual(opened(table(s[:-1])).inmate(1), CORRUPT)
        s[-1] = (11, 0, 1, RIGHTS[:8])
        self.assertEqual(opened(table(s)).inmate(1), CORRUPT)

    def test_class_that_is_not_there(self):
        s = sections()
        s[2:5] = item_sections([(5, 2)])
        self.assertEqual(opened(table(s)).lookup(5), CORRUPT)
        s = sections(tags=[tag(b"a", 2, class_id=2), tag(b"b", 2, owner=2)])
        self.assertEqual(opened(table(s)).lookup_tag(b"a"), CORRUPT)
        self.assertEqual(opened(table(s)).lookup_tag(b"b"), CORRUPT)

    def test_failing_flash(self):
        good = table(sections())
        for at in range(0, len(good), 97):
            medium = File(good, at)
            try:
                t = Table(medium.read_at, len(good))
            except TableError:
                continue
            for key in KEYS:
                self.assertIn(t.lookup(key), (0, 1, CORRUPT))
            end = t.lookup_tag(b"\x10CMD-END")
            self.assertTrue(end == CORRUPT or end.command == 4)
            with self.assertRaises(TableError):
                list(t.verify())

    def test_every_truncation_is_refused(self):
        good = table(sections())
        for size in range(0, len(good), 13):
            with self.assertRaises(TableError):
                opened(good[:size])
            self.assertFalse(whole(good[:size] + bytes(len(good) - size)))

    def test_counts_that_lie(self):
        s = [(k, f, 73 if k == 3 else c, d) for k, f, c, d in sections()]
        self.assertFalse(whole(table(s)))  # seen when all of them are counted
        lies = ((3, 0), (3, 2048), (3, 1 << 31), (4, 0), (4, 2), (2, 1), (2, 65), (7, 3))
        for kind, count in lies:
            s = [(k, f, count if k == kind else c, d) for k, f, c, d in sections()]
            with self.subTest((kind, count)), self.assertRaises(TableError):
                opened(table(s))

    def test_pages_that_lie(self):
        s = sections()
        items = s[3][3]
        seed = struct.pack(">IH", 3 << 24, 0) + s[4][3][:6]
        for count, wanted in ((0, CORRUPT), (2048, CORRUPT), (65535, CORRUPT), (2047, 1)):
            body = struct.pack("<H", count) + items[2:-4]
            s[3] = (3, 5, 5, body + struct.pack("<I", crc32(body, crc32(seed))))
            t = opened(table(s))
            self.assertEqual(t.lookup(5), wanted)
            self.assertIn(t.lookup(9999999999998), (CORRUPT, MISS))
            self.assertFalse(whole(table(s)))

    def test_sections_that_overlap_or_leave_gaps(self):
        good = table(sections())
        for field in (0, 4, 8):  # kind, offset, length of the third entry
            for delta in (-512, -1, 1, 512, 1 << 14):
                data = bytearray(good[:-32])
                at = 16 + 2 * 20 + field
                form = "<I" if field else "<H"
                value = struct.unpack_from(form, data, at)[0] + delta
                struct.pack_into(form, data, at, value & (0xFFFFFFFF if field else 0xFFFF))
                crc = crc32(bytes(data[16 : 16 + 220]), crc32(bytes(data[:12])))
                struct.pack_into("<I", data, 12, crc)
                data += hashlib.sha256(data).digest()
                with self.subTest((field, delta)), self.assertRaises(TableError):
                    opened(data)

    def test_sections_missing_doubled_unknown(self):
        s = sections()
        for n, section in enumerate(s):
            if section[0] in (5, 7, 11):
                continue
            with self.assertRaises(TableError):
                opened(table(s[:n] + s[n + 1 :]))
        with self.assertRaises(TableError):
            opened(table(s + s[:1]))
        s.append((400, 0, 9, b"later"))
        self.assertTrue(whole(table(s)))
        s[-1] = (400, 1, 9, b"later")
        with self.assertRaises(TableError):
            opened(table(s))

    def test_version_and_magic(self):
        for at in (0, 4):
            data = bytearray(table(sections()))
            data[at] ^= 2
            with self.assertRaises(TableError):
                opened(data)


if __name__ == "__main__":
    unittest.main()
