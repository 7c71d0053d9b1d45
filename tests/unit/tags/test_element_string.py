"""Element strings; GS = GS1 General Specifications. The numbers are of the demo prefix 952."""

import unittest

from gatescan.core.tags import ai, element_string, gtin, identity, scheme

GTIN = b"0109521234543213"
SSCC = b"00395212340000000014"
GS = b"\x1d"


def read(data, inferred=False):
    return element_string.read(data, inferred)


class TestSeparation(unittest.TestCase):
    def test_lengths_and_separators(self):
        # GS 7.8.5: values of predefined length need no separator, the others end at one
        for data, pairs in (
            (GTIN, [("01", "09521234543213")]),
            (GTIN + b"17271231" + b"10AB-12", [("17", "271231"), ("10", "AB-12")]),
            (GTIN + b"10AB-12" + GS + b"17271231", [("10", "AB-12"), ("17", "271231")]),
            (GTIN + b"21ABC" + GS + b"310300125", None),  # a digit short
            (GTIN + b"21ABC" + GS + b"3103001250", [("21", "ABC"), ("3103", "001250")]),
            (GTIN + b"235ABCDEFGHIJKLMNOPQRSTUVWXYZ12", [("235", "ABCDEFGHIJKLMNOPQRSTUVWXYZ12")]),
            (GTIN + b"235ABCDEFGHIJKLMNOPQRSTUVWXYZ123", None),  # 28 is the most
            (GTIN + b"10" + GS + b"17271231", None),  # nothing in the batch
            (GTIN + b"10", None),
            (GTIN + b"7003261231", None),  # its time is missing
            (GTIN + b"70032612312359", [("7003", "2612312359")]),
            (GTIN + b"7007261231", [("7007", "261231")]),  # the second date may be left out
            (GTIN + b"7007261231270101", [("7007", "261231270101")]),
            (GTIN + b"7007261231270", None),
        ):
            with self.subTest(data):
                ais, fault = element_string.separate(data)
                if pairs is None:
                    self.assertTrue(fault)
                else:
                    self.assertEqual((ais[1 if data != GTIN else 0 :], fault), (pairs, None))

    def test_separators_that_nobody_needs(self):
        wanted = read(GTIN + b"17271231" + b"21A" + GS + b"10B")
        self.assertEqual(wanted.serial, "A")
        for data in (
            GS + GTIN + b"17271231" + b"21A" + GS + b"10B",
            GTIN + b"17271231" + b"21A" + GS + b"10B" + GS,
            GTIN + GS + b"17271231" + GS + b"21A" + GS + GS + b"10B" + GS + GS,
        ):
            self.assertEqual(read(data), wanted)

    def test_separator_inside_a_value_of_predefined_length(self):
        for i in range(3, 16):
            tag = read(GTIN[:i] + GS + GTIN[i:])
            self.assertTrue(tag.error)
            self.assertIsNone(tag.key)

    def test_unknown_identifiers(self):
        # their length is not known: what follows could be anything
        for data in (b"04123456", b"3106001250", b"2301", b"89ABC", b"7019A", b"A", b"1", b"\xff"):
            self.assertTrue(read(GTIN + data).error)
            self.assertTrue(read(data + GS + GTIN).error)

    def test_every_value_is_checked(self):
        for data in (
            b"0109521234543214",  # check digit
            GTIN + b"17261301",  # month
            GTIN + b"17260431",  # day
            GTIN + b"10A B",  # not in CSET 82
            GTIN + b"10\xc3\x86BLE",
            GTIN + b"310300125X",
            SSCC[:-1] + b"5",
            b"8004123",  # shorter than a company prefix
        ):
            with self.subTest(data):
                tag = read(data)
                self.assertTrue(tag.error)
                self.assertEqual((tag.key, tag.scheme, tag.ais), (None, scheme.S_NONE, ()))
        self.assertIsNone(read(GTIN + b"17260400").error)  # day 00: the whole month (GS 3.4.7)


class TestIdentity(unittest.TestCase):
    def test_product_piece_and_others(self):
        tag = read(GTIN + b"17271231" + b"10LOT")
        self.assertEqual(
            (tag.scheme, tag.gtin, tag.serial), (scheme.S_GS1, "09521234543213", None)
        )
        self.assertEqual(tag.key, gtin.key_of(scheme.S_GTIN, b"09521234543213"))
        self.assertEqual(tag.ais, (("01", "09521234543213"), ("17", "271231"), ("10", "LOT")))
        self.assertFalse(tag.inferred)
        piece = read(b"21A1" + GS + GTIN)
        self.assertEqual((piece.serial, piece.key), ("A1", tag.key + b"A1"))
        self.assertEqual(read(SSCC).key, bytes((scheme.S_GS1,)) + SSCC)
        self.assertTrue(read(b"90ABC").error)  # valid, and names nothing

    def test_repeated(self):
        # GS 4.14.1: the same element twice is one, two different ones are none
        self.assertEqual(read(GTIN + GTIN).key, read(GTIN).key)
        self.assertTrue(read(GTIN + b"0112345678901231").error)

    def test_pairs_of_other_carriers(self):
        fault_of = element_string.fault_of
        self.assertIsNone(fault_of([("01", "09521234543213"), ("21", "A")]))
        for ais in (
            [("21", "A")],
            [("01", "09521234543214")],
            [("1", "09521234543213")],
            [("012", "9521234543213")],
            [("", "")],
            [("01", "")],
            [("٠١", "09521234543213")],
            [("01", "09521234543213"), ("10", "æ")],
            [("01", "09521234543213")] * (element_string.MAX_ELEMENTS + 1),
        ):
            with self.subTest(ais[:2]):
                self.assertTrue(fault_of(ais).endswith("by hand."))


class TestLostSeparators(unittest.TestCase):
    def test_two_ways_are_refused(self):
        for data in (
            GTIN + b"10ABC17271231",  # batch ABC and a date, or batch ABC17271231
            GTIN + b"10ABC21XYZ",
            GTIN + b"21XYZ10ABC",
            GTIN + b"21123456789012345",  # a number hides an element somewhere
            GTIN + b"10ABCDEFGHIJKLMN21ABCDEFGHIJKLMN",  # too long for a batch: one was lost
            SSCC + b"400ORDER410" + b"9521234000006",
        ):
            with self.subTest(data):
                tag = read(data, True)
                self.assertTrue(tag.ambiguous and tag.inferred)
                self.assertIsNone(tag.key)
                self.assertTrue("separators" in tag.error)

    def test_one_way_is_inferred(self):
        for data in (
            GTIN,
            GTIN + b"17271231",
            GTIN + b"17271231" + b"10ABC",
            GTIN + b"10ABC123",
            GTIN + b"21SN-7",
            GTIN + b"10ABC" + GS + b"17271231",  # the reader sends separators
            GTIN + b"10ABC17271231" + GS,
        ):
            with self.subTest(data):
                tag = read(data, True)
                self.assertIsNone(tag.error)
                self.assertTrue(tag.inferred)
                self.assertEqual(tag.key[:8], read(GTIN).key)

    def test_an_identifier_says_that_separators_are_sent(self):
        self.assertEqual(read(GTIN + b"10ABC17271231").ais[1], ("10", "ABC17271231"))

    def test_replaced_separators(self):
        for mark in (b"|", b"^", b"~", b"{GS}", b"[GS]", b"<GS>", b"\xe2\x90\x9d"):
            for data in (
                GTIN + b"10ABC" + mark + b"21XYZ",
                mark + GTIN + b"10ABC",
                GTIN + mark + b"10ABC",
                GTIN + b"10ABC" + mark,
            ):
                for inferred in (False, True):
                    tag = read(data, inferred)
                    self.assertTrue(tag.ambiguous)
                    self.assertIsNone(tag.key)
                    self.assertTrue("set it to send GS" in tag.error)
        self.assertFalse(read(GTIN + b"10A B").ambiguous)

    def test_the_search_for_other_ways_ends(self):
        for data in (b"01" * 250, b"10" * 250, b"9" * 511, GTIN + b"21" + b"10" * 9, b"90" * 46):
            self.assertTrue(read(data, True).error)


class TestLimits(unittest.TestCase):
    def test_size(self):
        filler = b"91" + b"A" * 90 + GS
        self.assertIsNone(read(GTIN + filler * 4).error)
        longest = GTIN + filler * 5
        self.assertIsNone(read(longest + b"1" * 0).error)
        over = longest + GS * (element_string.MAX_DATA_BYTES + 1 - len(longest))
        self.assertIsNone(read(over[:-1]).error)
        self.assertTrue(read(over).error)

    def test_elements(self):
        most = element_string.MAX_ELEMENTS
        self.assertIsNone(read(GTIN * most).error)
        self.assertTrue(read(GTIN * most + GS + b"10A").error)

    def test_nothing(self):
        for data in (b"", GS, GS * 512):
            self.assertTrue(read(data).error)


class TestHostileContent(unittest.TestCase):
    def test_any_bytes_give_a_key_or_a_reason(self):
        # a linear congruential generator: the same cases in every run and on every interpreter
        state = 20260801
        alphabet = b"0123456789\x1d\x1d01211017ABz|^~ \xff\x00"
        good = GTIN + b"17271231" + b"10LOT" + GS + b"21SN" + GS + b"3103001250"
        for _ in range(2000):
            case = bytearray(good)
            for _ in range(1 + state % 4):
                state = (state * 75 + 74) % 65537
                at = state % len(case)
                state = (state * 75 + 74) % 65537
                if state % 3 == 0:
                    case[at] = alphabet[state // 3 % len(alphabet)]
                elif state % 3 == 1:
                    case = case[:at] + case[at + 1 :]
                else:
                    case = case[: at + 1] + case[at : at + 4] + case[at + 1 :]
            tag = read(bytes(case), state % 2 == 0)
            self.assertEqual(tag.key is None, tag.error is not None, case)
            if tag.error is None:
                self.assertEqual(identity.tag_of(scheme.S_GS1, tag.ais, tag.inferred), tag)
                self.assertIsNone(element_string.fault_of(tag.ais))


class TestTable(unittest.TestCase):
    def test_find(self):
        for data, digits, length in (
            (b"01", 2, 14),
            (b"3105", 4, 6),
            (b"414", 3, 13),
            (b"21", 2, 0),
        ):
            entry = ai.find(b"xx" + data + b"99", 2)
            self.assertEqual(ai.digits_of(entry), digits)
            self.assertEqual(ai.predefined_length(entry), length)
        self.assertEqual(ai.required_by(ai.find(b"21")), b"01,03,8006")
        self.assertEqual(ai.excluded_by(ai.find(b"21")), b"235")
        self.assertEqual(ai.excluded_by(ai.find(b"3103")), b"=")


if __name__ == "__main__":
    unittest.main()
