"""HMAC-SHA256 by RFC 4231, and what the two uses of it bind."""

import unittest

from gatescan.core.trust import mac

_LONG = b"Test Using Larger Than Block-Size Key - Hash Key First"
# RFC 4231 section 4: key, data, MAC (case 5, truncated, is left out)
_CASES = (
    (b"\x0b" * 20, b"Hi There",
     "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"),
    (b"Jefe", b"what do ya want for nothing?",
     "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"),
    (b"\xaa" * 20, b"\xdd" * 50,
     "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"),
    (bytes(range(1, 26)), b"\xcd" * 50,
     "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b"),
    (b"\xaa" * 131, _LONG,
     "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"),
    (b"\xaa" * 131,
     b"This is a test using a larger than block-size key and a larger than block-size data. "
     b"The key needs to be hashed before being used by the HMAC algorithm.",
     "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2"),
)


class TestHmac(unittest.TestCase):
    def test_rfc_4231(self):
        for key, data, expected in _CASES:
            self.assertEqual(mac.hmac_sha256(key, data), bytes.fromhex(expected))
            self.assertEqual(
                mac.hmac_sha256(bytearray(key), data[:3], memoryview(data)[3:]),
                bytes.fromhex(expected),
            )


class TestEqual(unittest.TestCase):
    def test_only_the_same_bytes_are_equal(self):
        self.assertTrue(mac.equal(b"", b""))
        self.assertTrue(mac.equal(b"abc", bytearray(b"abc")))
        self.assertFalse(mac.equal(b"abc", b"abd"))
        self.assertFalse(mac.equal(b"bbc", b"abc"))
        self.assertFalse(mac.equal(b"abc", b"ab"))


class TestUses(unittest.TestCase):
    def test_everything_is_bound(self):
        macs = [
            mac.unlock_mac(b"key", b"device", b"nonce"),
            mac.unlock_mac(b"kez", b"device", b"nonce"),
            mac.unlock_mac(b"key", b"devic", b"enonce"),
            mac.unlock_mac(b"key", b"device", b"noncf"),
            mac.report_mac(b"key", b"device", b"nonce", b""),
            mac.report_mac(b"key", b"device", b"nonce", b"report"),
            mac.report_mac(b"key", b"device", b"noncer", b"eport"),
        ]
        self.assertEqual(len(set(macs)), len(macs))
        self.assertEqual(macs[0], mac.unlock_mac(b"key", b"device", b"nonce"))
