"""Which elements go together: GS1 General Specifications 4.14, by the Syntax Dictionary."""

import unittest

from gatescan.core.tags import associations

GTIN = ("01", "09521234543213")
CONTENT = ("02", "09521234543213")
SSCC = ("00", "395212340000000014")
GLN = ("414", "9521234000006")


def goes(*ais):
    return associations.fault_of(ais) is None


class TestRequired(unittest.TestCase):
    def test_one_of_a_list(self):
        self.assertTrue(goes(GTIN, ("10", "A")))
        self.assertTrue(goes(("10", "A"), GTIN))
        self.assertFalse(goes(("10", "A")))
        self.assertFalse(goes(SSCC, ("10", "A")))

    def test_all_of_a_group(self):
        self.assertFalse(goes(GTIN, ("250", "A")))
        self.assertTrue(goes(GTIN, ("250", "A"), ("21", "B")))
        self.assertFalse(goes(CONTENT, ("37", "12")))
        self.assertTrue(goes(SSCC, CONTENT, ("37", "12")))

    def test_any_of_a_series(self):
        # 392n needs 01 and one of 30, 31nn, 32nn, 35nn, 36nn
        price = ("3922", "1250")
        self.assertFalse(goes(GTIN, price))
        for measure in ("30", "3102", "3295", "3500", "3664"):
            self.assertTrue(goes(GTIN, price, (measure, "001250")), measure)
        self.assertFalse(goes(GTIN, price, ("3302", "001250")))

    def test_of_several_faults_the_first_is_told(self):
        # MicroPython's dicts have no order
        lone = ("7250", "20000229"), ("3910", "208123"), ("4321", "0"), ("8111", "0050")
        for first in range(len(lone)):
            ais = [GTIN] + list(lone[first:]) + list(lone[:first])
            self.assertIn("(%s)" % lone[first][0], associations.fault_of(ais))

    def test_chains(self):
        # 4303 needs 4302, and that needs 00
        self.assertFalse(goes(SSCC, ("4303", "B")))
        self.assertFalse(goes(("4302", "A"), ("4303", "B")))
        self.assertTrue(goes(SSCC, ("4302", "A"), ("4303", "B")))


class TestExcluded(unittest.TestCase):
    def test_named(self):
        self.assertFalse(goes(GTIN, CONTENT, ("37", "1"), SSCC))
        self.assertFalse(goes(GTIN, ("21", "A"), ("235", "B")))
        self.assertFalse(goes(SSCC, ("420", "1"), ("421", "2081")))

    def test_series_but_not_itself(self):
        for ais in ((("3102", "000001"), ("3103", "000010")), (("3103", "1"), ("3102", "1"))):
            self.assertFalse(goes(GTIN, *ais))
        self.assertTrue(goes(GTIN, ("3103", "000010"), ("3103", "000010")))
        self.assertTrue(goes(GTIN, ("3103", "000010"), ("3203", "000010")))
        coupon = ("255", "9521234000006123")
        self.assertTrue(goes(coupon, ("3940", "1234"), ("3940", "1234")))
        self.assertFalse(goes(coupon, ("3940", "1234"), ("3941", "1234")))
        self.assertFalse(goes(coupon, ("3900", "1"), ("3912", "1"), ("8020", "A")))


class TestRepeated(unittest.TestCase):
    def test_equal_or_not(self):
        self.assertTrue(goes(GTIN, ("400", "A"), GTIN, ("400", "A")))
        self.assertFalse(goes(("400", "A"), GTIN, ("400", "AB")))
        self.assertFalse(goes(("400", "A"), ("400", "A"), ("400", "B")))


class TestSignature(unittest.TestCase):
    def test_needs_one_single_thing(self):
        # (8030) signs one piece: keys whose serial may be left out must have it
        signature = ("8030", "AAAA")
        self.assertFalse(goes(GTIN, signature))
        self.assertTrue(goes(GTIN, ("21", "A"), signature))
        for name, value in (("253", "9521234000006"), ("255", "9521234000006")):
            self.assertTrue(goes((name, value)))
            self.assertFalse(goes((name, value), signature))
            self.assertTrue(goes((name, value + "1"), signature))
        self.assertFalse(goes(("8003", "0" + GLN[1]), signature))
        self.assertTrue(goes(("8003", "0" + GLN[1] + "A"), signature))


class TestSentences(unittest.TestCase):
    def test_they_name_what_is_wrong_and_what_to_do(self):
        for ais, words in (
            ((("10", "A"),), "(10)"),
            ((GTIN, ("21", "A"), ("235", "B")), "(235)"),
            ((GTIN, ("01", "12345678901231")), "twice"),
        ):
            fault = associations.fault_of(ais)
            self.assertTrue(words in fault, fault)
            self.assertTrue(fault.endswith("classify the item by hand."), fault)


if __name__ == "__main__":
    unittest.main()
