"""Values of application identifiers: GS is GS1 General Specifications, with the clause."""

import unittest

from gatescan.core.tags import ai, lint, lint_codes


def fault_of(name, value):
    return lint.fault_of(name, ai.find(name.encode()), value)


class TestValues(unittest.TestCase):
    def check(self, name, good, bad):
        for value in good:
            self.assertIsNone(fault_of(name, value), (name, value))
        for value in bad:
            fault = fault_of(name, value)
            self.assertTrue(fault and "(" + name + ")" in fault, (name, value))
            self.assertTrue(fault.endswith("by hand."), fault)

    def test_check_digit(self):
        # GS 7.9.1
        self.check("00", (b"395212340000000014",), (b"395212340000000015", b"39521234000000001A"))
        self.check("01", (b"09521234543213",), (b"09521234543214", b"9521234543213", b""))
        self.check("402", (b"95212340000000013",), (b"95212340000000014", b"9521234000000001"))
        self.check("8017", (b"395212340000000014",), (b"395212340000000041",))

    def test_check_characters(self):
        # GS 7.9.5, with its example of a GMN
        good = b"1987654Ad4X4bL5ttr2310c2K"
        bad = (good[:-1] + b"L", good[1:], b"2987654Ad4X4bL5ttr2310c2K", good[:-2], b"2", b"")
        self.check("8013", (good,), bad + (b"ABCDEF22",))
        self.check("8014", (good,), bad)

    def test_company_prefix(self):
        # GS 1.4.2: at least four digits
        self.check("8004", (b"1234", b"9521ABC/-"), (b"123", b"952A", b"A9521", b""))
        self.check("8010", (b"9521A#/-",), (b"9521a", b"9521.", b"95"))

    def test_character_sets(self):
        # GS figures 7.11-1, 7.11-2 and 7.11-3
        every = bytes(range(256))
        for name, number, count in (("10", 1, 82), ("8010", 2, 39), ("8030", 3, 64)):
            allowed = [b for b in every if lint.in_set(number, bytes((b,)))]
            self.assertEqual(len(allowed), count, name)
        for byte in b"#$@[\\]^`{|}~ \x00\x1d\x7f\x80":
            self.check("10", (), (bytes((byte,)), b"A" + bytes((byte,)), bytes((byte, 65))))
        self.check("8030", (b"AA-_", b"AA=", b"A=="), (b"A=", b"A=A", b"AAA===", b"A+/A"))

    def test_lengths(self):
        self.check("10", (b"A", b"A" * 20), (b"", b"A" * 21))
        self.check("242", (b"1", b"123456"), (b"1234567", b"A"))
        self.check("7001", (b"1" * 13,), (b"1" * 12, b"1" * 14))
        self.check("253", (b"9521234000006", b"9521234000006" + b"A" * 17), (b"952123400000",))
        self.check("8043", (b"1" * 18, b"1" * 19, b"1" * 20), (b"1" * 17, b"1" * 21))
        self.check("7230", (b"EMX", b"EM" + b"X" * 28), (b"EM", b"EM" + b"X" * 29))

    def test_dates(self):
        # GS 3.4.2 to 3.4.7: day 00 is a whole month
        good = (b"260131", b"240229", b"000229", b"260400")
        bad = (b"261301", b"260001", b"260431", b"250229", b"260132", b"2601", b"26013A")
        self.check("17", good, bad)
        # GS 3.4.8: here it is a day
        self.check("7006", (b"260131",), (b"260100",) + bad)
        self.check("7007", (b"260131", b"260131260201"), (b"260131260200", b"2601312602"))
        self.check("7250", (b"20000229", b"19520101"), (b"19000229", b"20261301", b"20260100"))

    def test_times(self):
        self.check("7003", (b"2601310000", b"2601312359"), (b"2601312400", b"2601311260"))
        self.check("4324", (b"2601000830",), (b"260100083", b"2601000860"))
        # GS 3.9: hours, then minutes and seconds as far as known
        self.check(
            "8008",
            (b"26013123", b"2601312359", b"260131235959"),
            (b"26013124", b"2601312360", b"260131235960", b"2601312", b"26013123595"),
        )

    def test_countries(self):
        # ISO 3166-1
        self.check(
            "422", (b"208", b"304", b"004", b"894"), (b"000", b"209", b"999", b"20", b"DNK")
        )
        self.check(
            "423", (b"208", b"208528752276040"), (b"", b"20", b"2085", b"208000", b"208" * 6)
        )
        self.check("7030", (b"999A", b"208A"), (b"998A", b"208"))
        self.check(
            "4307", (b"DK", b"GL", b"FO", b"ZW"), (b"dk", b"ZZ", b"D", b"DNK", b"D ", b"XA")
        )

    def test_currencies(self):
        # ISO 4217
        self.check("3912", (b"2081", b"978123", b"840" + b"1" * 15), (b"2091", b"978", b"0001"))

    def test_the_code_lists_are_whole(self):
        countries = currencies = pairs = packages = 0
        for number in range(1000):
            digits = b"%03d" % number
            countries += lint_codes.has_number(lint_codes.COUNTRIES, digits)
            currencies += lint_codes.has_number(lint_codes.CURRENCIES, digits)
        characters = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ 0123456789"
        for first in characters:
            for second in characters:
                pair = bytes((first, second))
                pairs += lint_codes.has_pair(lint_codes.COUNTRY_PAIRS, pair)
                packages += lint_codes.is_package(pair)
        self.assertEqual((countries, pairs, currencies), (249, 249, 179))
        self.assertEqual(packages + len(lint_codes.PACKAGES.split()), 431)

    def test_packages(self):
        # UN/CEFACT Recommendation 21 and GS1's own
        self.check(
            "7041",
            (b"BX", b"201", b"PX", b"8", b"APE", b"1A"),
            (b"bx", b"20", b"20 1", b"1", b"7", b"APX", b"ZZZ", b" ", b"01 2", b"PXAA", b"A B"),
        )

    def test_bank_account(self):
        # ISO 13616; the registry's examples
        good = (b"GB82WEST12345698765432", b"NO9386011117947", b"DK5000400440116243")
        bad = tuple(one[:4] + b"9" + one[5:] for one in good)
        self.check("8007", good, bad + (b"GB82", b"ZZ82WEST12345698765432", b"gb82WEST1234569876"))

    def test_small_fields(self):
        self.check("4321", (b"0", b"1"), (b"2", b"", b"01"))
        self.check("7252", (b"0", b"1", b"2", b"9"), (b"3", b"A"))
        self.check("7241", (b"01", b"10", b"80", b"99"), (b"00", b"11", b"79", b"1"))
        self.check(
            "7258", (b"1/1", b"1/3", b"9/9"), (b"2/1", b"0/1", b"1/0", b"111", b"1//", b"/12")
        )
        self.check("8011", (b"1", b"123456789012"), (b"0", b"01", b"1234567890123"))
        self.check("4330", (b"001850", b"001850-"), (b"001850+", b"00185", b"001850--"))
        self.check("7040", (b"1ABC", b"1AB_"), (b"1AB=", b"AABC", b"1AB", b"1AB+"))
        self.check("8003", (b"09521234000006", b"09521234000006A"), (b"19521234000006",))
        # GS 3.9.1: width, length, diameter and winding of a roll
        self.check(
            "8001", (b"12341234512301", b"00010000100191"), (b"00001234512301", b"12341234512321")
        )

    def test_piece_of_total(self):
        # GS 3.9.6
        good, bad = (b"0101", b"0912", b"9999"), (b"0001", b"0100", b"0201", b"010", b"01A2")
        self.check(
            "8006", [b"09521234543213" + p for p in good], [b"09521234543213" + p for p in bad]
        )

    def test_percent_signs(self):
        # GS 3.8.1: names and addresses escape what CSET 82 lacks
        self.check(
            "4300", (b"A%20B", b"%C3%86", b"A+B"), (b"A%", b"A%2", b"A%2G", b"%%20", b"A B")
        )

    def test_places(self):
        # GS 3.8.10: latitude + 90 and longitude + 180 degrees, in ten-millionths
        self.check(
            "4309",
            (b"00000000000000000000", b"18000000003600000000", b"14567663721925688375"),
            (b"18000000010000000000", b"00000000003600000001", b"1456766372192568837"),
        )

    def test_coupons(self):
        # North American Coupon Application Guideline; (8110) with each optional field
        # six digits of company prefix, offer, saves 5, buy one of family 123
        base = b"012345699999915110123"
        good = [base]
        for field in (
            b"101501239",
            b"21501230123456",
            b"3261231",
            b"4260101",
            b"50123456",
            b"611234567",
            b"90000",
        ):
            good += [base + field, good[-1] + field]
        bad = [one[:-1] for one in good]
        bad += [b"7" + base[1:], base[:13] + b"0" + base[14:], b"A" + base[1:], b""]
        for field in (b"7", b"3261301", b"32601014261231", b"90002"):
            bad.append(base + field)
        self.check("8110", [one for one in good if len(one) <= 70], bad)
        offer = b"001234569999990123456"
        self.check("8112", (offer, b"1" + offer[1:]), (b"2" + offer[1:], offer[:-1], offer + b"1"))


if __name__ == "__main__":
    unittest.main()
