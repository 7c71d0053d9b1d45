"""Binary EPCs to identities; TDS = GS1 EPC Tag Data Standard 2.3."""

import unittest

from gatescan.core.tags import digital_link, element_string, epc, names, scheme
from gatescan.core.tags.epc_fields import Bits

# TDS annex E.3: scheme, hex, pairs as AI and value in turn. Corrected: SSCC++ and ITIP++ are
# printed with the headers of SSCC+ and ITIP+ (table 14-1 has EF and ED).
ANNEX_E3 = (
    ("sgtin-96", "3066C4409047E140075BCD15", "01 09506000134352 21 123456789"),
    (
        "sgtin-198",
        "3666C4409047E159B2C2BF100000000000000000000000000000",
        "01 09506000134352 21 32a/b",
    ),
    ("sgtin+", "F73795211411234538566CB0AFC4", "01 79521141123453 21 32a/b"),
    ("dsgtin+", "FB342CDE795211411234538566CB0AFC40", "01 79521141123453 21 32a/b 17 220630"),
    (
        "sgtin++",
        "FD3795211411234538566CB0AFC525065F1876F0D996D800",
        "01 79521141123453 21 32a/b",
    ),
    (
        "dsgtin++",
        "FC342CDE795211411234538566CB0AFC525065F1876F0D996D80",
        "01 79521141123453 21 32a/b 17 220630",
    ),
    ("sscc-96", "311BA1B300CE0A6A83000000", "00 095201234567891235"),
    ("sscc+", "F900952012345678912350", "00 095201234567891235"),
    ("sscc++", "EF009520123456789123592832F8C3B786CCB6C0", "00 095201234567891235"),
    ("sgln-96", "3276451FD46072000000162E", "414 9521141123454 254 5678"),
    (
        "sgln-195",
        "3976451FD46072CD9615F8800000000000000000000000000000",
        "414 9521141123454 254 32a/b",
    ),
    ("sgln+", "F2395211411234548566CB0AFC40", "414 9521141123454 254 32a/b"),
    (
        "sgln++",
        "E9395211411234548566CB0AFC525065F1876F0D996D8000",
        "414 9521141123454 254 32a/b",
    ),
    ("grai-96", "3376451FD40C0E400000162E", "8003 095211411234545678"),
    ("grai-170", "3776451FD40C0E59B2C2BF1000000000000000000000", "8003 0952114112345432a/b"),
    ("grai+", "F13095211411234548566CB0AFC4", "8003 0952114112345432a/b"),
    ("grai++", "EB3095211411234548566CB0AFC525065F1876F0D996D800", "8003 0952114112345432a/b"),
    ("giai-96", "3476451FD40000000000162E", "8004 95211415678"),
    ("giai-202", "3876451FD59B2C2BF10000000000000000000000000000000000", "8004 952114132a/b"),
    ("giai+", "FA3952114132E83C2BF100", "8004 952114132a/b"),
    ("giai++", "EE3952114132E83C2BF1494197C61DBC3665B600", "8004 952114132a/b"),
    ("gsrn-96", "2D76451FD4499602D2000000", "8018 952114112345678906"),
    ("gsrn+", "F43952114112345678906000", "8018 952114112345678906"),
    ("gsrn++", "E7395211411234567890692832F8C3B786CCB6C0", "8018 952114112345678906"),
    ("gsrnp-96", "2E76451FD4499602D2000000", "8017 952114112345678906"),
    ("gsrnp+", "F53952114112345678906000", "8017 952114112345678906"),
    ("gsrnp++", "E8395211411234567890692832F8C3B786CCB6C0", "8017 952114112345678906"),
    ("gdti-96", "2C76451FD46072000000162E", "253 95211411234545678"),
    (
        "gdti-174",
        "3E76451FD7039B061438997367D0C18B266D1AB66EE0",
        "253 9521141987650ABCDefgh012345678",
    ),
    ("gdti+", "F6395211411234540458B800", "253 95211411234545678"),
    ("gdti++", "EA395211411234540458BA4A0CBE30EDE1B32DB0", "253 95211411234545678"),
    ("cpi-96", "3C76451FD400C0E680003039", "8010 952114198765 8011 12345"),
    ("cpi-var", "3D76451FD75411DEF6B4CC00000003039000", "8010 95211415PQ7/Z43 8011 12345"),
    ("cpi+", "F0395211415E87A145BAFB4D19A8C0E4", "8010 95211415PQ7/Z43 8011 12345"),
    (
        "cpi++",
        "E6395211415E87A145BAFB4D19A8C0E64A0CBE30EDE1B32DB000",
        "8010 95211415PQ7/Z43 8011 12345",
    ),
    ("sgcn-96", "3F76451FD612640000019907", "255 952114167890904711"),
    ("sgcn+", "F839521141678909509338", "255 952114167890904711"),
    ("sgcn++", "EC3952114167890950933C94197C61DBC3665B60", "255 952114167890904711"),
    (
        "itip-212",
        "4176451FD40C0E4082DBDD8B36600000000000000000000000000000",
        "8006 095211411234540102 21 mw133",
    ),
    ("itip+", "F3309521141123454010266AE27FDF35", "8006 095211411234540102 21 rif981"),
    (
        "itip++",
        "ED309521141123454010266AE27FDF3592832F8C3B786CCB6C00",
        "8006 095211411234540102 21 rif981",
    ),
)
# What is wrong with none of its bits, but names nothing: TDS table 14-1 and annex E.3
NO_GS1_KEY = (
    ("3500E86F8000A9E000000586", "GID-96"),
    ("2F320434147455900000162E", "USDOD-96"),
    ("3A76451FD46072000000000000000000", "GDTI-113"),
    ("3B0E0CF5E76C9047759AD00373DC7602E7200000", "ADI-var"),
    ("000000000000000000000000", "not programmed"),
    ("E20000000000000000000000", "number of its chip"),
    ("FE0000000000000000000000", "header FE"),
    ("FF0000000000000000000000", "header FF"),
    ("420000000000000000000000", "header 42"),
)
_GTIN = 0x09506000134352


def pairs(text):
    """AI and value in turn, as pairs."""
    words = text.split(" ")
    return tuple((words[i], words[i + 1]) for i in range(0, len(words), 2))


def bits(*fields):
    """An EPC of (value, width) fields, filled up with zeros to whole words of 16 bits."""
    value = width = 0
    for field, count in fields:
        assert 0 <= field < 1 << count
        value = value << count | field
        width += count
    more = -width % 16
    return (value << more).to_bytes((width + more) // 8, "big")


def sgtin96(prefix=614141, reference=812345, serial=6789, partition=5, filters=3):
    head = ((0x30, 8), (filters, 3), (partition, 3))
    return bits(*head, (prefix, 24), (reference, 20), (serial, 38))


def sgtin_plus(*serial, header=0xF7, toggle=0):
    return bits((header, 8), (toggle, 1), (3, 3), (_GTIN, 56), *serial)


class TestAnnexE3(unittest.TestCase):
    def test_every_example_of_the_standard(self):
        for name, raw, want in ANNEX_E3:
            with self.subTest(name):
                tag = epc.read(bytes.fromhex(raw))
                self.assertIsNone(tag.error)
                self.assertEqual(tag.ais, pairs(want))
                self.assertIsNone(element_string.fault_of(tag.ais))
                self.assertFalse(tag.inferred)
                self.assertTrue(tag.key)

    def test_every_scheme_has_its_name(self):
        for name, raw, _ in ANNEX_E3:
            with self.subTest(name):
                self.assertEqual(names.NAMES[epc.read(bytes.fromhex(raw)).scheme], name)

    def test_what_is_cut_off_is_missed(self):
        for name, raw, _ in ANNEX_E3:
            data = bytes.fromhex(raw)
            with self.subTest(name):
                for length in range(len(data)):
                    if data[length:].strip(b"\0"):
                        self.assertTrue(epc.read(data[:length]).error, length)

    def test_zeros_fill_words_and_nothing_else_does(self):
        for name, raw, want in ANNEX_E3:
            data = bytes.fromhex(raw)
            with self.subTest(name):
                self.assertEqual(epc.read(data + bytes(6)).ais, pairs(want))
                self.assertIn("data follow", epc.read(data + b"\0\0\0\1").error)

    def test_other_kinds_are_refused_by_name(self):
        for raw, word in NO_GS1_KEY:
            with self.subTest(raw):
                tag = epc.read(bytes.fromhex(raw))
                self.assertIsNone(tag.key)
                self.assertIn(word, tag.error)

    def test_bytes_like_of_every_kind(self):
        for kind in (bytes, bytearray, memoryview):
            self.assertEqual(epc.read(kind(sgtin96())).serial, "6789")

    def test_lengths_that_no_tag_has(self):
        self.assertTrue(epc.read(b"").error)
        self.assertTrue(epc.read(sgtin96() + bytes(51)).error)
        self.assertIsNone(epc.read(sgtin96() + bytes(50)).error)  # 31 words, TDS 9.3


class TestOneIdentity(unittest.TestCase):
    def test_a_piece_has_one_key_whatever_carries_it(self):
        # TDS E.1: (01)09506000134352(21)6789; the same in every other encoding
        head = ((0x36, 8), (3, 3), (1, 3), (95060001343, 37), (5, 7))
        tags = (
            epc.read(bytes.fromhex("3066C4409047E14000001A85")),
            epc.read(bytes.fromhex("30C6C4409047E14000001A85")),  # another filter value
            epc.read(bits(*head, *[(char, 7) for char in b"6789"], (0, 112))),
            epc.read(sgtin_plus((0, 3), (4, 5), (6789, 14))),
            epc.read(sgtin_plus((1, 3), (4, 5), (0x6789, 16))),
            epc.read(sgtin_plus((0, 3), (4, 5), (6789, 14), (1, 1), (1, 6), (97, 7), header=0xFD)),
            element_string.read(b"0109506000134352216789", False),
            digital_link.read(b"https://id.gs1.org/01/09506000134352/21/6789", False),
            digital_link.read(b"HTTPS://example.com/a/01/9506000134352/21/6789?99=x", True),
        )
        for tag in tags:
            self.assertIsNone(tag.error)
            self.assertEqual(tag.key, tags[0].key)
            self.assertEqual(tag.gtin, "09506000134352")
            self.assertEqual(tag.serial, "6789")
        other = epc.read(bytes.fromhex("3066C4409047E14000001A86"))
        self.assertNotEqual(other.key, tags[0].key)

    def test_classic_and_plus_agree(self):
        keys = {}
        for name, raw, want in ANNEX_E3:
            key = epc.read(bytes.fromhex(raw)).key
            # A date tells no pieces apart.
            want = want.replace(" 17 220630", "")
            self.assertEqual(keys.setdefault(want, key), key, name)
        self.assertEqual(len(set(keys.values())), len(keys))

    def test_restricted_numbers_are_no_products(self):
        tag = epc.read(sgtin96(prefix=2000000, reference=12345))
        self.assertEqual(tag.scheme, scheme.S_RESTRICTED)
        self.assertIsNone(tag.gtin)

    def test_a_lone_zero_is_no_extension_of_a_location(self):
        # TDS 14.6.3: an extension of 0 stands for the GLN without one
        want = (("414", "9521141123454"),)
        head = ((3, 3), (5, 3), (9521141, 24), (12345, 17))
        self.assertEqual(epc.read(bits((0x32, 8), *head, (0, 41))).ais, want)
        self.assertEqual(epc.read(bits((0x39, 8), *head, (48 << 133, 140))).ais, want)
        plus = bits((0xF2, 8), (0, 1), (3, 3), (0x9521141123454, 52), (0, 3), (1, 5), (0, 4))
        self.assertEqual(epc.read(plus).ais, want)

    def test_leading_zeros_of_a_serial_count(self):
        # TDS 14.5.6.1: the length tells the zeros on the left
        short = epc.read(sgtin_plus((0, 3), (1, 5), (7, 4)))
        long = epc.read(sgtin_plus((0, 3), (3, 5), (7, 10)))
        self.assertEqual((short.serial, long.serial), ("7", "007"))
        self.assertNotEqual(short.key, long.key)


class TestClassic(unittest.TestCase):
    def refuse(self, data, word):
        tag = epc.read(data)
        self.assertIsNone(tag.key)
        self.assertEqual(tag.scheme, scheme.S_NONE)
        self.assertIn(word, tag.error)

    def test_fields_of_sgtin_96(self):
        tag = epc.read(sgtin96())
        self.assertEqual(tag.gtin, "80614141123458")
        self.assertEqual(tag.key[8:], b"6789")

    def test_every_partition(self):
        # TDS table 14-16: bits and digits of the company prefix, bits and digits of the item
        for partition, (m_bits, m, n_bits, n) in enumerate((
            (40, 12, 4, 1), (37, 11, 7, 2), (34, 10, 10, 3), (30, 9, 14, 4),
            (27, 8, 17, 5), (24, 7, 20, 6), (20, 6, 24, 7),
        )):
            company, item = "952114198765"[:m], "7123456"[:n]
            head = ((0x30, 8), (1, 3), (partition, 3))
            tag = epc.read(bits(*head, (int(company), m_bits), (int(item), n_bits), (99, 38)))
            self.assertEqual(tag.gtin[:13], item[0] + company + item[1:])
            self.assertEqual(tag.serial, "99")
            self.refuse(bits(*head, (10**m, m_bits), (0, n_bits), (99, 38)), "too large")
            self.refuse(bits(*head, (1, m_bits), (10**n, n_bits), (99, 38)), "too large")

    def test_partition_7_does_not_exist(self):
        for header in (0x30, 0x31, 0x32, 0x33, 0x34, 0x2C, 0x2D, 0x2E, 0x3C, 0x3F):
            self.refuse(bits((header, 8), (0, 3), (7, 3), (0, 82)), "partition 7")

    def test_numbers_with_too_many_digits(self):
        # TDS 14.4.3: C < 10^L, D < 10^K; 14.4.4 with table 14-34
        self.refuse(sgtin96(prefix=10000000), "too large")
        self.refuse(sgtin96(reference=1000000), "too large")
        cpi = ((0x3C, 8), (0, 3), (0, 3), (952114112345, 40))
        self.assertIsNone(epc.read(bits(*cpi, (999, 11), (1, 31))).error)
        self.refuse(bits(*cpi, (1000, 11), (1, 31)), "too large")
        # without digits the reference must be zero
        self.refuse(bits((0x32, 8), (0, 3), (0, 3), (952114112345, 40), (1, 1), (5, 41)), "large")

    def test_reserved_bits_are_zero(self):
        # TDS 14.6.2: 24 zero bits behind the serial reference
        head = ((0, 3), (6, 3), (952012, 20), (3456789123, 38))
        self.assertIsNone(epc.read(bits((0x31, 8), *head, (0, 24))).error)
        for header in (0x31, 0x2D, 0x2E):
            self.refuse(bits((header, 8), *head, (1, 24)), "reserved bits")

    def test_coupon_serial_has_a_1_before_it(self):
        # TDS 14.4.6
        head = ((0x3F, 8), (0, 3), (5, 3), (9521141, 24), (67890, 17))
        self.assertEqual(epc.read(bits(*head, (1004711, 41))).ais[0][1], "9521141678909004711")
        for number in (0, 1, 204711):
            self.refuse(bits(*head, (number, 41)), "end mark")
        self.refuse(bits(*head, ((1 << 41) - 1, 41)), "end mark")

    def test_7_bit_text(self):
        # TDS 14.4.2: table A-1 only, at least one character, zeros only behind the last one
        def sgtin198(*chars):
            head = ((0x36, 8), (3, 3), (5, 3), (614141, 24), (712345, 20))
            fields = [(ord(char), 7) for char in chars]
            return bits(*head, *fields, (0, 140 - 7 * len(chars)))

        self.assertEqual(epc.read(sgtin198("0", "a", "/", "_")).serial, "0a/_")
        self.assertEqual(epc.read(sgtin198(*"ABCDEFGHIJKLMNOPQRST")).serial[-1], "T")
        self.refuse(sgtin198(), "length")
        self.refuse(sgtin198("A", "\0", "B"), "follow")
        self.refuse(sgtin198("\0", "B"), "follow")
        for char in ("\1", " ", "$", "@", "[", "^", "`", "{", "\x7f", "#"):
            self.refuse(sgtin198("A", char), "(21)")

    def test_6_bit_text(self):
        # TDS 14.4.9 and annex G: up to six zeros, 18 to 24 characters, character set 39
        def cpi(codes, end=0):
            head = ((0x3D, 8), (0, 3), (5, 3), (9521141, 24))
            return bits(*head, *[(code, 6) for code in codes], (end, 6), (12345, 40))

        self.assertEqual(epc.read(cpi((1, 26, 48, 57, 35, 45, 47))).ais[0][1], "9521141AZ09#-/")
        self.assertIsNone(epc.read(cpi([1] * 23)).error)
        self.refuse(cpi([1] * 24), "too long")
        self.refuse(cpi(()), "empty")
        for code in (27, 31, 32, 34, 36, 44, 46, 58, 63):
            self.refuse(cpi((1, code)), "does not exist")

    def test_pieces_of_an_item(self):
        # TDS 14.4.10 and General Specifications 3.9.6: piece and total are two digits each
        def itip(piece, total):
            head = ((0x40, 8), (0, 3), (5, 3), (9521141, 24), (12345, 20))
            return bits(*head, (piece, 7), (total, 7), (981, 38))

        self.assertEqual(epc.read(itip(1, 2)).ais[0], ("8006", "095211411234540102"))
        self.assertEqual(epc.read(itip(1, 2)).serial, "981")
        self.assertEqual(names.NAMES[epc.read(itip(1, 2)).scheme], "itip-110")
        self.refuse(itip(100, 2), "too large")
        self.refuse(itip(3, 2), "(8006)")
        self.refuse(itip(0, 2), "(8006)")

    def test_an_asset_has_30_characters(self):
        # TDS table for GIAI-202: 12 digits of prefix leave 18 of the 21 characters that fit
        head = ((0x38, 8), (0, 3), (0, 3), (952114112345, 40))
        for chars in range(1, 19):
            text = [(65, 7)] * chars
            tag = epc.read(bits(*head, *text, (0, 148 - 7 * chars)))
            self.assertEqual(tag.ais, (("8004", "952114112345" + "A" * chars),))
        for chars in (19, 21):
            self.refuse(bits(*head, *[(65, 7)] * chars, (0, 148 - 7 * chars)), "length")
        self.refuse(bits(*head, *[(65, 7)] * 18, (1, 22)), "length")


class TestPlus(unittest.TestCase):
    def refuse(self, data, word):
        tag = epc.read(data)
        self.assertIsNone(tag.key)
        self.assertIn(word, tag.error)

    def test_every_encoding_of_characters(self):
        # TDS 14.5.6, table E
        urn = ((13 * 1600 + 27 * 40 + 28 + 1, 16), (29 * 1600 + 39 * 40 + 0 + 1, 16))
        for want, fields in (
            ("20260", ((0, 3), (5, 5), (20260, 17))),
            ("00000000000000000001", ((0, 3), (20, 5), (1, 67))),
            ("99999999999999999999", ((0, 3), (20, 5), (99999999999999999999, 67))),
            ("0AF9", ((1, 3), (4, 5), (0x0AF9, 16))),
            ("0af9", ((2, 3), (4, 5), (0x0AF9, 16))),
            ("Az9-_", ((3, 3), (5, 5), (0, 6), (51, 6), (61, 6), (62, 6), (63, 6))),
            ("!z", ((4, 3), (2, 5), (33, 7), (122, 7))),
            ("M-.:9", ((5, 3), (5, 5)) + urn),
            ("ABCDEF", ((5, 3), (6, 5), (1684, 16), (6607, 16))),
            ("9", ((5, 3), (1, 5), (62401, 16))),
        ):
            with self.subTest(want):
                self.assertEqual(epc.read(sgtin_plus(*fields)).serial, want)

    def test_numbers_take_the_fewest_bits(self):
        # TDS 14.5.6.1: ceiling(L * log2(10)); so many bits and no fewer hold 10^L - 1
        for length in range(1, 21):
            width = 1
            while 1 << width < 10**length:
                width += 1
            data = sgtin_plus((0, 3), (length, 5), (10**length - 1, width))
            self.assertEqual(epc.read(data).serial, "9" * length)
            self.refuse(sgtin_plus((0, 3), (length, 5), (10**length, width)), "too large")

    def test_encodings_and_lengths_that_do_not_exist(self):
        for encoding in (6, 7):
            self.refuse(sgtin_plus((encoding, 3), (1, 5), (1, 7)), "reserved")
        for encoding in range(6):
            self.refuse(sgtin_plus((encoding, 3), (0, 5)), "length")
            self.refuse(sgtin_plus((encoding, 3), (21, 5), (1, 147)), "length")
        for char in (0, 1, 32, 36, 127):
            self.refuse(sgtin_plus((4, 3), (2, 5), (65, 7), (char, 7)), "")

    def test_urn_code_40(self):
        # TDS 14.5.6.5: r = 1600 i1 + 40 i2 + i3 + 1; the filler stands at the end only
        for code, length in (
            (0, 3),
            (64001, 3),
            (65535, 3),
            (1600 + 40 + 1, 3),  # AA and a filler, yet three characters
            (1600 + 40 + 1 + 1, 2),  # AAA, yet two characters
            (1600 + 1 + 1, 3),  # the filler in the middle
            (40 + 1 + 1, 3),  # the filler in front
        ):
            self.refuse(sgtin_plus((5, 3), (length, 5), (code, 16)), "")

    def test_digits_above_9(self):
        # TDS 14.5.4
        for nibble in range(10, 16):
            gtin = _GTIN & ~0xF0 | nibble << 4
            self.refuse(bits((0xF7, 8), (3, 4), (gtin, 56), (0, 3), (1, 5), (1, 4)), "too large")

    def test_a_wrong_check_digit(self):
        self.refuse(bits((0xF7, 8), (3, 4), (_GTIN ^ 1, 56), (0, 3), (1, 5), (1, 4)), "(01)")

    def test_digits_up_to_a_mark(self):
        # TDS 14.5.5: 1111 ends the digits, after 1110 characters follow
        def giai(*nibbles):
            return ((0xFA, 8), (0, 4)) + tuple((nibble, 4) for nibble in nibbles)

        self.assertEqual(epc.read(bits(*giai(9, 5, 2, 1, 0, 15))).ais[0], ("8004", "95210"))
        ends_in_text = giai(9, 5, 2, 1, 14) + ((3, 3), (1, 5), (26, 6))
        self.assertEqual(epc.read(bits(*ends_in_text)).ais[0][1], "9521a")
        self.assertIsNone(epc.read(bits(*giai(*[9] * 30 + [15]))).error)
        self.refuse(bits(*giai(*[9] * 31 + [15])), "")
        self.refuse(bits(*giai(*[9] * 30 + [14]), (3, 3), (1, 5), (26, 6)), "length")
        for nibble in (10, 11, 12, 13):
            self.refuse(bits(*giai(9, 5, 2, 1, nibble)), "does not exist")
        self.refuse(bits(*giai(15)), "does not exist")
        self.refuse(bits(*giai(14), (3, 3), (1, 5), (26, 6)), "does not exist")

    def test_dates(self):
        # TDS 14.5.3
        def dsgtin(kind, year, month, day):
            head = ((0xFB, 8), (0, 4), (kind, 4), (year, 7), (month, 4), (day, 5))
            return bits(*head, (_GTIN, 56), (0, 3), (1, 5), (7, 4))

        for kind, ai in enumerate(("11", "13", "15", "16", "17", "7006", "7007")):
            tag = epc.read(dsgtin(kind, 26, 2, 28))
            self.assertIsNone(tag.error)
            self.assertEqual(tag.ais[2], (ai, "260228"))
            self.assertEqual(tag.key, epc.read(dsgtin(kind, 26, 3, 1)).key)
        for kind in range(7, 16):
            self.refuse(dsgtin(kind, 26, 2, 28), "reserved")
        self.refuse(dsgtin(4, 100, 2, 28), "too large")
        for month, day in ((0, 1), (13, 1), (2, 30)):
            self.refuse(dsgtin(4, 26, month, day), "(17)")

    def test_domain_names_are_passed_over(self):
        # TDS 14.5.16: 7-bit characters, or URN Code 40; whatever it says, the key is the same
        serial = ((0, 3), (1, 5), (7, 4))
        key = epc.read(sgtin_plus(*serial)).key
        for domain in (
            ((1, 1), (3, 6), (0x1FFFFF, 21)),
            ((0, 1), (3, 6), (12345, 16)),
            ((0, 1), (4, 6), (12345, 16), (1601, 16)),
        ):
            self.assertEqual(epc.read(sgtin_plus(*serial, *domain, header=0xFD)).key, key)
            self.refuse(sgtin_plus(*serial, *domain, (1, 1), header=0xFD), "data follow")
        self.refuse(sgtin_plus(*serial, (1, 1), (0, 6), header=0xFD), "domain name")
        self.refuse(sgtin_plus(*serial, (1, 1), (63, 6), (1, 7), header=0xFD), "cut short")
        self.refuse(sgtin_plus(*serial, header=0xFD), "cut short")

    def test_further_data_only_where_announced(self):
        # TDS 14.5.1: the toggle bit says that AIDC data follow
        serial = ((0, 3), (1, 5), (7, 4))
        more = ((0x10, 8), (0, 3), (1, 5), (3, 4))
        key = epc.read(sgtin_plus(*serial)).key
        self.assertEqual(epc.read(sgtin_plus(*serial, *more, toggle=1)).key, key)
        self.refuse(sgtin_plus(*serial, *more), "data follow")


class TestNoise(unittest.TestCase):
    def test_bits_are_taken_one_after_the_other(self):
        reader = Bits(b"\xa5\x3c\xff")
        self.assertEqual([reader.take(n) for n in (1, 2, 5, 0, 12, 4)], [1, 1, 5, 0, 0x3CF, 15])
        self.assertEqual(reader.left(), 0)

    def test_noise_is_an_identity_or_a_sentence(self):
        state = 20261122
        for header in range(256):
            for length in (2, 12, 16, 26, 62):
                data = bytearray([header])
                for _ in range(length - 1):
                    state = (state * 69069 + 1) & 0x3FFFFFF
                    data.append(state >> 18)
                tag = epc.read(data)
                self.assertTrue((tag.key is None) == bool(tag.error), header)


if __name__ == "__main__":
    unittest.main()
