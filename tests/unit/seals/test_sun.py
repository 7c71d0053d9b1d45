"""SUN messages: NXP's own, made ones of every tamper status, and what must never pass.

`made_seals.jsonl` comes from tests/host/seals/made_seal.py, which shares no code with this.
"""

import json
import unittest

from gatescan.core import codes
from gatescan.core.seals import sun
from gatescan.core.seals.outcome import Outcome

try:
    import cryptolib

    aes = cryptolib.aes
except ImportError:
    from gatescan_host.seals import aes as on_host

    aes = on_host.Aes

_FOLDER = __file__.rpartition("/")[0]
_FOUND = {
    "intact": codes.SO_INTACT,
    "opened": codes.SO_OPENED,
    "unreadable": codes.SO_UNREADABLE,
}
_ZERO = bytes(16)
_BYTES = ("picc_enc", "enc_file", "sdmmac", "mac_input", "meta_key", "file_key", "uid")


def _rows():
    """The made messages, one at a time."""
    with open(_FOLDER + "/made_seals.jsonl") as lines:
        for line in lines:
            row = json.loads(line)
            for name in _BYTES:
                if row[name] is not None:
                    row[name] = bytes.fromhex(row[name])
            yield row


def _check(row, last_ctr=-1, has_loop=True):
    """Both steps, as a scanner takes them."""
    found = sun.picc_data(aes, row["meta_key"], row["picc_enc"])
    if isinstance(found, Outcome):
        return found
    return sun.verify(
        aes, row["file_key"], found[0], found[1], row["sdmmac"], row["mac_input"],
        row["enc_file"], last_ctr, has_loop,
    )  # fmt: skip


def _closed():
    """A message of an intact seal."""
    return next(_rows())


class TestPublished(unittest.TestCase):
    def test_an12196_without_file_data(self):
        # AN12196 rev. 1.8 table 2 and table 5 (rev. 2.0 table 4): counter 61
        found = sun.picc_data(aes, _ZERO, bytes.fromhex("EF963FF7828658A599F3041510671E88"))
        self.assertEqual(found, (bytes.fromhex("04DE5F1EACC040"), 61))
        args = (aes, _ZERO, found[0], found[1], bytes.fromhex("94EED9EE65337086"))
        self.assertEqual(
            sun.verify(*args, has_loop=False),
            (codes.SO_INTACT, found[0], 61, None, True, None),
        )
        # a seal with a loop that does not tell of it
        self.assertEqual(sun.verify(*args).found, codes.SO_UNREADABLE)
        self.assertEqual(sun.verify(*args, last_ctr=60, has_loop=False).found, codes.SO_INTACT)
        self.assertEqual(sun.verify(*args, last_ctr=61, has_loop=False).found, codes.SO_CLONED)

    def test_an12196_with_file_data_that_are_no_status(self):
        # AN12196 rev. 1.8 §4.4.4.2.2: the file data are "xxxxxxxxxxxxxxxx"
        enc = bytes.fromhex("CEE9A53E3E463EF1F459635736738962")
        found = sun.picc_data(aes, _ZERO, bytes.fromhex("FD91EC264309878BE6345CBE53BADF40"))
        self.assertEqual(found, (bytes.fromhex("04958CAA5C5E80"), 8))
        args = (aes, _ZERO, found[0], found[1], bytes.fromhex("ECC1E7F6C6C73BF6"),
                b"CEE9A53E3E463EF1F459635736738962&cmac=", enc)  # fmt: skip
        out = sun.verify(*args)
        self.assertEqual((out.found, out.uid, out.ctr, out.proven),
                         (codes.SO_UNREADABLE, found[0], 8, True))  # fmt: skip
        self.assertEqual(sun.verify(*args, has_loop=False).found, codes.SO_INTACT)


class TestMade(unittest.TestCase):
    def test_every_status(self):
        count = 0
        for row in _rows():
            count += 1
            out = _check(row, has_loop=row["enc_file"] is not None)
            self.assertEqual(out.found, _FOUND[row["outcome"]], row["name"])
            self.assertEqual((out.uid, out.ctr), (row["uid"], row["ctr"]), row["name"])
            self.assertEqual((out.tamper, out.proven), (row["tamper"], True), row["name"])
            self.assertEqual(out.error is None, out.found == codes.SO_INTACT)
            if row["enc_file"] is None:
                self.assertEqual(_check(row).found, codes.SO_UNREADABLE)
            # without a loop only what says "opened" counts, and what the MAC does not cover
            without = _check(row, has_loop=False).found
            if row["outcome"] == "opened":
                self.assertEqual(without, codes.SO_OPENED, row["name"])
            elif row["name"] == "closed, outside the MAC":
                self.assertEqual(without, codes.SO_UNREADABLE)
            else:
                self.assertEqual(without, codes.SO_INTACT, row["name"])
        self.assertEqual(count, 13)

    def test_a_counter_counts_once(self):
        for row in _rows():
            for last in (row["ctr"], row["ctr"] + 1, sun.MAX_CTR):
                out = _check(row, last, False)
                self.assertEqual((out.found, out.uid), (codes.SO_CLONED, row["uid"]))
            self.assertNotEqual(_check(row, row["ctr"] - 1, False).found, codes.SO_CLONED)

    def test_no_bit_can_be_changed(self):
        row = _closed()
        self.assertEqual(_check(row).found, codes.SO_INTACT)
        verdicts = set()
        for name in _BYTES[:-1]:
            for i in range(len(row[name]) * 8):
                flipped = bytearray(row[name])
                flipped[i >> 3] ^= 1 << (i & 7)
                changed = dict(row)
                changed[name] = bytes(flipped)
                out = _check(changed)
                self.assertIn(out.found, (codes.SO_CLONED, codes.SO_UNREADABLE))
                verdicts.add((name, out.found))
                if name in ("sdmmac", "file_key", "mac_input"):
                    self.assertEqual((out.found, out.uid, out.ctr), (codes.SO_CLONED, None, None))
        self.assertIn(("enc_file", codes.SO_UNREADABLE), verdicts)

    def test_parts_of_two_taps_do_not_make_one(self):
        closed = _closed()
        for row in _rows():
            if row["name"] == closed["name"]:
                continue
            for name in ("picc_enc", "enc_file", "sdmmac", "mac_input"):
                mixed = dict(row)
                mixed[name] = closed[name]
                self.assertNotEqual(_check(mixed).found, codes.SO_INTACT, name)


class TestPiccData(unittest.TestCase):
    def _of(self, first):
        plain = bytes((first,)) + bytes(range(1, 16))
        return sun.picc_data(aes, _ZERO, aes(_ZERO, 1).encrypt(plain))

    def test_every_tag_byte(self):
        """Only C7 mirrors both; what is no PICCDataTag at all comes from another key."""
        for first in range(256):
            found = self._of(first)
            if first == 0xC7:
                self.assertEqual(found, (bytes(range(1, 8)), 0x0A0908))
            elif first in (0x87, 0x40, 0x47, 0x00, 0x07):
                self.assertEqual(found.found, codes.SO_UNREADABLE)
            else:
                self.assertEqual(found.found, codes.SO_CLONED)

    def test_lrp_is_declined(self):
        out = sun.picc_data(aes, _ZERO, bytes(24))
        self.assertEqual(out.found, codes.SO_UNREADABLE)
        self.assertIn("LRP", out.error)


class TestBadInput(unittest.TestCase):
    def test_picc_data(self):
        for key, data in (
            (b"", _ZERO), (bytes(15), _ZERO), (bytes(32), _ZERO), (None, _ZERO), ("k" * 16, _ZERO),
            (_ZERO, b""), (_ZERO, bytes(15)), (_ZERO, bytes(17)), (_ZERO, bytes(32)),
            (_ZERO, None), (_ZERO, 16), (_ZERO, "0" * 16), (None, None),
        ):  # fmt: skip
            self.assertEqual(sun.picc_data(aes, key, data).found, codes.SO_UNREADABLE)

    def test_verify(self):
        row = _closed()
        good = [row["file_key"], row["uid"], row["ctr"], row["sdmmac"], row["mac_input"],
                row["enc_file"], -1]  # fmt: skip
        self.assertEqual(sun.verify(aes, *good).found, codes.SO_INTACT)
        wrong = (
            (None, "k" * 16, b"", bytes(15), bytes(17), bytes(32), 7),
            (None, "1234567", b"", bytes(6), bytes(8), bytes(4), 7),
            (None, "1", -1, 1 << 24, 1 << 70, b"1", 1.0),
            (None, "12345678", b"", bytes(7), bytes(9), bytes(16), 8),
            (None, "x", 5, bytes(257), bytearray(1000)),
            ("x", 16, b"", bytes(8), bytes(15), bytes(17), bytes(272)),
            (None, "1", b"1", 1.5),
        )
        for at, values in enumerate(wrong):
            for value in values:
                args = list(good)
                args[at] = value
                out = sun.verify(aes, *args)
                self.assertEqual((out.found, out.uid), (codes.SO_UNREADABLE, None), (at, value))
                self.assertTrue(out.error.endswith("."))

    def test_any_buffer_will_do(self):
        row = _closed()
        for kind in (bytearray, memoryview):
            changed = {
                name: kind(value) if isinstance(value, bytes) else value
                for name, value in row.items()
            }
            self.assertEqual(_check(changed).found, codes.SO_INTACT)
