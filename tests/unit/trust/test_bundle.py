"""The signed table file: its head is read from any prefix, or refused."""

import json
import unittest

from gatescan.core.trust import bundle, lms, manifest

_FOLDER = __file__.rpartition("/")[0]


def _raw_manifest(key_id=bytes(8)):
    return manifest.encode({
        "fmt": 2, "site": "north-gate", "key_id": key_id, "seq": 1, "not_before": 0,
        "not_after": 9, "min_fw": 0, "table_bytes": 4, "table_sha256": bytes(32),
        "parent_sha256": b"",
        "delta_bytes": 0, "delta_sha256": b"", "overlay_bytes": 0, "overlay_sha256": b"",
    })


class TestHead(unittest.TestCase):
    def test_none_until_the_head_is_whole(self):
        raw = _raw_manifest()
        data = bundle.pack_head(raw, b"signature") + b"table"
        whole = len(data) - 5
        for length in range(whole):
            self.assertIsNone(bundle.parse_head(data[:length]), length)
        for length in range(whole, len(data) + 1):
            head = bundle.parse_head(memoryview(data)[:length])
            self.assertEqual(head.manifest.site, "north-gate")
            self.assertEqual(head.manifest_raw, raw)
            self.assertEqual(head.signature, b"signature")
            self.assertEqual(head.head_bytes, whole)

    def test_the_longest_head_fits_the_limit(self):
        self.assertEqual(
            bundle.HEAD_MAX_BYTES, 8 + manifest.MAX_BYTES + bundle.SIGNATURE_MAX_BYTES
        )

    def test_refused_at_the_first_wrong_byte(self):
        for prefix in (b"X", b"GSX", b"PK\3\4", b"GST1" + bytes(60)):
            with self.assertRaises(bundle.BundleError):
                bundle.parse_head(prefix)

    def test_impossible_lengths_are_refused_before_more_is_asked_for(self):
        for lengths in (b"\0\0\0\1", b"\0\1\0\0", b"\2\1\0\1", b"\0\1\x10\1", b"\xff\xff\xff\xff"):
            with self.assertRaises(bundle.BundleError):
                bundle.parse_head(b"GSTS" + lengths)

    def test_a_bad_manifest_is_a_bundle_error(self):
        with self.assertRaises(bundle.BundleError):
            bundle.parse_head(b"GSTS\0\1\0\1\x80s")

    def test_parts_over_their_limit_are_not_written(self):
        for raw, signature in ((b"", b"s"), (bytes(513), b"s"), (b"m", b""), (b"m", bytes(4097))):
            with self.assertRaises(bundle.BundleError):
                bundle.pack_head(raw, signature)


class TestSignedBy(unittest.TestCase):
    def test_a_signature_over_something_else_and_a_key_not_named(self):
        with open(_FOLDER + "/lms_vectors.jsonl") as lines:
            row = next(r for r in (json.loads(line) for line in lines) if "H5/W4" in r["name"])
        public = bytes.fromhex(row["public"])
        signature = bytes.fromhex(row["signature"])
        raw = _raw_manifest(lms.key_id(public))
        parsed = bundle.parse_head(bundle.pack_head(raw, signature))
        self.assertFalse(bundle.signed_by(parsed, public))
        # the same signature over its own message, but in a manifest that names another key
        head = bundle.BundleHead(
            manifest.decode(_raw_manifest()), bytes.fromhex(row["message"]), signature, 0
        )
        self.assertFalse(bundle.signed_by(head, public))
        named = bundle.BundleHead(manifest.decode(raw), head.manifest_raw, signature, 0)
        self.assertTrue(bundle.signed_by(named, public))
