"""The shared NTAG 424 DNA vectors: what is read, and why the rest is declined."""

import json
import random

import pytest
from cryptography.hazmat.primitives.ciphers import algorithms
from cryptography.hazmat.primitives.cmac import CMAC

from gatescan.core.codes import SO_INTACT
from gatescan.core.seals import sun
from gatescan.core.trust.cmac import cmac
from gatescan_host.seals import keys
from gatescan_host.seals.aes import Aes
from gatescan_host.seals.check import check_line
from host.seals import made_seal

_DECLINED = {
    "ntag424_sun_lrp": "LRP is another cipher mode; the site personalises its seals in AES mode",
    "ntag424_gettt_lrp": "GetTTStatus needs an authenticated session, here in LRP mode; a SUN "
    "message tells the same without one",
}
_READ = {"ntag424_sun", "ntag424_sun_plain", "ntag424_sun_kdf", "ntag424_kdf", "aes_cmac"}


@pytest.fixture
def vectors(shared) -> dict[str, list[dict]]:
    """Kind -> its vectors."""
    found: dict[str, list[dict]] = {}
    for line in (shared / "tags" / "ntag424.jsonl").read_text().splitlines():
        row = json.loads(line)
        found.setdefault(row["kind"], []).append(row)
    return found


def _check(**fields) -> dict:
    text, ok = check_line(json.dumps({"id": 1, **fields}))
    out = json.loads(text)
    assert ok is out["ok"]
    return out


def _covered(row: dict) -> str:
    """The MAC's input in hex: AN12196's reader puts the name of its parameter behind the data."""
    if "enc_file" not in row:
        return ""
    name = row.get("mac_param", "")
    return (row["enc_file"] + (f"&{name}=" if name else "")).encode().hex()


def test_every_kind_is_read_or_declined_for_a_reason(vectors):
    assert set(vectors) == _READ | set(_DECLINED)
    assert all(_DECLINED.values())


def test_cmac(vectors):
    assert len(vectors["aes_cmac"]) == 2
    for row in vectors["aes_cmac"]:
        given = bytes.fromhex(row["key"]), bytes.fromhex(row["msg"])
        assert cmac(Aes, *given).hex() == row["mac"]


def test_sun_messages(vectors):
    """All are genuine. None mirrors a tamper status: with file data that is unreadable."""
    assert len(vectors["ntag424_sun"]) == 3
    for row in vectors["ntag424_sun"]:
        fields = {
            "picc_enc": row["picc_enc"], "enc_file": row.get("enc_file"),
            "sdmmac": row["sdmmac"], "mac_input": _covered(row) or None,
            "meta_key": row["meta_key"], "file_key": row["file_key"],
        }  # fmt: skip
        out = _check(**fields, last_ctr=row["ctr"] - 1)
        assert (out["uid"], out["ctr"], out["tamper"]) == (row["uid"], row["ctr"], None)
        assert out["outcome"] == ("unreadable" if row.get("enc_file") else "intact")
        assert out["ok"] is (row.get("enc_file") is None)
        assert _check(**fields, last_ctr=row["ctr"])["outcome"] == "cloned_or_replayed"
        other = f"{int(row['sdmmac'], 16) ^ 1:016X}"
        wrong = _check(**{**fields, "sdmmac": other})
        assert (wrong["outcome"], wrong["uid"]) == ("cloned_or_replayed", None)


def test_file_data(vectors):
    """What lies in the encrypted part, seen through a status that stands in its place."""
    for row in vectors["ntag424_sun"]:
        if "enc_file" in row:
            seal = made_seal.Seal(
                bytes.fromhex(row["meta_key"]), bytes.fromhex(row["file_key"]),
                bytes.fromhex(row["uid"]), row["ctr"],
            )  # fmt: skip
            data = bytes.fromhex(row.get("file_data_hex") or row["file_data"].encode().hex())
            name = row["mac_param"]
            made = seal.message(data, after=f"&{name}=".encode() if name else b"")
            assert made["enc_file"] == row["enc_file"].lower()
            assert made["sdmmac"] == row["sdmmac"].lower()


def test_plain_sun_messages(vectors):
    for row in vectors["ntag424_sun_plain"]:
        fields = {"uid": row["uid"], "sdmmac": row["sdmmac"], "file_key": row["file_key"]}
        for ctr in (row["ctr_be"], int(row["ctr_be"], 16)):
            out = _check(**fields, ctr=ctr)
            assert (out["ok"], out["uid"], out["ctr"]) == (True, row["uid"], 6)
        assert _check(**fields, ctr="000007")["outcome"] == "cloned_or_replayed"
        assert _check(**fields, ctr="000006", last_ctr=6)["outcome"] == "cloned_or_replayed"


def test_lrp_is_declined_with_a_sentence(vectors):
    for row in vectors["ntag424_sun_lrp"]:
        out = _check(**{name: row.get(name) for name in
                        ("picc_enc", "enc_file", "sdmmac", "meta_key", "file_key")},
                     mac_input=row.get("enc_file", "").encode().hex())  # fmt: skip
        assert (out["ok"], out["outcome"]) == (False, "unreadable")
        assert "LRP" in out["error"]


def test_keys_of_sdm_backend(vectors):
    for row in vectors["ntag424_kdf"]:
        master = bytes.fromhex(row["master_key"])
        assert keys.sdm_backend_meta_key(master).hex() == row["undiversified_1"]
        for tag in row["tag_keys"]:
            uid = bytes.fromhex(tag["uid"])
            assert keys.derive_sdm_backend(master, uid, tag["no"]).hex() == tag["key"]


def test_a_message_with_such_keys(vectors):
    for row in vectors["ntag424_sun_kdf"]:
        master = bytes.fromhex(row["master_key"])
        found = sun.picc_data(
            Aes, keys.sdm_backend_meta_key(master), bytes.fromhex(row["picc_enc"])
        )
        assert found == (bytes.fromhex(row["uid"]), row["ctr"])
        uid, ctr = found
        out = sun.verify(
            Aes, keys.derive_sdm_backend(master, uid, 2), uid, ctr, bytes.fromhex(row["sdmmac"]),
            row["enc_file"].encode(), bytes.fromhex(row["enc_file"]), has_loop=False,
        )  # fmt: skip
        assert (out.found, out.uid, out.ctr) == (SO_INTACT, uid, ctr)


def test_keys_of_an10922():
    """AN10922 rev. 2.2 §2.2.1: UID, AID 3042F5 and "NXP Abu" as the system identifier."""
    key = keys.derive(
        bytes.fromhex("00112233445566778899AABBCCDDEEFF"), bytes.fromhex("04782E21801D80"),
        bytes.fromhex("3042F5") + b"NXP Abu",
    )  # fmt: skip
    assert key.hex().upper() == "A8DD63A3B89D54B37CA802473FDA9175"


def test_keys_of_every_length(rng: random.Random):
    """Against the CMAC of `cryptography`; a key of one seal is none of another's."""
    master, uid = rng.randbytes(16), rng.randbytes(7)
    seen = set()
    for length in range(9, 25):
        system = rng.randbytes(length)
        peer = CMAC(algorithms.AES(master))
        peer.update(b"\x01" + uid + system)
        expected = peer.finalize()
        assert keys.derive(master, uid, system) == expected
        seen |= {expected, keys.derive(master, uid[:-1] + bytes((uid[-1] ^ 1,)), system)}
    assert len(seen) == 2 * 16


@pytest.mark.parametrize(
    "sizes", [(15, 7, 9), (32, 7, 9), (16, 4, 12), (16, 10, 9), (16, 7, 8), (16, 7, 25)]
)
def test_keys_that_are_refused(sizes):
    with pytest.raises(ValueError, match=r"^A .*\.$"):
        keys.derive(*(bytes(size) for size in sizes))


def test_sdm_backend_keys_that_are_refused():
    for uid, number in ((bytes(4), 1), (bytes(7), 5), (bytes(7), -1)):
        with pytest.raises(ValueError, match=r"^A .*\.$"):
            keys.derive_sdm_backend(bytes(16), uid, number)
