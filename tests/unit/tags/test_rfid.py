"""EM4100 ids and the frames of RDM6300 readers."""

import unittest
from binascii import unhexlify

from gatescan.core.tags import rfid, scheme
from gatescan.core.tags.rdm6300 import Rdm6300Decoder

CARD = b"02363130303845423246394134" + b"03"  # 61008EB2F9, MiczFlor/RPi-Jukebox-RFID#1425
ID20 = b"023035303032303742333236430D0A03"  # 0500207B32, esphome#13753: CR LF before 03
SHORT = b"02303131344145334242433C03"  # esphome#3610: 13 bytes


def feed(decoder, data):
    return [found for found in (decoder.feed(b) for b in data) if found is not None]


class TestEm4100(unittest.TestCase):
    def test_number_and_bytes_agree(self):
        a = rfid.em4100(0x61008EB2F9)
        b = rfid.em4100(b"\x61\x00\x8e\xb2\xf9")
        self.assertEqual(a, b)
        self.assertEqual(a.uid, "61008EB2F9")
        self.assertEqual(a.key, b"\x0b\x61\x00\x8e\xb2\xf9")
        self.assertEqual(a.scheme, scheme.S_EM4100)

    def test_the_version_byte_is_kept(self):
        self.assertNotEqual(rfid.em4100(0x0100000001).key, rfid.em4100(0x0200000001).key)

    def test_noise_is_refused(self):
        for nibble in range(16):
            tag = rfid.em4100(int("%x" % nibble * 10, 16))
            self.assertIsNone(tag.key)
            self.assertIn("noise", tag.error)
        for wrong in (-1, 1 << 40, b"", b"1234", b"123456"):
            self.assertIsNone(rfid.em4100(wrong).key)


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
