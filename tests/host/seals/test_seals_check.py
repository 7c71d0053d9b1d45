"""`gatescan seals check`: made seals of all states, every field damaged, lines that are none."""

import json
import random
import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gatescan_host.errors import Exit
from gatescan_host.seals.aes import Aes
from gatescan_host.seals.check import check_line
from host.seals import made_seal
from sim import rig

KEYS = ["id", "ok", "outcome", "uid", "ctr", "tamper", "error"]
OUTCOMES = {"intact", "opened", "cloned_or_replayed", "unreadable"}
NXP = {
    "picc_enc": "EF963FF7828658A599F3041510671E88", "sdmmac": "94EED9EE65337086",
    "meta_key": "0" * 32, "file_key": "0" * 32,
}  # fmt: skip


def said(line: str) -> dict:
    """The answer to a line, after what holds for every answer."""
    text, ok = check_line(line)
    out = json.loads(text)
    assert list(out) == KEYS
    assert "NaN" not in text
    assert "Infinity" not in text
    assert out["outcome"] in OUTCOMES
    assert out["ok"] is ok is (out["outcome"] == "intact") is (out["error"] is None)
    assert (out["uid"] is None) == (out["ctr"] is None)
    if out["error"]:
        assert out["error"].endswith(".")
        assert "\n" not in out["error"]
    return out


def check(**request) -> dict:
    return said(json.dumps({"id": 1, **request}))


def made(rng: random.Random, **options) -> made_seal.Seal:
    return made_seal.Seal(rng.randbytes(16), rng.randbytes(16), b"\x04" + rng.randbytes(6),
                          rng.randrange(1, 1 << 24), **options)  # fmt: skip


# --- genuine messages ---


def test_the_unit_tests_have_what_the_maker_makes():
    kept = made_seal.TARGET.read_text().splitlines()
    assert [json.loads(line) for line in kept] == made_seal.rows()


def test_made_seals():
    for row in made_seal.rows():
        out = check(**{name: value for name, value in row.items() if name not in ("uid", "ctr")})
        expected = {"uid": row["uid"].upper(), "ctr": row["ctr"], "outcome": row["outcome"],
                    "tamper": row["tamper"]}  # fmt: skip
        assert {name: out[name] for name in expected} == expected, row["name"]


def test_random_seals_and_counters(rng):
    for _ in range(100):
        seal = made(rng)
        status = "".join(rng.choices("COI", k=2))
        text = seal.message(
            status.encode() + rng.randbytes(rng.choice((14, 30, 62))),
            before=rng.choice((b"", b"a=1&enc=", rng.randbytes(10))),
            after=rng.choice((b"", b"&cmac=", b"&m=")),
            noise=rng.randbytes(5),
        )
        out = check(**text)
        opened = "opened" if "O" in status else "unreadable"
        assert out["outcome"] == ("intact" if status == "CC" else opened)
        assert (out["tamper"], out["uid"], out["ctr"]) == (
            status, seal.uid.hex().upper(), seal.ctr)  # fmt: skip
        assert check(**text, last_ctr=seal.ctr - 1) == out
        for last in (seal.ctr, rng.randrange(seal.ctr, 1 << 24), 0xFFFFFF):
            assert check(**text, last_ctr=last)["outcome"] == "cloned_or_replayed"


def test_the_mac_may_cover_the_picc_data(rng):
    """SDMMACInputOffset may lie before the PICC data: then a plain seal's MAC covers a block."""
    seal = made(rng)
    picc = seal.message(None)["picc_enc"].upper().encode()
    plain = seal.message(None, before=b"e=" + picc + b"&c=")
    assert check(**plain)["outcome"] == "intact"
    whole = seal.message(b"CC" + bytes(14), before=b"e=" + picc + b"&f=")
    assert check(**whole)["outcome"] == "intact"


def test_the_mac_covers_at_most_the_chips_file(rng):
    """NT4H2421Tx: the NDEF file has 256 bytes."""
    for length, outcome in ((256, "intact"), (257, "unreadable")):
        text = made(rng).message(b"CC" + bytes(14), before=b"-" * (length - 38))
        assert len(text["mac_input"]) == 2 * length
        assert check(**text)["outcome"] == outcome


def test_the_last_counter_may_be_hex_as_the_tag_mirrors_it():
    for last in (60, "00003C", "3c", "3C", 0, None):
        assert check(**NXP, last_ctr=last)["ok"], last
    for last in (61, "00003D", "3D", "ffffff"):
        assert check(**NXP, last_ctr=last)["outcome"] == "cloned_or_replayed", last
    for last in (-1, 1 << 24, 60.0, True, "", "g", "0000003C", " 3C", "３C", [60], {"a": 1}):
        assert check(**NXP, last_ctr=last)["outcome"] == "unreadable", last


# --- what must never pass ---


def test_one_bit_of_any_field(rng):
    """Each of all bits of a message of a closed seal, and never "intact"."""
    seal = made(rng)
    text = seal.message(b"CC" + rng.randbytes(14), noise=rng.randbytes(5))
    assert check(**text)["ok"]
    for name, value in text.items():
        for bit in range(len(value) * 4):
            flipped = f"{int(value, 16) ^ 1 << bit:0{len(value)}x}"
            out = check(**{**text, name: flipped})
            assert out["outcome"] in ("cloned_or_replayed", "unreadable"), (name, bit)
            assert out["tamper"] is None


def test_a_part_that_is_missing(rng):
    text = made(rng).message(b"CC" + rng.randbytes(14))
    for name in text:
        for absent in ({**text, name: None}, {k: v for k, v in text.items() if k != name}):
            assert check(**absent)["outcome"] in ("unreadable", "cloned_or_replayed"), name
    opened = made(rng).message(b"OC" + rng.randbytes(14))
    assert check(**opened)["outcome"] == "opened"
    out = check(**{**opened, "enc_file": None})
    assert (out["outcome"], "enc_file" in out["error"]) == ("unreadable", True)
    assert not check(**{**opened, "enc_file": None, "encfile": opened["enc_file"]})["ok"]


def test_a_status_from_elsewhere(rng):
    """The encrypted part of another seal, or a bare one: the MAC must cover what is believed."""
    closed, plain = made(rng).message(b"CC" + bytes(14)), made(rng).message(None)
    assert check(**plain)["ok"]
    assert check(**{**plain, "enc_file": closed["enc_file"]})["outcome"] == "unreadable"


def test_a_seal_that_does_not_mirror_uid_and_counter(rng):
    for tag in (0x87, 0x47, 0x40, 0x00):
        assert check(**made(rng, tag=tag).message(b"CC" + bytes(14)))["outcome"] == "unreadable"


def test_another_sites_seal_is_a_clone(rng):
    """Whatever its PICC data look like under our key: noise, or by chance PICC data."""
    ours = made(rng)
    seen = []
    for _ in range(300):
        theirs = made(rng).message(b"CC" + bytes(14))
        out = check(**{**theirs, "meta_key": ours.meta_key.hex(), "file_key": ours.file_key.hex()})
        assert not out["ok"]
        seen.append(out["outcome"])
    assert seen.count("cloned_or_replayed") > 250


# --- lines that are none ---


@pytest.mark.parametrize("name", ["picc_enc", "enc_file", "sdmmac", "meta_key", "file_key"])
@pytest.mark.parametrize(
    "value",
    ["", "0", "zz" * 16, "00" * 15, "00" * 17, "0x" + "00" * 15, "00 " * 16, "0" * 10**6, 5, 1.5,
     True, False, [], {}, "٠" * 32, "\ud800"],
)  # fmt: skip
def test_fields_of_a_wrong_form(name, value):
    assert check(**{**NXP, name: value})["outcome"] == "unreadable"


def test_mac_input_of_a_wrong_form():
    assert check(**NXP, mac_input="")["ok"]
    for value in ("0", "g0", "00" * 257, 0, [], "&" * 257):
        assert check(**NXP, mac_input=value)["outcome"] == "unreadable"
    for value in ("00", "&cmac="):
        assert check(**NXP, mac_input=value)["outcome"] == "cloned_or_replayed"


def test_plain_mirrors_of_a_wrong_form():
    good = {"uid": "041E3C8A2D6B80", "ctr": "000006", "sdmmac": "4B00064004B0B3D3",
            "file_key": "0" * 32}  # fmt: skip
    assert check(**good)["ok"]
    for wrong in ({"uid": None}, {"ctr": None}, {"uid": "041E3C8A2D6B"}, {"ctr": True},
                  {"ctr": "0000006"}, {"uid": 5}, {"ctr": -6}):  # fmt: skip
        assert check(**{**good, **wrong})["outcome"] == "unreadable", wrong


@pytest.mark.parametrize(
    "line",
    ["", "x", "5", "null", "[]", '"a"', "{", "[" * 100_000, '{"id":' * 100_000, "9" * 10_000,
     '{"id":1,"id":2}', "{}", "\x00", "\ufeff{}", '{"id":1}{"id":2}', '{"picc_enc":NaN}'],
)  # fmt: skip
def test_lines_that_are_no_message(line):
    assert said(line)["outcome"] == "unreadable"


def test_a_field_that_is_there_twice():
    good = json.dumps(NXP)
    assert said(good)["ok"]
    assert not said(good[:-1] + ', "enc_file": "00", "enc_file": null}')["ok"]


def test_ids_come_back():
    for ident in (None, 0, "a", "æ\n\u2028", [1, {"a": None}], 1.5, 10**30, "\ud800"):
        assert said(json.dumps({"id": ident, **NXP}))["id"] == ident
    out = said(json.dumps({"id": "?", **NXP}).replace('"?"', "1e999"))
    assert (out["id"], out["ok"]) == (None, True)


@settings(max_examples=300, deadline=None)
@given(
    st.one_of(
        st.text(),
        st.recursive(
            st.none() | st.booleans() | st.floats() | st.integers() | st.text(),
            lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
        ).map(json.dumps),
        st.dictionaries(
            st.sampled_from(["id", "uid", "ctr", "last_ctr", "mac_input", "enc_file", *NXP]),
            st.text("0123456789abcdefG", max_size=40) | st.none() | st.integers(),
        ).map(json.dumps),
    )
)
def test_any_text(line):
    assert not said(line)["ok"]


# --- the command ---


def _pipe(data: bytes) -> tuple[int, list[dict], str]:
    done = subprocess.run(rig.command("seals", "check"), input=data, env=rig.environment(),
                          capture_output=True, timeout=60)  # fmt: skip
    err = done.stderr.decode()
    assert "Traceback" not in err
    return done.returncode, [json.loads(line) for line in done.stdout.splitlines()], err


def test_exit_codes_and_order():
    good = json.dumps({"id": "a", **NXP}).encode()
    assert _pipe(good)[0] == Exit.OK
    assert _pipe(b"\n" + good + b"\r\n\n")[0] == Exit.OK
    assert _pipe(b"\xef\xbb\xbf" + good + b"\n")[0] == Exit.OK
    assert _pipe(b"")[:2] == (Exit.OK, [])
    code, outs, _ = _pipe(good + b"\nnot json\n" + good.replace(b'"a"', b'"b"'))
    assert code == Exit.FAILED
    assert [(out["id"], out["ok"]) for out in outs] == [("a", True), (None, False), ("b", True)]


def test_huge_and_binary_lines_cost_one_answer_each(rng):
    """Also where a line is cut in pieces: no piece is taken for a line of its own."""
    good = json.dumps({"id": 1, **NXP}).encode()
    padded = b" " * (65_536 - len(good)) + good  # ends where the first piece does
    lines = [
        b"\xff\xfe" + rng.randbytes(50).replace(b"\n", b""), b"x" * 3_000_000,
        b" " * 65_536 + good, padded + b" " * 10, b'{"id":"' + b"a" * 200_000 + b'"}', good,
    ]  # fmt: skip
    code, outs, _ = _pipe(b"\n".join(lines) + b"\n")
    assert code == Exit.FAILED
    assert [out["ok"] for out in outs] == [False] * 5 + [True]
    assert _pipe(padded)[1][0]["ok"]


def test_other_commands_load_no_library_of_ciphers_for_this_one():
    code = "import sys, gatescan_host.cli.seals; sys.exit('cryptography' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], env=rig.environment(), timeout=60)
    assert done.returncode == 0


# --- AES as cryptolib has it ---


def test_aes_does_what_cryptolib_does(rng):
    key, iv, data = rng.randbytes(16), rng.randbytes(16), rng.randbytes(48)
    for mode in ((1,), (2, iv)):
        secret = Aes(key, *mode).encrypt(data)
        assert Aes(key, *mode).decrypt(secret) == data
        chained = Aes(key, *mode)
        assert b"".join(chained.encrypt(data[i : i + 16]) for i in (0, 16, 32)) == secret
        out = bytearray(data)
        Aes(bytearray(key), *mode).encrypt(out, out)
        assert out == secret
    # FIPS 197 appendix C.1
    assert Aes(bytes(range(16)), 1).encrypt(bytes(i * 17 for i in range(16))).hex() == (
        "69c4e0d86a7b0430d8cdb78070b4c55a")  # fmt: skip


def test_aes_refuses_what_cryptolib_refuses():
    for args in ((bytes(15), 1), (bytes(16), 3), (bytes(16), 2), (bytes(16), 1, bytes(16)),
                 (bytes(16), 2, bytes(15))):  # fmt: skip
        with pytest.raises(ValueError):
            Aes(*args)
    used = Aes(bytes(16), 1)
    used.encrypt(bytes(16))
    with pytest.raises(ValueError):
        used.decrypt(bytes(16))
    with pytest.raises(ValueError):
        used.encrypt(bytes(15))


@pytest.mark.parametrize("name", ["lastctr", "LAST_CTR", "last_counter", "encfile", "sdm_mac"])
def test_a_field_that_is_nearly_one_is_not_passed_over(name: str):
    """Else a replay would pass where somebody has mistyped last_ctr."""
    told = check(**NXP, **{name: 61})
    assert not told["ok"] and name in told["error"]


def test_fields_of_others_do_no_harm():
    assert check(**NXP, kind="ntag424_sun", note="of the left door", source="AN12196")["ok"]
