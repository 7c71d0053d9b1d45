"""Papers and cards that must leave no trace; all numbers are specimens or test numbers.

Zones: the specimens of ICAO Doc 9303 parts 4 to 7 (state UTO). Cards: the public test numbers of
the card networks.
"""

import random
import unittest

from gatescan.core.tags import documents, gtin, scheme

PASSPORT = (
    b"P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<",  # 9303-4, appendix A
    b"L898902C36UTO7408122F1204159ZE184226B<<<<<10",
)
ID_CARD = (
    b"I<UTOD231458907<<<<<<<<<<<<<<<",  # 9303-5, appendix B
    b"7408122F1204159UTO<<<<<<<<<<<6",
    b"ERIKSSON<<ANNA<MARIA<<<<<<<<<<",
)
SMALL = (
    b"I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<",  # 9303-6, appendix B
    b"D231458907UTO7408122F1204159<<<<<<<6",
)
VISA = (
    b"V<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<",  # 9303-7, appendix A
    b"L8988901C4XXX4009078F96121096ZE184226B<<<<<<",
)
CARDS = (
    b"4111111111111111", b"4012888888881881", b"5555555555554444", b"2223003122003222",
    b"378282246310005", b"371449635398431", b"36227206271667", b"6011111111111117",
    b"6200000000000005",
)


class TestZones(unittest.TestCase):
    def test_specimens_however_their_lines_end(self):
        for lines in (PASSPORT, ID_CARD, SMALL, VISA):
            for between in (b"", b"\r", b"\n", b"\r\n", b" "):
                data = between.join(lines)
                with self.subTest(data):
                    self.assertEqual(documents.kind_of(data), scheme.S_PASSPORT)
                    self.assertEqual(documents.kind_of(data + between), scheme.S_PASSPORT)
                    self.assertEqual(documents.kind_of(data.lower()), scheme.S_PASSPORT)
                    self.assertEqual(documents.kind_of(b"]L0" + data), scheme.S_PASSPORT)

    def test_a_wrong_check_digit_proves_nothing_and_drops_all(self):
        # 9303-3, 4.9: the fields that this module proves, number, birth and expiry
        for lines, places in (
            (PASSPORT, (0, 44, 50, 53, 57, 60, 63, 65, 68, 71)),
            (ID_CARD, (0, 5, 12, 14, 30, 35, 36, 38, 42, 44)),
            (SMALL, (0, 36, 42, 45, 49, 54, 55, 57, 60, 63)),
        ):
            for place in places:
                data = bytearray(b"".join(lines))
                data[place] = ord("8") if data[place] != ord("8") else ord("9")
                self.assertEqual(documents.kind_of(data), documents.PERSONAL, (lines, place))

    def test_a_filler_is_no_check_digit_of_a_date(self):
        # 9303-3, 4.9: only that of the optional data may be "<" for 0
        unknown = PASSPORT[1].replace(b"7408122", b"<<<<<<0")
        self.assertEqual(documents.kind_of(PASSPORT[0] + unknown), scheme.S_PASSPORT)
        filled = PASSPORT[1].replace(b"7408122", b"<<<<<<<")
        self.assertEqual(documents.kind_of(PASSPORT[0] + filled), documents.PERSONAL)

    def test_one_line_by_itself_is_dropped_too(self):
        for lines in (PASSPORT, ID_CARD, SMALL, VISA):
            for line in lines:
                self.assertTrue(documents.kind_of(line), line)
        self.assertEqual(documents.kind_of(PASSPORT[1]), scheme.S_PASSPORT)
        self.assertEqual(documents.kind_of(PASSPORT[0]), documents.PERSONAL)
        self.assertEqual(documents.kind_of(ID_CARD[0] + ID_CARD[1]), documents.PERSONAL)

    def test_a_long_document_number_goes_on_behind(self):
        # 9303-5, 4.2.2 note j: "<" in the place of the check digit
        line = b"I<UTOD23145890<7349<<<<<<<<<<<"
        self.assertEqual(
            documents.kind_of(b"".join((line, ID_CARD[1], ID_CARD[2]))), scheme.S_PASSPORT
        )

    def test_a_full_second_line_needs_no_filler(self):
        data = b"P" + b"A" * 43 + b"L898902C36UTO7408122F1204159ZE184226BXXXXX10"
        self.assertNotIn(b"<", data)
        self.assertEqual(documents.kind_of(data), scheme.S_PASSPORT)

    def test_other_text_of_those_lengths_is_no_zone(self):
        for size in (30, 36, 44, 60, 72, 88, 90):
            self.assertEqual(documents.kind_of(b"A1" * (size // 2)), scheme.S_NONE)
            self.assertEqual(documents.kind_of(b"A.<" + b"A" * (size - 3)), scheme.S_NONE)
            self.assertEqual(documents.kind_of(b"A" * size + b"<"), scheme.S_NONE)
        self.assertEqual(documents.kind_of(b"<" * 88), documents.PERSONAL)


class TestPaymentCards(unittest.TestCase):
    def test_numbers_with_and_without_groups(self):
        for digits in CARDS:
            grouped = b" ".join([digits[i : i + 4] for i in range(0, len(digits), 4)])
            with self.subTest(digits):
                for data in (digits, grouped, grouped.replace(b" ", b"-"), b"]C0" + digits):
                    self.assertEqual(documents.kind_of(data), scheme.S_PAYMENT_CARD)
                self.assertEqual(documents.kind_of(b"Card: " + digits), documents.PERSONAL)

    def test_every_wrong_digit_breaks_luhn(self):
        # ISO/IEC 7812-1, annex B: any single substitution is found
        for place in range(16):
            for other in b"0123456789":
                digits = bytearray(CARDS[0])
                if digits[place] != other:
                    digits[place] = other
                    self.assertEqual(documents.kind_of(digits), scheme.S_NONE)

    def test_magnetic_tracks(self):
        # ISO/IEC 7813: track 1 in format B, track 2, and both
        one = b"%B4111111111111111^SPECIMEN/TEST^25121010000000?"
        two = b";4111111111111111=25121010000000?"
        for data in (one, two, one + two, b"%B4111 1111 1111 1111^A/B^2512101?"):
            self.assertEqual(documents.kind_of(data), scheme.S_PAYMENT_CARD)
        self.assertEqual(documents.kind_of(two.replace(b"=", b"D")), scheme.S_NONE)
        self.assertEqual(documents.kind_of(b";4111111111111112=2512101?"), documents.PERSONAL)
        self.assertEqual(documents.kind_of(b"%BREAD^1"), scheme.S_NONE)
        self.assertEqual(documents.kind_of(b";;=="), scheme.S_NONE)

    def test_emv_qr_codes(self):
        # EMVCo merchant-presented mode: tag 63 is CRC-16/CCITT-FALSE over all before its value
        body = b"00020101021129300012D156000000000510A93FO3230Q520441115303208" \
            b"5802DK5904TEST6010COPENHAGEN6304"
        crc = 0xFFFF
        for byte in body:
            for bit in range(7, -1, -1):
                top = (crc >> 15) ^ (byte >> bit & 1)
                crc = (crc << 1 & 0xFFFF) ^ (0x1021 if top else 0)
        good = body + b"%04X" % crc
        self.assertEqual(documents.kind_of(good), scheme.S_PAYMENT_CARD)
        self.assertEqual(documents.kind_of(good.replace(b"TEST", b"TEXT")), documents.PERSONAL)
        self.assertEqual(documents.kind_of(b"hQVDUFYwMWETTwegAAAAVVVVUA9QUk9E"), 18)

    def test_retail_numbers_are_not_cards(self):
        random.seed(7812)
        luhn = 0
        for _ in range(2000):
            size = random.choice((13, 14))
            digits = b"%d" % random.randrange(3, 7)
            for _ in range(size - 2):
                digits += b"%d" % random.randrange(10)
            digits += b"%d" % gtin.check_digit(digits, 0, size - 1)
            luhn += documents._luhn(digits)
            self.assertEqual(documents.kind_of(digits), scheme.S_NONE, digits)
        self.assertGreater(luhn, 100)  # those would else be taken for cards
        self.assertEqual(documents.kind_of(b"]E0" + CARDS[0]), scheme.S_NONE)
        self.assertEqual(documents.kind_of(b"]I1" + CARDS[6]), scheme.S_NONE)

    def test_a_card_whose_number_has_a_gtin_check_digit_too(self):
        both = b"36000000000081"  # ISO/IEC 7812-1 annex B and General Specifications 7.9
        self.assertTrue(documents._luhn(both) and gtin.check_ok(both, 0, 14))
        self.assertEqual(documents.kind_of(both), scheme.S_NONE)  # a product, by its barcode
        for data in (b"3600-0000-0000-81", b"3600 000000 0081", b";36000000000081=2512101?"):
            self.assertEqual(documents.kind_of(data), scheme.S_PAYMENT_CARD, data)

    def test_numbers_of_phones_are_not_cards(self):
        # 3GPP TS 23.003, annex B: an IMEI ends in a Luhn digit; its example
        self.assertTrue(documents._luhn(b"490154203237518"))
        self.assertEqual(documents.kind_of(b"490154203237518"), scheme.S_NONE)
        # an IMEISV may look like a JCB number: dropped, and not called a card
        self.assertEqual(documents.kind_of(b"3530111333300000"), documents.PERSONAL)


class TestCivilRegistrationNumbers(unittest.TestCase):
    def test_a_date_and_four_digits(self):
        # synthetic: sequence number 0000 is not in use
        for data in (
            b"0101010000", b"010101-0000", b"010101 0000", b"290200-0000", b"610101-0000",
            b"CPR:010101-0000", b"311299-0000", b"CPR 0101010000 TEST",
        ):
            self.assertEqual(documents.kind_of(data), documents.PERSONAL, data)

    def test_other_numbers(self):
        for data in (
            b"320101-0000", b"000101-0000", b"011301-0000", b"310401-0000", b"300201-0000",
            b"920101-0000", b"AB0101010000", b"01010100001", b"010101000", b"VF-0101010000",
        ):
            self.assertEqual(documents.kind_of(data), scheme.S_NONE, data)


class TestApplications(unittest.TestCase):
    def test_chips_by_what_they_run(self):
        # 9303-10, 3.2; EMV Book 1, 12.2.1; full identifiers begin with the provider's
        for aid, kind in (
            (b"\xa0\x00\x00\x02\x47\x10\x01", scheme.S_PASSPORT),
            (b"\xa0\x00\x00\x02\x47\x20\x01", scheme.S_PASSPORT),
            (b"2PAY.SYS.DDF01", scheme.S_PAYMENT_CARD),
            (b"1PAY.SYS.DDF01", scheme.S_PAYMENT_CARD),
            (b"\xa0\x00\x00\x00\x03\x10\x10", scheme.S_PAYMENT_CARD),
            (b"\xa0\x00\x00\x00\x04\x30\x60", scheme.S_PAYMENT_CARD),
            (b"\xa0\x00\x00\x01\x21\x10\x10", scheme.S_PAYMENT_CARD),
            (b"\xa0\x00\x00\x00\x25\x01", scheme.S_PAYMENT_CARD),
            (b"\xa0\x00\x00\x00\x65\x10\x10", scheme.S_PAYMENT_CARD),
            (b"\xa0\x00\x00\x01\x52\x30\x10", scheme.S_PAYMENT_CARD),
            (b"\xa0\x00\x00\x03\x33\x01\x01\x01", scheme.S_PAYMENT_CARD),
            (b"\xd2\x76\x00\x00\x85\x01\x01", scheme.S_NONE),  # NDEF
            (b"\xa0\x00\x00\x00", scheme.S_NONE),
            (b"3PAY.SYS.DDF01", scheme.S_NONE),
            (b"", scheme.S_NONE),
        ):
            self.assertEqual(documents.kind_of_application(aid), kind, aid)


class TestNothingIsKept(unittest.TestCase):
    def test_the_tag_is_the_kind_and_no_more(self):
        for kind in (scheme.S_PASSPORT, scheme.S_PAYMENT_CARD):
            tag = documents.tag_of(kind)
            self.assertEqual(tag, scheme.known(kind, bytes((kind,))))
            self.assertEqual((tag.gtin, tag.serial, tag.text, tag.uid), (None,) * 4)

    def test_what_is_only_perhaps_personal_has_no_key(self):
        for kind in (documents.PERSONAL, scheme.S_NONE, scheme.S_TEXT, 99):
            tag = documents.tag_of(kind)
            self.assertIsNone(tag.key)
            self.assertEqual(tag.scheme, scheme.S_NONE)
            self.assertIsNone(tag.text)
            self.assertIn("by hand", tag.error)

    def test_any_bytes(self):
        random.seed(9303)
        seeds = [b"\n".join(PASSPORT), b"".join(ID_CARD), CARDS[0], b"010101-0000",
                 b"%B4111111111111111^A/B^2512101?", b";41=", b"0002016304", b"]C0", b"\x00" * 600]
        kinds = {}
        for _ in range(2000):
            data = bytearray(random.choice(seeds))
            for _ in range(random.randrange(4)):
                at = random.randrange(len(data) + 1)
                if random.randrange(3):
                    data[at : at + 1] = bytes((random.getrandbits(8),))
                else:
                    data = data[:at] + data[at + random.randrange(3) :]
            kind = documents.kind_of(data)
            kinds[kind] = kinds.get(kind, 0) + 1
            tag = documents.tag_of(kind)
            self.assertTrue((tag.key is None) != (tag.error is None))
            documents.kind_of_application(data)
        self.assertEqual(
            sorted(kinds),
            [documents.PERSONAL, scheme.S_NONE, scheme.S_PASSPORT, scheme.S_PAYMENT_CARD],
        )
