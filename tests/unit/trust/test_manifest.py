"""The manifest: one meaning, one encoding, nothing else taken."""

import unittest

from gatescan.core.smp import cbor
from gatescan.core.trust import manifest

DELTA = {"parent_sha256": bytes(32), "delta_bytes": 4000, "delta_sha256": bytes(range(1, 33)),
         "overlay_bytes": 5000, "overlay_sha256": bytes(range(2, 34))}


def example(**changes):
    fields = {
        "fmt": 2,
        "site": "north-gate",
        "key_id": bytes(range(8)),
        "seq": 7,
        "not_before": 1_790_000_000,
        "not_after": 1_800_000_000,
        "min_fw": manifest.pack_version(0, 1, 0),
        "table_bytes": 123_456,
        "table_sha256": bytes(range(32)),
        "parent_sha256": b"",
        "delta_bytes": 0,
        "delta_sha256": b"",
        "overlay_bytes": 0,
        "overlay_sha256": b"",
    }
    fields.update(changes)
    return fields


class TestEncoding(unittest.TestCase):
    def test_it_comes_back_as_it_was(self):
        for parent in (b"", bytes(32)):
            fields = example(parent_sha256=parent)
            decoded = manifest.decode(manifest.encode(fields))
            self.assertEqual(dict(zip(manifest.FIELDS, decoded)), fields)
        fields = example(**DELTA)
        decoded = manifest.decode(manifest.encode(fields))
        self.assertEqual(dict(zip(manifest.FIELDS, decoded)), fields)

    def test_the_bytes_are_those_of_the_rfc(self):
        # RFC 8949 section 4.2.1, written by hand: map(14), then keys by length, then bytewise
        data = manifest.encode(example(site="a", not_before=1, not_after=2))
        self.assertEqual(
            data,
            b"\xae"
            + b"\x63fmt\x02"
            + b"\x63seq\x07"
            + b"\x64site\x61a"
            + b"\x66key_id\x48" + bytes(range(8))
            + b"\x66min_fw\x1a\x00\x01\x00\x00"
            + b"\x69not_after\x02"
            + b"\x6anot_before\x01"
            + b"\x6bdelta_bytes\x00"
            + b"\x6btable_bytes\x1a\x00\x01\xe2\x40"
            + b"\x6cdelta_sha256\x40"
            + b"\x6ctable_sha256\x58\x20" + bytes(range(32))
            + b"\x6doverlay_bytes\x00"
            + b"\x6dparent_sha256\x40"
            + b"\x6eoverlay_sha256\x40",
        )

    def test_it_fits_its_limit_at_its_largest(self):
        most = 0xFFFFFFFF
        data = manifest.encode(
            example(site="x" * 32, seq=most, not_before=most - 1, not_after=most, min_fw=most,
                    table_bytes=most, parent_sha256=bytes(32), delta_bytes=most - 1,
                    delta_sha256=bytes(32), overlay_bytes=most, overlay_sha256=bytes(32))
        )
        self.assertLess(len(data), manifest.MAX_BYTES)

    def test_a_decoded_manifest_does_not_hang_on_the_buffer(self):
        buffer = bytearray(manifest.encode(example()))
        decoded = manifest.decode(buffer)
        for i in range(len(buffer)):
            buffer[i] = 0
        self.assertEqual(decoded.table_sha256, bytes(range(32)))


class TestRefused(unittest.TestCase):
    def refused(self, data, word):
        with self.assertRaises(manifest.ManifestError) as caught:
            manifest.decode(data)
        self.assertIn(word, str(caught.exception))

    def test_values_of_the_wrong_type_or_range(self):
        for name, value in (
            ("fmt", 1), ("fmt", 3), ("fmt", True), ("fmt", None), ("site", ""), ("site", "x" * 33),
            ("site", b"north"), ("key_id", bytes(7)), ("key_id", "12345678"), ("seq", -1),
            ("seq", 1 << 32), ("seq", True), ("seq", 0), ("seq", "7"), ("not_before", None),
            ("not_after", 1_790_000_000), ("min_fw", [1]), ("table_bytes", 0),
            ("table_sha256", bytes(31)), ("parent_sha256", bytes(8)), ("parent_sha256", ""),
        ):
            with self.subTest(name, value=value):
                self.refused(cbor.encode(example(**{name: value})), "")
                with self.assertRaises(manifest.ManifestError):
                    manifest.encode(example(**{name: value}))

    def test_a_delta_is_whole_or_not_there(self):
        for name, nothing in (
            ("parent_sha256", b""), ("delta_bytes", 0), ("delta_sha256", b""),
            ("overlay_bytes", 0), ("overlay_sha256", b""), ("delta_bytes", 123_456),
        ):
            with self.subTest(name, value=nothing):
                fields = example(**DELTA)
                fields[name] = nothing
                self.refused(cbor.encode(fields), "delta")
            if name != "parent_sha256":
                self.refused(cbor.encode(example(**{name: DELTA[name]})), "delta")

    def test_an_older_format_is_refused_like_any_other(self):
        fields = example(fmt=1)
        for name in manifest.FIELDS[10:]:
            del fields[name]
        self.refused(cbor.encode(fields), "The manifest has format 1; update Gatescan.")

    def test_a_missing_key(self):
        for name in manifest.FIELDS:
            fields = example()
            del fields[name]
            self.refused(cbor.encode(fields), name)

    def test_an_unknown_key(self):
        self.refused(cbor.encode(example(extra=1)), "update Gatescan")

    def test_a_long_form_of_a_number(self):
        data = manifest.encode(example())
        self.refused(data.replace(b"\x63seq\x07", b"\x63seq\x18\x07"), "canonical")

    def test_keys_in_another_order(self):
        data = manifest.encode(example())
        swapped = data.replace(b"\x63fmt\x02\x63seq\x07", b"\x63seq\x07\x63fmt\x02")
        self.assertNotEqual(data, swapped)
        self.refused(swapped, "canonical")

    def test_truncation_extension_and_noise(self):
        data = manifest.encode(example())
        for length in range(len(data)):
            self.refused(data[:length], "")
        self.refused(data + b"\0", "")
        self.refused(b"\x80", "not a map")
        self.refused(bytes(600), "512")


class TestVersion(unittest.TestCase):
    def test_versions_order_as_numbers(self):
        self.assertGreater(manifest.pack_version(1, 0, 0), manifest.pack_version(0, 255, 65535))
        self.assertGreater(manifest.pack_version(0, 1, 10), manifest.pack_version(0, 1, 9))
        self.assertEqual(manifest.format_version(manifest.pack_version(1, 4, 200)), "1.4.200")
