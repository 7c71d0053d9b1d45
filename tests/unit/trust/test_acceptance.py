"""Which tables may replace the present one."""

import unittest

from gatescan.core.trust import acceptance, lms, manifest

KEY = b"12345678"
SHA = bytes(range(32))


def table(**changes):
    fields = {
        "fmt": 2, "site": "north", "key_id": KEY, "seq": 8, "not_before": 100, "not_after": 200,
        "min_fw": manifest.pack_version(0, 1, 0), "table_bytes": 1000, "table_sha256": SHA,
        "parent_sha256": b"",
        "delta_bytes": 0, "delta_sha256": b"", "overlay_bytes": 0, "overlay_sha256": b"",
    }
    fields.update(changes)
    return manifest.check(fields)


def code(m=None, **changes):
    given = {
        "site_id": "north", "key_id": KEY, "seq_floor": 7, "q": 41, "q_floor": 40,
        "free_bytes": 1000, "firmware_version": manifest.pack_version(0, 1, 0), "now_utc": 150,
    }
    given.update(changes)
    refusal = acceptance.judge(m or table(), **given)
    if refusal is None:
        return None
    assert refusal.sentence.endswith(".") and ":" in refusal.sentence, refusal.sentence
    return refusal.code


class TestJudge(unittest.TestCase):
    def test_a_good_table_is_accepted(self):
        self.assertIsNone(code())
        self.assertIsNone(code(seq_floor=0, q=0, q_floor=lms.NO_INDEX))

    def test_another_site_or_key(self):
        self.assertEqual(code(site_id="south"), acceptance.REFUSED_SITE)
        self.assertEqual(code(key_id=b"87654321"), acceptance.REFUSED_KEY)

    def test_the_number_must_rise(self):
        self.assertEqual(code(seq_floor=8), acceptance.REFUSED_OLD)
        self.assertEqual(code(seq_floor=9), acceptance.REFUSED_OLD)
        self.assertEqual(code(seq_floor=0xFFFFFFFF), acceptance.REFUSED_OLD)
        self.assertIsNone(code(table(seq=0xFFFFFFFF), seq_floor=0xFFFFFFFE))

    def test_the_same_table_again_has_its_own_answer(self):
        self.assertEqual(
            code(seq_floor=8, q=40, active_sha256=SHA), acceptance.REFUSED_ACTIVE
        )
        self.assertEqual(code(seq_floor=8, active_sha256=bytes(32)), acceptance.REFUSED_OLD)
        # its content under an older number is old, not active
        self.assertEqual(code(seq_floor=9, active_sha256=SHA), acceptance.REFUSED_OLD)

    def test_the_signers_number_must_rise(self):
        self.assertEqual(code(q=40), acceptance.REFUSED_SIGNER)
        self.assertEqual(code(q=3), acceptance.REFUSED_SIGNER)
        self.assertEqual(code(q=lms.NO_INDEX, q_floor=lms.NO_INDEX), acceptance.REFUSED_SIGNATURE)

    def test_it_must_fit_the_slot_and_the_firmware(self):
        self.assertEqual(code(free_bytes=999), acceptance.REFUSED_SIZE)
        self.assertEqual(
            code(table(min_fw=manifest.pack_version(0, 1, 1))), acceptance.REFUSED_FIRMWARE
        )

    def test_time_bounds_are_half_open(self):
        self.assertIsNone(code(now_utc=100))
        self.assertIsNone(code(now_utc=199))
        self.assertEqual(code(now_utc=99), acceptance.REFUSED_EARLY)
        self.assertEqual(code(now_utc=200), acceptance.REFUSED_EXPIRED)

    def test_without_a_clock_time_refuses_nothing(self):
        self.assertIsNone(code(now_utc=None))


class TestNames(unittest.TestCase):
    def test_every_code_has_its_name(self):
        self.assertEqual(acceptance.refusal_name(acceptance.REFUSED_MALFORMED), "malformed")
        self.assertEqual(acceptance.refusal_name(acceptance.REFUSED_ACTIVE), "active")
        self.assertEqual(acceptance.refusal_name(acceptance.REFUSED_SELFTEST), "selftest")
        self.assertEqual(acceptance.refusal_name(99), "refused_99")
