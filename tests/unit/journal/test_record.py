"""The event record: every field at its place, for ever."""

import unittest

from gatescan.core.journal import names, record


class TestBody(unittest.TestCase):
    def test_the_layout_byte_for_byte(self):
        body = record.pack(
            0x04030201, record.JK_SCAN, utc=0x08070605, tick_ms=0x0C0B0A09, boot=0x0E0D,
            flags=0x10, table_seq=0x1211, verdict=0x13, category=0x14, citation=0x18171615,
            tag=bytes(range(0x19, 0x21)),
        )
        expected = bytearray(range(1, 0x21))
        expected[14] = record.JK_SCAN
        self.assertEqual(body, bytes(expected))

    def test_it_comes_back_as_it_was(self):
        body = record.pack(7, record.JK_BOOT, utc=1, tick_ms=2, boot=3, flags=4, table_seq=5,
                           verdict=6, category=7, citation=8, tag=b"12345678")
        self.assertEqual(
            tuple(record.unpack(b"xx" + body, 2)),
            (7, 1, 2, 3, record.JK_BOOT, 4, 5, 6, 7, 8, b"12345678"),
        )

    def test_any_32_bytes_are_a_record_and_pack_to_themselves(self):
        for fill in (b"\0", b"\xff", b"\x80", b"\x7f"):
            body = fill * 32
            r = record.unpack(memoryview(body))
            again = record.pack(r.seq, r.kind, utc=r.utc, tick_ms=r.tick_ms, boot=r.boot,
                                flags=r.flags, table_seq=r.table_seq, verdict=r.verdict,
                                category=r.category, citation=r.citation, tag=r.tag)
            self.assertEqual(again, body)

    def test_fewer_bytes_are_refused(self):
        for length in range(32):
            with self.assertRaises(record.RecordError):
                record.unpack(bytes(length))
        for offset in (-1, 1, 32, 1000):
            with self.assertRaises(record.RecordError):
                record.unpack(bytes(32), offset)

    def test_counters_wrap_and_values_do_not(self):
        r = record.unpack(record.pack(1, 1, tick_ms=1 << 32, boot=65537, table_seq=0x12345))
        self.assertEqual((r.tick_ms, r.boot, r.table_seq), (0, 1, 0x2345))
        for name, value in (("utc", 1 << 32), ("utc", -1), ("flags", 256), ("verdict", -1),
                            ("category", 256), ("citation", 1 << 32), ("tag", b"1234567")):
            with self.subTest(name, value=value), self.assertRaises(record.RecordError):
                record.pack(1, 1, **{name: value})
        for seq, kind in ((-1, 1), (1 << 32, 1), (1, 256)):
            with self.assertRaises(record.RecordError):
                record.pack(seq, kind)


class TestFlags(unittest.TestCase):
    def test_all_combinations_come_back(self):
        seen = set()
        for bits in range(16):
            for whom in range(4):
                for owner in range(4):
                    flags = record.make_flags(bits & 1 != 0, bits & 2 != 0, whom, bits & 4 != 0,
                                              bits & 8 != 0, owner)
                    self.assertEqual(record.for_whom(flags), whom)
                    self.assertEqual(record.registered_to(flags), owner)
                    self.assertEqual(flags & record.JF_CLOCK_OK != 0, bits & 1 != 0)
                    self.assertEqual(flags & record.JF_STALE_TABLE != 0, bits & 2 != 0)
                    self.assertEqual(flags & record.JF_SEALED != 0, bits & 4 != 0)
                    self.assertEqual(flags & record.JF_LABELLED != 0, bits & 8 != 0)
                    seen.add(flags)
        self.assertEqual(len(seen), 256)


class TestTag(unittest.TestCase):
    def test_a_retail_code_keeps_its_number(self):
        tag = record.retail_tag(3, 5701234567899)
        self.assertEqual(tag, b"\x03" + (5701234567899).to_bytes(7, "big"))
        self.assertEqual(record.tag_gtin(tag), 5701234567899)
        self.assertEqual(record.tag_gtin(record.retail_tag(1, 99999999999999)), 99999999999999)

    def test_a_keyed_tag_never_looks_like_a_retail_code(self):
        for digest in (bytes(32), b"\x7f" + bytes(31), b"\xff" * 32):
            tag = record.keyed_tag(9, digest)
            self.assertEqual((len(tag), tag[0]), (8, 9))
            self.assertEqual(tag[2:], digest[1:7])
            self.assertEqual(record.tag_gtin(tag), 0)

    def test_no_tag_is_no_code(self):
        self.assertEqual(record.tag_gtin(record.NO_TAG), 0)

    def test_numbers_that_are_no_gtin(self):
        for number in (0, -1, 100000000000000):
            with self.assertRaises(record.RecordError):
                record.retail_tag(1, number)


class TestNames(unittest.TestCase):
    def test_every_kind_has_its_name(self):
        for attribute in dir(record):
            if attribute.startswith("JK_"):
                number = getattr(record, attribute)
                self.assertEqual(names.kind_name(number), attribute[3:].lower())
        self.assertEqual(names.kind_name(200), "kind_200")
