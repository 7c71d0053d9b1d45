"""AES-CMAC by RFC 4493 section 4, NIST SP 800-38B appendix D and NXP AN12196."""

import unittest

from gatescan.core.trust.cmac import cmac

try:
    import cryptolib

    aes = cryptolib.aes
except ImportError:
    from gatescan_host.seals import aes as on_host

    aes = on_host.Aes

_M = bytes.fromhex(
    "6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51"
    "30c81c46a35ce411e5fbc1191a0a52eff69f2445df4f9b17ad2b417be66c3710"
)
_K128 = "2b7e151628aed2a6abf7158809cf4f3c"  # RFC 4493 section 4, SP 800-38B D.1
_K256 = "603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4"  # SP 800-38B D.3
_CASES = (
    (_K128, 0, "bb1d6929e95937287fa37d129b756746"),
    (_K128, 16, "070a16b46b4d4144f79bdd9dd04a287c"),
    (_K128, 40, "dfa66747de9ae63030ca32611497c827"),
    (_K128, 64, "51f0bebf7e3b9d92fc49741779363cfe"),
    (_K256, 0, "028962f61b7bf89efc6b551f4667d983"),
    (_K256, 16, "28a7023f452e8f82bd4bf28d8c37c35c"),
    (_K256, 40, "aaf3d8f1de5640c232f5b169b9c911e6"),
    (_K256, 64, "e1992190549f6ed5696a2c056c315410"),
)


class TestCmac(unittest.TestCase):
    def test_published(self):
        for key, length, expected in _CASES:
            self.assertEqual(cmac(aes, bytes.fromhex(key), _M[:length]).hex(), expected)

    def test_session_keys_of_an12196(self):
        # AN12196 rev. 2.0 table 4: session key, then the whole MAC over nothing
        key = cmac(aes, bytes(16), bytes.fromhex("3cc30001008004de5f1eacc0403d0000"))
        self.assertEqual(key.hex(), "3fb5f6e3a807a03d5e3570ace393776f")
        self.assertEqual(cmac(aes, key, b"").hex(), "e194c7ee12d9f7ee8a65c8331b704386")

    def test_every_kind_of_buffer_and_none_is_changed(self):
        key, message = bytearray(bytes.fromhex(_K128)), bytearray(_M[:40])
        expected = bytes.fromhex(_CASES[2][2])
        for view in (bytes(message), message, memoryview(message), memoryview(_M)[:40]):
            self.assertEqual(cmac(aes, key, view), expected)
        self.assertEqual(bytes(message), _M[:40])
        self.assertEqual(bytes(key).hex(), _K128)

    def test_every_length_has_its_own(self):
        key = bytes.fromhex(_K128)
        found = [cmac(aes, key, bytes(length)) for length in range(50)]
        self.assertEqual(len(set(found)), 50)
        padded = b"\x80" + bytes(15)  # what an empty message is padded to
        self.assertNotEqual(cmac(aes, key, padded), found[0])

    def test_a_key_that_is_none(self):
        with self.assertRaises(ValueError):
            cmac(aes, bytes(15), b"")
