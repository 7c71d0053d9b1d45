"""LMS against RFC 8554 appendix F and an independent signer; everything else is refused."""

import json
import unittest

from gatescan.core.trust import lms

_FOLDER = __file__.rpartition("/")[0]


def _vectors(name):
    """One vector at a time: a Pico's heap does not hold them all."""
    with open(_FOLDER + "/" + name) as lines:
        for line in lines:
            row = json.loads(line)
            yield (
                row["name"],
                bytes.fromhex(row["public"]),
                bytes.fromhex(row["message"]),
                bytes.fromhex(row["signature"]),
            )


def _small():
    """H5/W4: the quickest of the vectors."""
    for name, public, message, signature in _vectors("lms_vectors.jsonl"):
        if "H5/W4" in name:
            return public, message, signature
    raise AssertionError("no H5/W4 vector")


def _flipped(data, at, mask=1):
    out = bytearray(data)
    out[at] ^= mask
    return bytes(out)


class TestVectors(unittest.TestCase):
    def test_rfc_8554_appendix_f(self):
        names = []
        for name, public, message, signature in _vectors("rfc8554.jsonl"):
            self.assertTrue(lms.verify(public, message, signature), name)
            self.assertFalse(lms.verify(public, message + b" ", signature), name)
            names.append(name)
        self.assertEqual(len(names), 4)

    def test_every_width_and_height_of_an_independent_signer(self):
        leaves = []
        for name, public, message, signature in _vectors("lms_vectors.jsonl"):
            self.assertTrue(lms.verify(public, message, signature), name)
            self.assertFalse(lms.verify(public, _flipped(message, 0), signature), name)
            leaves.append(lms.signature_index(signature))
        self.assertEqual(leaves, [3, 0, 31, 17, 1023, 20000])

    def test_any_kind_of_buffer_is_taken(self):
        public, message, signature = _small()
        self.assertTrue(lms.verify(bytearray(public), memoryview(message), memoryview(signature)))

    def test_lengths_of_the_rfc(self):
        self.assertEqual(lms.signature_bytes(7, 3), 2668)
        self.assertEqual(lms.signature_bytes(5, 4), 1292)
        self.assertEqual(lms.signature_bytes(9, 1), 12 + 32 * (1 + 265 + 25))
        for lms_type, ots_type in ((4, 3), (10, 3), (0, 3), (7, 0), (7, 5), (0xFFFFFFFF, 3)):
            self.assertEqual(lms.signature_bytes(lms_type, ots_type), 0)


class TestRefused(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.public, cls.message, cls.signature = _small()

    def test_a_flipped_bit_in_every_field_of_the_signature(self):
        length = len(self.signature)
        path_at = length - 32 * 5
        places = [39, 40, 71, path_at - 33, path_at - 32, length - 1]
        for start, end, step in ((0, 12, 1), (path_at - 4, path_at, 1), (path_at, length, 32)):
            places.extend(range(start, end, step))
        for at in places:
            for mask in (1, 128):
                self.assertFalse(
                    lms.verify(self.public, self.message, _flipped(self.signature, at, mask)), at
                )

    def test_a_flipped_bit_anywhere_in_the_public_key(self):
        for at in range(len(self.public)):
            self.assertFalse(lms.verify(_flipped(self.public, at), self.message, self.signature))

    def test_a_flipped_bit_anywhere_in_the_message(self):
        for at in range(len(self.message)):
            changed = _flipped(self.message, at, 16)
            self.assertFalse(lms.verify(self.public, changed, self.signature))

    def test_every_truncation_and_an_extension(self):
        view = memoryview(self.signature)
        for length in range(len(self.signature)):
            self.assertFalse(lms.verify(self.public, self.message, view[:length]))
        self.assertFalse(lms.verify(self.public, self.message, self.signature + b"\0"))
        for length in range(len(self.public)):
            self.assertFalse(lms.verify(self.public[:length], self.message, self.signature))
        self.assertFalse(lms.verify(self.public + b"\0", self.message, self.signature))

    def test_types_of_another_parameter_set_with_the_right_length(self):
        for lms_type in (0, 4, 6, 9, 10, 255):
            changed = self.public[:3] + bytes((lms_type,)) + self.public[4:]
            self.assertFalse(lms.verify(changed, self.message, self.signature))

    def test_a_leaf_beyond_the_tree(self):
        for q in (b"\0\0\0\x20", b"\xff\xff\xff\xff"):
            self.assertFalse(lms.verify(self.public, self.message, q + self.signature[4:]))

    def test_another_leaf_of_the_same_tree(self):
        self.assertFalse(lms.verify(self.public, self.message, b"\0\0\0\0" + self.signature[4:]))

    def test_nothing_at_all(self):
        self.assertFalse(lms.verify(b"", b"", b""))
        self.assertFalse(lms.verify(self.public, self.message, bytes(len(self.signature))))
        self.assertFalse(lms.verify(bytes(56), self.message, self.signature))

    def test_an_index_needs_four_bytes(self):
        self.assertEqual(lms.signature_index(b"\0\0\1"), lms.NO_INDEX)
        self.assertEqual(lms.signature_index(b"\0\0\1\2"), 258)


class TestKeyId(unittest.TestCase):
    def test_it_is_the_beginning_of_the_hash_of_the_public_key(self):
        self.assertEqual(lms.key_id(b"abc"), bytes.fromhex("ba7816bf8f01cfea"))  # FIPS 180-4
