"""Ids of RFID tags, and the frames of RDM6300 readers."""

import random
import unittest
from binascii import unhexlify

from gatescan.core.tags import chip_ids, em4100, scheme
from gatescan.core.tags.rdm6300 import Rdm6300Decoder

CARD = b"02363130303845423246394134" + b"03"  # 61008EB2F9, MiczFlor/RPi-Jukebox-RFID#1425
ID20 = b"023035303032303742333236430D0A03"  # 0500207B32, esphome#13753: CR LF before 03
SHORT = b"02303131344145334242433C03"  # esphome#3610: 13 bytes


def feed(decoder, data):
    return [found for found in (decoder.feed(b) for b in data) if found is not None]


class TestEm4100(unittest.TestCase):
    def test_number_and_bytes_agree(self):
        a = em4100.read(0x61008EB2F9)
        b = em4100.read(b"\x61\x00\x8e\xb2\xf9")
        self.assertEqual(a, b)
        self.assertEqual(a.uid, "61008EB2F9")
        self.assertEqual(a.key, b"\x0b\x61\x00\x8e\xb2\xf9")
        self.assertEqual(a.scheme, scheme.S_EM4100)

    def test_the_version_byte_is_kept(self):
        self.assertNotEqual(em4100.read(0x0100000001).key, em4100.read(0x0200000001).key)

    def test_noise_is_refused(self):
        for nibble in range(16):
            tag = em4100.read(int("%x" % nibble * 10, 16))
            self.assertIsNone(tag.key)
            self.assertIn("noise", tag.error)
        for wrong in (-1, 1 << 40, b"", b"1234", b"123456"):
            self.assertIsNone(em4100.read(wrong).key)


class TestIso14443a(unittest.TestCase):
    def test_every_size_keeps_all_its_bytes(self):
        # 4: 6E8AE2B0 and 7: 04A035B2BC2B80 are what PN532 readers reported
        for digits in (b"6e8ae2b0", b"04a035b2bc2b80", b"04f252b1ec0280", b"04010288048889888888"):
            with self.subTest(digits):
                uid = unhexlify(digits)
                tag = chip_ids.iso14443a(uid)
                self.assertEqual(tag.error, None)
                self.assertEqual(tag.scheme, scheme.S_ISO14443A)
                self.assertEqual(tag.uid, digits.decode().upper())
                self.assertEqual(tag.key, b"\x0c" + uid)
                self.assertEqual(chip_ids.iso14443a(memoryview(uid)), tag)

    def test_numbers_that_change_or_are_shared_are_refused(self):
        # ISO/IEC 14443-3, 6.5.4: 08 random; xF fixed, not unique; other x8 reserved
        for first in range(256):
            tag = chip_ids.iso14443a(bytes((first, 0x12, 0x34, 0x56)))
            self.assertEqual(tag.key is None, first & 0x0F in (0x08, 0x0F), "%02X" % first)
        self.assertIn("another number each time", chip_ids.iso14443a(b"\x08\x12\x34\x56").error)
        self.assertIn("Other tags", chip_ids.iso14443a(b"\x1f\x12\x34\x56").error)

    def test_the_first_byte_of_longer_uids_is_a_manufacturer(self):
        # 6.5.4: random and shared numbers are a matter of 4 bytes only
        for first in (0x08, 0x1F, 0x28):
            self.assertIsNone(chip_ids.iso14443a(bytes((first, 1, 2, 3, 4, 5, 6))).error)

    def test_a_cascade_tag_is_no_byte_of_a_uid(self):
        # 88 04 F2 52: what a reader that stops at the first cascade level makes of 04F252..
        for digits in (b"8804f252", b"8804f252b1ec02", b"04f25288ec0280", b"8804f25288b1ec028001"):
            with self.subTest(digits):
                tag = chip_ids.iso14443a(unhexlify(digits))
                self.assertIsNone(tag.key)
                self.assertIn("part", tag.error)

    def test_noise_and_other_lengths_are_refused(self):
        for size in range(20):
            for byte in (b"\x00", b"\xff"):
                self.assertIsNone(chip_ids.iso14443a(byte * size).key)
            if size not in (4, 7, 10):
                self.assertIsNone(chip_ids.iso14443a(bytes(range(1, size + 1))).key)


class TestIso15693(unittest.TestCase):
    UID = b"\xe0\x04\x01\x50\x12\x34\x56\x78"

    def test_both_orders_of_bytes_give_one_id(self):
        tag = chip_ids.iso15693(self.UID)
        self.assertEqual(tag.uid, "E004015012345678")
        self.assertEqual(tag.key, b"\x0d" + self.UID)
        self.assertEqual(tag.scheme, scheme.S_ISO15693)
        self.assertEqual(chip_ids.iso15693(bytes(reversed(self.UID)), lsb_first=True), tag)

    def test_the_order_is_never_guessed(self):
        self.assertIsNone(chip_ids.iso15693(bytes(reversed(self.UID))).key)
        self.assertIsNone(chip_ids.iso15693(self.UID, lsb_first=True).key)

    def test_noise_and_other_lengths_are_refused(self):
        for wrong in (
            b"", self.UID[:7], self.UID + b"\x00", b"\xd0" + self.UID[1:], b"\xff" * 8,
            b"\x00" * 8, b"\xe0\x04" + b"\x00" * 6, b"\xe0\x04" + b"\xff" * 6,
        ):
            with self.subTest(wrong):
                tag = chip_ids.iso15693(wrong)
                self.assertIsNone(tag.key)
                self.assertIsNotNone(tag.error)


class TestAnyBytes(unittest.TestCase):
    def test_a_tag_with_either_a_key_or_a_reason(self):
        random.seed(14443)
        keys = 0
        for _ in range(2000):
            raw = bytes([random.getrandbits(8) for _ in range(random.randrange(12))])
            for tag in (chip_ids.iso14443a(raw), chip_ids.iso15693(raw), em4100.read(raw)):
                self.assertTrue((tag.key is None) != (tag.error is None), raw)
                keys += tag.key is not None
        self.assertGreater(keys, 300)


class TestRdm6300(unittest.TestCase):
    def test_both_variants(self):
        decoder = Rdm6300Decoder()
        self.assertEqual(feed(decoder, unhexlify(CARD)), [0x61008EB2F9])
        self.assertEqual(feed(decoder, unhexlify(ID20)), [0x0500207B32])
        self.assertEqual(decoder.bad, 0)

    def test_bad_frames_are_counted_and_passed_over(self):
        good = unhexlify(CARD)
        wrong_sum = bytearray(good)
        wrong_sum[12] ^= 1
        lower = bytearray(good)
        lower[6] = ord("e")
        for noise in (
            unhexlify(SHORT),
            bytes(wrong_sum),
            bytes(lower),
            b"\x02\x03",
            good[5:],
            good[:9],
            b"garbage",
            unhexlify(b"02363830303342353143364342444103"),  # two digits too many
            good[:-1] + b"\r\x03",  # CR without LF
        ):
            with self.subTest(noise):
                decoder = Rdm6300Decoder()
                self.assertEqual(feed(decoder, noise + good + noise + good), [0x61008EB2F9] * 2)
                self.assertEqual(decoder.bad, 2)

    def test_line_ends_between_frames_are_not_errors(self):
        decoder = Rdm6300Decoder()
        self.assertEqual(len(feed(decoder, unhexlify(CARD) + b"\r\n" + unhexlify(CARD))), 2)
        self.assertEqual(decoder.bad, 0)

    def test_every_cut_resyncs(self):
        good = unhexlify(CARD)
        for cut in range(1, len(good)):
            decoder = Rdm6300Decoder()
            self.assertEqual(feed(decoder, good[cut:] + good), [0x61008EB2F9])
            self.assertEqual(feed(decoder, good[:cut] + good), [0x61008EB2F9])

    def test_every_flipped_bit_is_no_id(self):
        # a single flip never passes the XOR, the hex alphabet and the frame bytes together
        good = unhexlify(CARD)
        for bit in range(len(good) * 8):
            data = bytearray(good)
            data[bit >> 3] ^= 1 << (bit & 7)
            self.assertEqual(feed(Rdm6300Decoder(), data), [])
