"""The web address that a seal mirrors; names of its parts by AN12196 section 3.4."""

import unittest

from gatescan.core.seals.message import read_message

PICC = "EF963FF7828658A599F3041510671E88"
FILE = "CEE9A53E3E463EF1F459635736738962"
MAC = "94EED9EE65337086"


def ndef(query):
    return b"\xd1\x01\x50U\x04seal.example/s?" + query.encode()


class TestMessage(unittest.TestCase):
    def test_encrypted_without_a_file(self):
        found = read_message(ndef("picc_data=%s&cmac=%s" % (PICC, MAC)), False)
        self.assertEqual(found.picc_enc.hex().upper(), PICC)
        self.assertEqual(found.sdmmac.hex().upper(), MAC)
        self.assertIsNone(found.enc_file)
        self.assertEqual(found.mac_input, b"")

    def test_the_mac_covers_the_file(self):
        # AN12196 section 3.4.4.2.2: from the file data to the MAC's own digits
        found = read_message(ndef("picc_data=%s&enc=%s&cmac=%s" % (PICC, FILE, MAC)), True)
        self.assertEqual(found.enc_file.hex().upper(), FILE)
        self.assertEqual(found.mac_input, FILE.encode() + b"&cmac=")

    def test_in_clear(self):
        found = read_message(ndef("uid=041E3C8A2D6B80&ctr=000006&cmac=%s" % MAC), False)
        self.assertEqual((found.uid.hex(), found.ctr), ("041e3c8a2d6b80", 6))
        self.assertIsNone(found.picc_enc)

    def test_what_is_no_message_or_two(self):
        for query in (
            "",
            "cmac=" + MAC,
            "picc_data=" + PICC,
            "picc_data=%s&cmac=%s&cmac=%s" % (PICC, MAC, MAC),
            "picc_data=%s&uid=041E3C8A2D6B80&ctr=000006&cmac=%s" % (PICC, MAC),
            "uid=041E3C8A2D6B80&cmac=" + MAC,
            "picc_data=%sX&cmac=%s" % (PICC[1:], MAC),
            "picc_data=%s&cmac=%s" % (PICC, MAC[1:]),
            "picc_data=%s&cmac=%s %s" % (PICC, MAC[:4], MAC[4:]),
            "picc_data=%s&cmac=%s&" % (PICC, MAC) + "x" * 256,
        ):
            self.assertIsNone(read_message(ndef(query), False), query)
        self.assertIsNone(read_message(b"", False))
        self.assertIsNone(read_message(b"\xd1\x01\x04Tenab", False))

    def test_a_file_that_the_mac_should_cover_must_stand_before_it(self):
        self.assertIsNone(read_message(ndef("picc_data=%s&cmac=%s" % (PICC, MAC)), True))
        behind = "picc_data=%s&cmac=%s&enc=%s" % (PICC, MAC, FILE)
        self.assertIsNone(read_message(ndef(behind), True))
