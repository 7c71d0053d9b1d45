"""Barcodes to identities; GS = GS1 General Specifications, identifiers by ISO/IEC 15424."""

import unittest

from gatescan.core.tags import barcode, gtin, scheme

NONE_OF_THEM = (
    b"",
    b"]",
    b"]E",
    b"]E0",
    b"]]]]",
    b"   ",
    b"]?0123",
    b"]EX5901234123457",
    b"abc\x00def",
    b"\xc3\xa6bl\xc3\xb8d",
    b"VF-1\r",
    b"x" * 49,
    b"]C0" + b"x" * 49,
    b"]C2010590123412345710ABC",
    b"]e1010590123412345710ABC",
    b"urn:epc:id:sgtin:0614141.812345.6789",
    b"0105901234123458",
    b"123",
    b"1234567890",
    b"000000000000000000",
)


class TestGtin(unittest.TestCase):
    def test_every_length_comes_to_one_form(self):
        # GS 3.3.2: the shorter forms are filled with zeros on the left
        for raw, want in (
            (b"]E05901234123457", "05901234123457"),
            (b"5901234123457", "05901234123457"),
            (b"05901234123457", "05901234123457"),
            (b"]I105901234123457", "05901234123457"),
            (b"123601057072", "00123601057072"),
            (b"]E496385074", "00000096385074"),
            (b"]E412345670", "00000012345670"),
            (b"]E3590123412345712", "05901234123457"),
            (b"]E3590123412345712345", "05901234123457"),
        ):
            with self.subTest(raw):
                tag = barcode.parse(raw)
                self.assertEqual(tag.error, None)
                self.assertEqual(tag.gtin, want)
                self.assertEqual(tag.scheme, scheme.S_GTIN)
                self.assertEqual(tag.inferred, raw[:1] != b"]")
                self.assertEqual(gtin.gtin14_of_key(tag.key), want)
                self.assertEqual(len(tag.key), 8)

    def test_upce_expands(self):
        # GS 5.2.2.4.2; the four branches of the sixth digit
        for short, full in (
            (b"01234565", b"012345000065"),
            (b"04252614", b"042100005264"),
            (b"01234505", b"012000003455"),
            (b"01234531", b"012300000451"),
        ):
            self.assertEqual(gtin.upce_expand(short), full)
        self.assertIsNone(gtin.upce_expand(b"01234566"))
        self.assertIsNone(gtin.upce_expand(b"21234565"))

    def test_eight_digits_that_fit_twice_are_ambiguous(self):
        tag = barcode.parse(b"12345670")
        self.assertTrue(tag.ambiguous)
        self.assertIsNone(tag.key)
        self.assertIsNone(tag.gtin)
        self.assertTrue(tag.error)

    def test_eight_digits_that_fit_once_are_taken(self):
        self.assertEqual(barcode.parse(b"96385074").gtin, "00000096385074")
        self.assertEqual(barcode.parse(b"04252614").gtin, "00042100005264")

    def test_wrong_digits_have_no_key(self):
        for raw in (
            b"5901234123458",
            b"]E05901234123458",
            b"]E0123601057072",
            b"]E0abc",
            b"]E496385075",
            b"]E45901234123457",
            b"]E112",
            b"]E212345",
            b"]I1123456",
            b"]I30590123412345",
        ):
            with self.subTest(raw):
                tag = barcode.parse(raw)
                self.assertIsNone(tag.key)
                self.assertTrue(tag.error.endswith("."))

    def test_what_is_no_product_has_its_own_scheme(self):
        # GS 1.4.2: prefixes with special meaning
        for raw, want in (
            (b"2135040039753", scheme.S_RESTRICTED),
            (b"]E02135040039753", scheme.S_RESTRICTED),
            (b"201111111115", scheme.S_RESTRICTED),
            (b"401111111119", scheme.S_RESTRICTED),
            (b"491111111110", scheme.S_RESTRICTED),
            (b"]E400099998", scheme.S_RESTRICTED),
            (b"]E0" + b"0000000123457", scheme.S_RESTRICTED),
            (b"9781492053743", scheme.S_ISBN),
            (b"9790060115615", scheme.S_ISBN),
            (b"9771234567003", scheme.S_ISSN),
            (b"9800000000007", scheme.S_COUPON),
            (b"9910000000003", scheme.S_COUPON),
            (b"512345678900", scheme.S_COUPON),
        ):
            with self.subTest(raw):
                tag = barcode.parse(raw)
                self.assertEqual(tag.error, None)
                self.assertEqual(tag.scheme, want)
                self.assertEqual(tag.key[0], want)
                self.assertIsNone(tag.gtin)

    def test_german_and_japanese_prefixes_are_products(self):
        # 040-049 is restricted, 400-499 is not
        self.assertEqual(barcode.parse(b"4042448125590").scheme, scheme.S_GTIN)


class TestOtherContent(unittest.TestCase):
    def test_short_printable_text(self):
        for raw, inferred in ((b"VF-000123", True), (b"]C0VF-000123", False)):
            tag = barcode.parse(raw)
            self.assertEqual(tag.scheme, scheme.S_TEXT)
            self.assertEqual(tag.text, "VF-000123")
            self.assertEqual(tag.key, b"\x10VF-000123")
            self.assertEqual(tag.inferred, inferred)
        self.assertEqual(barcode.parse(b"x" * 48).text, "x" * 48)

    def test_bytes_like_of_every_kind(self):
        for kind in (bytes, bytearray, memoryview):
            self.assertEqual(barcode.parse(kind(b"VF-000123")).text, "VF-000123")

    def test_fnc1_in_first_place_is_an_element_string(self):
        # ISO/IEC 15424: C1, d2, Q3, J1, e0; GS 7.8
        for mark in (b"]C1", b"]d2", b"]Q3", b"]J1", b"]e0"):
            tag = barcode.parse(mark + b"010590123412345710ABC")
            self.assertEqual(tag.error, None, mark)
            self.assertEqual(tag.scheme, scheme.S_GS1)
            self.assertEqual(tag.gtin, "05901234123457")
            self.assertEqual(tag.ais, (("01", "05901234123457"), ("10", "ABC")))
            ean = barcode.parse(b"]E05901234123457")
            self.assertEqual(tag.key, ean.key, "a batch is no piece")
            self.assertFalse(tag.inferred)

    def test_a_serial_makes_it_one_piece(self):
        piece = barcode.parse(b"]d201059012341234572142\x1d10A")
        self.assertEqual(piece.serial, "42")
        self.assertEqual(piece.key, barcode.parse(b"]E05901234123457").key + b"42")

    def test_an_element_string_tells_itself_without_an_identifier(self):
        for raw in (
            b"0105901234123457",
            b"010590123412345710ABC\x1d2142",
            b"\x1d010590123412345710ABC",
            b"00395011010013000129",
        ):
            tag = barcode.parse(raw)
            self.assertEqual((tag.scheme, tag.error), (scheme.S_GS1, None), raw)
            self.assertTrue(tag.inferred)

    def test_plain_code_128_is_no_element_string(self):
        self.assertTrue(barcode.parse(b"]C00105901234123457").error)
        self.assertEqual(barcode.parse(b"]C0010590123412345710ABC").scheme, scheme.S_TEXT)

    def test_web_addresses(self):
        for raw, inferred in (
            (b"]Q1https://id.gs1.org/01/05901234123457", False),
            (b"]d1https://id.gs1.org/01/05901234123457", False),
            (b"HTTP://ID.GS1.ORG/01/05901234123457", True),
        ):
            tag = barcode.parse(raw)
            self.assertEqual((tag.scheme, tag.gtin), (scheme.S_DIGITAL_LINK, "05901234123457"))
            self.assertEqual(tag.inferred, inferred)
        for raw in (b"https://example.com/a", b"]Q1Http://id.gs1.org/01/05901234123457"):
            self.assertTrue(barcode.parse(raw).error, raw)

    def test_documents_leave_no_content(self):
        # ICAO 9303-4 appendix B: the specimen of Utopia; a card number of EMV test sets
        zone = (
            b"P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<"
            b"L898902C36UTO7408122F1204159ZE184226B<<<<<10"
        )
        buyer = b"hQVDUFYwMWETTwegAAAAVVVVUA9QUk9E"  # EMVCo consumer-presented mode, few digits
        for raw, kind in (
            (zone, scheme.S_PASSPORT),
            (b"4111111111111111", 18),
            (buyer, 18),
            (b" " + buyer, 18),
        ):
            tag = barcode.parse(b"]Q1" + raw)
            self.assertEqual(tag.key, bytes((kind,)))
            self.assertEqual(tag.scheme, kind)
            self.assertEqual((tag.text, tag.gtin, tag.serial, tag.ais), (None, None, None, ()))

    def test_refused(self):
        for raw in NONE_OF_THEM:
            with self.subTest(raw):
                tag = barcode.parse(raw)
                self.assertIsNone(tag.key)
                self.assertEqual(tag.scheme, scheme.S_NONE)
                self.assertTrue(tag.error.endswith("."))

    def test_no_bytes_raise(self):
        state = 12345
        for round_ in range(2000):
            data = bytearray()
            for _ in range(round_ % 53):
                state = (state * 1103515245 + 12345) & 0x7FFFFFFF
                data.append(state >> 16 & 255)
            if round_ & 1 and len(data) > 2:
                data[0:3] = (b"]E0", b"]E4", b"]I1", b"]C0")[round_ >> 1 & 3]
            tag = barcode.parse(data)
            self.assertEqual(tag.key is None, tag.error is not None)
