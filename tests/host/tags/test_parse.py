"""`tags parse`: own lines, the shared vectors where their kind is read, and biip's values."""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gatescan_host.tags.parse import parse_line

KEYS = [
    "id", "ok", "scheme", "gtin", "serial", "ais", "uid", "key", "inferred", "ambiguous",
    "frames", "error",
]
CARD = "0236313030384542324639413403"


def parse(**request):
    text, ok = parse_line(json.dumps(request))
    out = json.loads(text)
    assert list(out) == KEYS
    assert out["ok"] is ok is (out["key"] is not None) is (out["error"] is None)
    assert not (out["ambiguous"] and out["key"])
    if out["error"]:
        assert out["error"].endswith("."), out["error"]
    return out


def test_barcode():
    out = parse(id=7, barcode="]E05901234123457")
    assert (out["id"], out["scheme"], out["gtin"]) == (7, "gtin", "05901234123457")
    assert out["key"] == "01" + (590123412345).to_bytes(7, "big").hex()
    assert not out["inferred"]
    assert parse(id=1, barcode="5901234123457")["inferred"]
    assert parse(id=1, barcode="2135040039753")["scheme"] == "restricted"
    assert parse(id=1, barcode="9781492053743")["scheme"] == "isbn"
    assert parse(id=1, barcode="VF-000123")["scheme"] == "text"


def test_ambiguous():
    out = parse(id="a", barcode="12345670")
    assert out["ambiguous"]
    assert not out["ok"]


def test_one_frame_is_no_identity_and_two_are():
    one = parse(id=1, reader="rdm6300", hex=CARD)
    assert one["frames"] == [{"hex": CARD, "ok": True, "error": None}]
    assert one["uid"] is None
    two = parse(id=1, reader="rdm6300", hex=CARD * 2)
    assert (two["uid"], two["scheme"], len(two["frames"])) == ("61008EB2F9", "em4100", 2)


def test_frames_that_do_not_agree():
    other = "0230303034313443443745413303"
    assert not parse(id=1, reader="rdm6300", hex=CARD + other)["ok"]
    assert not parse(id=1, reader="rdm6300", hex=CARD + other + CARD)["ok"]
    assert parse(id=1, reader="rdm6300", hex=other + CARD + CARD)["uid"] == "61008EB2F9"
    both = parse(id=1, reader="rdm6300", hex=CARD * 2 + other * 2)
    assert "Two tags" in both["error"]
    noise = "02" + b"000000000000".hex() + "03"
    assert "noise" in parse(id=1, reader="rdm6300", hex=noise * 2)["error"]


def test_bad_frames_are_listed():
    out = parse(id=1, reader="rdm6300", hex="00FF" + CARD[:-4] + CARD + CARD + "0231")
    assert [frame["ok"] for frame in out["frames"]] == [False, False, True, True, False]
    assert out["ok"]


def test_line_engine():
    out = parse(id=1, reader="line", hex=b"5901234123457\r\n".hex())
    assert (out["gtin"], len(out["frames"])) == ("05901234123457", 1)
    assert not parse(id=1, reader="line", hex=b"5901234123457".hex())["ok"]
    assert not parse(id=1, reader="line", hex=b"A1\rB2\r".hex())["ok"]
    assert parse(id=1, reader="line", hex=b"A1\rA1\r".hex())["ok"]


@pytest.mark.parametrize(
    "line",
    ["", "{", "[]", "7", "null", '{"id":1}', '{"id":1,"barcode":5}', '{"id":1,"barcode":null}',
     '{"id":1,"epc":"30"}', '{"id":1,"ndef":"D1"}', '{"id":1,"reader":"r200","hex":"00"}',
     '{"id":1,"reader":["x"],"hex":"00"}', '{"id":1,"reader":"rdm6300"}',
     '{"id":1,"reader":"rdm6300","hex":"0"}', '{"id":1,"reader":"line","hex":7}',
     '{"id":1,"barcode":"\\ud800"}', "[" * 100_000],
)
def test_what_cannot_be_read_says_why(line: str):
    text, ok = parse_line(line)
    out = json.loads(text)
    assert not ok
    assert out["error"].endswith(".")
    assert out["key"] is None
    text.encode()


def test_inputs_that_are_none_say_what_to_give():
    for request in ({}, {"barcode": "1", "epc": "30"}, {"reader": "r2d2", "hex": "00"},
                    {"reader": ["rdm6300"], "hex": "00"}, {"epc": 30}, {"ndef": "xy"},
                    {"reader": "line"}):  # fmt: skip
        out = parse(id=1, **request)
        assert out["ok"] is False and out["key"] is None
        assert out["error"].endswith(".") and out["id"] == 1


def test_one_piece_has_one_key_whatever_carries_it():
    # TDS 2.3 annex E.3: the piece 79521141123453, serial 32a/b
    found = [
        parse(id=1, epc="F73795211411234538566CB0AFC4"),
        parse(id=1, barcode="]d2017952114112345321" + "32a/b"),
        parse(id=1, barcode="]Q1https://example.com/01/79521141123453/21/32a%2Fb"),
        parse(id=1, ndef="d1013055046578616d706c652e636f6d2f30312f37393532313134313132333435332f"
              "32312f333261253246620a"[:-2].replace("d10130", "d10129")),
    ]
    assert {one["key"] for one in found} == {"01" + f"{7952114112345:014x}" + b"32a/b".hex()}
    assert [one["scheme"] for one in found] == ["sgtin+", "gs1", "digital_link", "digital_link"]
    for one in found:
        assert (one["gtin"], one["serial"]) == ("79521141123453", "32a/b")
        assert one["ais"] == [["01", "79521141123453"], ["21", "32a/b"]]


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=80))
def test_no_line_raises(text: str):
    parse_line(text)
    parse(id=1, barcode=text)
    parse(id=1, reader="line", hex=text.encode("utf-8", "surrogatepass").hex())
    parse(id=1, reader="rdm6300", hex=text.encode("utf-8", "surrogatepass").hex())


def vectors(shared: Path, name: str):
    return [json.loads(line) for line in (shared / "tags" / name).read_text().splitlines()]


def test_rdm6300_vectors(shared: Path):
    seen = 0
    for vector in vectors(shared, "reader_frames.jsonl"):
        if vector["kind"] != "rdm6300_frame":
            continue
        seen += 1
        out = parse(id=1, reader="rdm6300", hex=vector["hex"] * 2)
        good = vector["checksum_ok"] or "tag_expected" in vector
        assert any(frame["ok"] for frame in out["frames"]) == bool(good), vector
        tag = vector.get("tag") or vector.get("tag_expected")
        if tag:
            assert out["uid"] == tag, vector
            assert not parse(id=1, reader="rdm6300", hex=vector["hex"])["ok"]
    assert seen >= 15


def test_biip_gtins(shared: Path):
    seen = 0
    for vector in vectors(shared, "biip_tests.jsonl"):
        expected = vector.get("expected")
        if vector["test"] != "test_parse" or not isinstance(expected, dict):
            continue
        value = vector["value"]
        if not isinstance(value, str) or ("gs1_message" in expected and "gtin" not in expected):
            continue
        gtin = (expected.get("gtin") or {}).get("value")
        if gtin is None or len(value.split("]")[-1]) > 16:
            continue
        out = parse(id=1, barcode=value)
        if out["ok"]:
            seen += 1
            digits = out["gtin"] or ""
            assert digits.endswith(gtin) or out["scheme"] != "gtin", vector
        else:
            # biip reads 01.. digits and 8 digits without an identifier; here they are not guessed
            assert out["ambiguous"] or len(value) == 16 or "gs1_message" in expected, vector
    assert seen >= 5


def test_gs1_scan_data_is_read_or_refused(shared: Path):
    """Never both, never neither; what is right is for tests/host/tags/test_gs1_vectors.py."""
    for name in ("gs1_parsing.jsonl", "biip_tests.jsonl"):
        for vector in vectors(shared, name):
            for field in ("input", "value"):
                value = vector.get(field)
                if not isinstance(value, str):
                    continue
                if value.startswith(("^", "]C1", "]d2", "]Q3", "]e0", "http")):
                    raw = ("]d2" + value[1:].replace("^", "\x1d")) if value[0] == "^" else value
                    out = parse(id=1, barcode=raw)
                    assert (out["key"] is None) == (out["error"] is not None), vector


def test_readers_tell_frames_and_identities(shared: Path):
    """Every frame of the shared vectors: whole or damaged as they say, and what it identifies."""
    names = {"uhf_r200_frame": "r200", "pn532_frame": "pn532", "gm65_frame": "gm65"}
    seen = 0
    for vector in vectors(shared, "reader_frames.jsonl"):
        reader = names.get(vector["kind"])
        if reader is None or vector.get("dir") == "host":
            continue
        out = parse(id=1, reader=reader, hex=vector["hex"])
        good = vector.get("checksum_ok", vector.get("crc_xmodem_ok")) and vector.get(
            "well_formed", True
        )
        assert [one["hex"] for one in out["frames"] if one["ok"]] == [vector["hex"]] * bool(good)
        if reader == "pn532":
            assert out["uid"] == vector.get("uid")
            assert out["ok"] == ("uid" in vector)
        elif out["ok"]:
            assert out["uid"] == vector["epc"]
        seen += 1
    assert seen >= 15


def test_frames_with_noise_between_and_cut():
    frame = "0000FF0FF1D54B01010044000704A035B2BC2B80A100"
    noise = "55D5FF"
    out = parse(id=1, reader="pn532", hex=noise + frame + frame + noise)
    assert [one["ok"] for one in out["frames"]] == [False, True, True, False]
    assert (out["ok"], out["uid"]) == (True, "04A035B2BC2B80")
    out = parse(id=1, reader="pn532", hex=(frame + frame[2:] + frame[4:]) * 2)
    assert [one["ok"] for one in out["frames"]] == [True] * 6
    out = parse(id=1, reader="pn532", hex=frame[:-6])
    assert (out["ok"], [one["ok"] for one in out["frames"]]) == (False, [False])
    two = "8804F2522C04" + "B1EC0280DF00"  # the select trace of a 7-byte UID
    assert parse(id=1, reader="mfrc522", hex=two)["uid"] == "04F252B1EC0280"
    assert parse(id=1, reader="mfrc522", hex=two[:12])["ok"] is False
    wrong = parse(id=1, reader="mfrc522", hex="8804F2522D04" + two[12:])
    assert (wrong["ok"], wrong["frames"][0]["ok"]) == (False, False)


def test_engines_mix_replies_and_scans():
    scan = b"]E05901234123457\r".hex()
    reply = "02000001003331"
    for stream in (scan, reply + scan, scan + reply, reply + scan + reply + reply):
        out = parse(id=1, reader="gm65", hex=stream)
        assert (out["gtin"], out["error"]) == ("05901234123457", None), stream
    assert parse(id=1, reader="gm65", hex="02000001003332" + scan)["frames"][0]["ok"] is False
    body = bytes((0, 0xF3, 0, 0, 0x0B)) + b"5901234123457"
    body = bytes((len(body),)) + body[1:]
    check = (-sum(body)) & 0xFFFF
    packet = body + check.to_bytes(2, "big")
    assert parse(id=1, reader="ssi", hex=packet.hex())["gtin"] == "05901234123457"
    assert parse(id=1, reader="ssi", hex=packet[:-1].hex() + "00")["ok"] is False
