"""CBOR: examples of RFC 8949 appendix A, and what must be refused."""

import unittest
from binascii import hexlify, unhexlify

from gatescan.core.smp import cbor

# RFC 8949, appendix A, table 6
EXAMPLES = (
    (0, "00"),
    (10, "0a"),
    (23, "17"),
    (24, "1818"),
    (100, "1864"),
    (1000, "1903e8"),
    (1000000, "1a000f4240"),
    (1000000000000, "1b000000e8d4a51000"),
    (18446744073709551615, "1bffffffffffffffff"),
    (-18446744073709551616, "3bffffffffffffffff"),
    (-1, "20"),
    (-10, "29"),
    (-100, "3863"),
    (-1000, "3903e7"),
    (False, "f4"),
    (True, "f5"),
    (None, "f6"),
    (b"", "40"),
    (b"\x01\x02\x03\x04", "4401020304"),
    ("", "60"),
    ("IETF", "6449455446"),
    ("\u00fc", "62c3bc"),
    ([], "80"),
    ([1, [2, 3], [4, 5]], "8301820203820405"),
    ({}, "a0"),
    ({"a": 1, "b": [2, 3]}, "a26161016162820203"),
)

REFUSED = (
    "",  # nothing
    "18",  # cut in a head
    "1b00000000000000",
    "44010203",  # byte string cut short
    "5affffffff00",  # a length far beyond the input
    "62c328",  # not UTF-8
    "9f01ff",  # indefinite array
    "5f41004100ff",
    "f97e00",  # float
    "f0",  # simple value
    "c074323031332d30332d32315432303a30343a30305a",  # tag
    "a10102",  # map key is a number
    "a2616101616102",  # key twice
    "8181818181818181818101",  # nested too deeply
    "0000",  # bytes after the end
    "9841" + "00" * 65,  # more entries than any message has
    "f818",
)


def plain(value):
    return bytes(value) if isinstance(value, memoryview) else value


class TestCbor(unittest.TestCase):
    def test_examples_of_the_standard_encode(self):
        for value, text in EXAMPLES:
            self.assertEqual(hexlify(cbor.encode(value)).decode(), text)

    def test_examples_of_the_standard_decode(self):
        for value, text in EXAMPLES:
            self.assertEqual(plain(cbor.decode(unhexlify(text))), value)

    def test_map_keys_are_sorted_by_length_then_bytewise(self):
        self.assertEqual(
            hexlify(cbor.encode({"bb": 1, "c": 2, "a": 3})).decode(), "a361610361630262626201"
        )

    def test_byte_strings_are_views_into_the_input(self):
        self.assertTrue(isinstance(cbor.decode(b"\x42ab"), memoryview))

    def test_everything_else_is_refused_with_the_declared_error(self):
        for text in REFUSED:
            with self.subTest(text=text):
                self.assertRaises(cbor.CborError, cbor.decode, unhexlify(text))

    def test_types_outside_the_protocol_are_refused(self):
        for value in (1.5, 1 << 64, -(1 << 64) - 1, object()):
            self.assertRaises(cbor.CborError, cbor.encode, value)
