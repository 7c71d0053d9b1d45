"""Where NDEF messages lie; T2T, T4T = the NFC Forum's Type 2 and Type 4 Tag specifications."""

import random
import unittest
from binascii import unhexlify

from gatescan.core.tags import ndef


class TestMemory(unittest.TestCase):
    HEAD = unhexlify(b"04a035192bc2b80051480000e1101200")  # T2T 2.1: E1, version 1.0, 144 bytes
    LOCK = b"\x01\x03\xa0\x0c\x34"  # as NTAG213 leaves the factory: bytes 160 and 161

    def read(self, blocks, head=HEAD):
        return ndef.message_of_type2(head + blocks)

    def test_blocks_before_the_message(self):
        # T2T 2.3: NULL, lock control, memory control, proprietary
        for before in (b"", b"\0\0", self.LOCK, b"\x02\x03\xa0\x08\x34", b"\xfd\x02ab", b"\xfd\0"):
            self.assertEqual(self.read(before + b"\x03\x02AB\xfe"), b"AB")
        self.assertEqual(self.read(b"\x03\x02AB\x03\x02CD\xfe"), b"AB")
        self.assertEqual(self.read(b"\x03\0\xfe"), b"")

    def test_long_form(self):
        head = self.HEAD[:14] + b"\xff\0"
        body = bytes(range(256)) + b"Z"
        self.assertEqual(self.read(b"\x03\xff\x01\x01" + body, head), body)
        self.assertIsNone(self.read(b"\x03\xff\x00\xfe" + body, head))  # T2T 2.3: from FF on
        self.assertIsNone(self.read(b"\x03\xff\xff\xff" + body, head))

    def test_bytes_set_aside_are_stepped_over(self):
        # page 1 of 16 bytes, offset 8 = byte 24: 12 bits of locks; memory control: 4 bytes at 28
        blocks = b"\x01\x03\x18\x0c\x34\x02\x03\x1c\xaa\xbb\x04\x04\xcc\xcc\xcc\xcc\x03\x02AB"
        self.assertEqual(self.read(blocks), b"AB")
        # in the middle of a message
        self.assertEqual(self.read(b"\x02\x03\x1a\x02\x04\x03\x06ABC\xcc\xccDEF"), b"ABCDEF")
        # behind us, and at an address that no tag has
        self.assertEqual(self.read(b"\x02\x03\x00\x10\x04\x03\x01A"), b"A")
        self.assertEqual(self.read(b"\x02\x03\xff\x00\x0f\x03\x01A"), b"A")

    def test_no_message(self):
        for blocks in (b"", b"\0\0", b"\xfe\x03\x02AB", b"\x03", b"\x03\x03AB", b"\x03\xff",
                       b"\x03\xff\x01", b"\x01\x02\xa0\x0c\x03\x02AB", b"\xfd\xffAB"):
            self.assertIsNone(self.read(blocks), blocks)
        for head in (b"", self.HEAD[:15], self.HEAD[:12] + b"\0\x10\x12\0",
                     self.HEAD[:12] + b"\xe1\x20\x12\0", self.HEAD[:14] + b"\0\0",
                     self.HEAD[:15] + b"\xf0"):
            self.assertIsNone(self.read(b"\x03\x02AB", head), head)
        inside = b"\x03\x8e" + b"x" * 142
        self.assertEqual(self.read(inside + b"\xfe"), b"x" * 142)
        self.assertIsNone(self.read(b"\x03\x8f" + b"x" * 143))  # beyond the 144 bytes

    def test_type_4_file(self):
        # T4T: two bytes of length, then the message
        self.assertEqual(ndef.message_of_type4(b"\0\x02AB\0\0"), b"AB")
        self.assertEqual(ndef.message_of_type4(b"\0\0"), b"")
        for bad in (b"", b"\0", b"\0\x03AB", b"\xff\xffAB"):
            self.assertIsNone(ndef.message_of_type4(bad))

    def test_any_memory(self):
        random.seed(2)
        found = 0
        for _ in range(2000):
            size = random.randrange(40)
            blocks = bytes([random.choice((0, 1, 2, 3, 4, 255, random.getrandbits(8)))
                            for _ in range(size)])
            message = ndef.message_of_type2(self.HEAD + blocks)
            self.assertTrue(message is None or len(message) <= size)
            found += message is not None
            ndef.message_of_type4(blocks)
        self.assertGreater(found, 50)
