"""RFID drivers against bytes that nobody here wrote: shared vectors, recorded traces."""

import json
import random
import sys
from pathlib import Path
from typing import Any

import pytest

from gatescan.core.frames.finder import Frames
from gatescan.core.frames.iso14443a import Cascade, crc_a, crc_ok
from gatescan.core.frames.pn532_frame import (
    A_DATA,
    AN_ACK,
    AN_ERROR,
    MAX_BYTES,
    build,
    data_of,
    inspect,
    kind_of,
    targets_of,
)
from gatescan.core.frames.r200_frame import inspect as inspect_r200
from gatescan.core.frames.r200_frame import tag_of
from gatescan.drivers.rfid.type2 import Type2

ROOT = Path(__file__).resolve().parents[3]
TRACES = [
    json.loads(line)
    for line in (ROOT / "tests/vectors/rfid_traces.jsonl").read_text().splitlines()
]
# Kinds of reader_frames.jsonl that other tests read, and one that is declined: the M6E Nano is an
# industrial module at ten times the price with a protocol and a CRC of its own; the R200 reads the
# same tags.
ELSEWHERE = {"rdm6300_frame", "rdm6300_stream", "gm65_frame"}
DECLINED = {"m6e_frame"}
OURS = {"uhf_r200_frame", "pn532_frame", "pn532_stream", "iso14443a_select", "crc_a"}

sys.path.insert(0, str(ROOT / "boards/simulator"))


def vectors(shared: Path, kind: str) -> list[dict[str, Any]]:
    lines = (shared / "tags/reader_frames.jsonl").read_text().splitlines()
    found = [v for v in map(json.loads, lines) if v["kind"] == kind]
    assert found
    return found


def frames(stream: bytes, look: Any, rng: random.Random | None = None) -> list[bytes]:
    """The frames in `stream`, fed byte by byte or in random pieces; a cut-off one is given up."""
    finder = Frames(2 * MAX_BYTES, look)
    found: list[bytes] = []

    def drain() -> None:
        while (frame := finder.take()) is not None:
            found.append(bytes(frame))

    at = 0
    while at < len(stream):
        end = min(len(stream), at + (rng.randrange(1, 30) if rng else 1))
        at = finder.feed(stream, at, end)
        drain()
    while finder.pending:
        finder.skip()
        drain()
    return found


def answers(stream: bytes) -> list[str]:
    out = []
    for frame in frames(stream, inspect):
        if kind_of(frame) == A_DATA:
            out.append(data_of(memoryview(frame)).hex().upper())
        elif kind_of(frame) == AN_ERROR:
            out.append("error")
    return out


def test_every_kind_is_read_somewhere(shared: Path) -> None:
    lines = (shared / "tags/reader_frames.jsonl").read_text().splitlines()
    assert {json.loads(line)["kind"] for line in lines} == OURS | ELSEWHERE | DECLINED


def test_r200_frames(shared: Path, rng: random.Random) -> None:
    good, stream = [], b""
    for v in vectors(shared, "uhf_r200_frame"):
        data = bytes.fromhex(v["hex"])
        expected = [data] if v["well_formed"] and v["checksum_ok"] else []
        assert frames(data, inspect_r200) == expected, v
        good += expected
        stream += data + bytes(rng.choices(range(256), k=rng.randrange(12)))
        if "epc" in v:
            assert tag_of(data) == (bytes.fromhex(v["epc"]), True, v["rssi_dbm"]), v
            for bit in range(8 * len(data)):
                wrong = bytearray(data)
                wrong[bit // 8] ^= 1 << bit % 8
                assert not [f for f in frames(bytes(wrong), inspect_r200) if tag_of(f)], (v, bit)
        elif expected:
            assert tag_of(data) is None
    # Noise may hold whole frames by chance, but none of the good ones is lost in it.
    found = frames(stream, inspect_r200, rng)
    assert [f for f in found if f in good] == good


def test_pn532_frames(shared: Path) -> None:
    for v in vectors(shared, "pn532_frame"):
        data = bytes.fromhex(v["hex"])
        (frame,) = frames(data, inspect)
        body = data_of(memoryview(frame))
        if "uid" in v:
            targets = targets_of(body)
            assert targets == [(1, bytes.fromhex(v["uid"]), int(v["sak"], 16))]
        else:
            assert build(bytes(body[1:])) == data
        for bit in range(8 * len(data)):
            wrong = bytearray(data)
            wrong[bit // 8] ^= 1 << bit % 8
            found = [f for f in frames(bytes(wrong), inspect) if kind_of(f) == A_DATA]
            assert found in ([], [frame]), (v, bit)


def test_pn532_streams(shared: Path) -> None:
    for v in vectors(shared, "pn532_stream"):
        ack, answer = frames(bytes.fromhex(v["hex"]), inspect)
        assert (kind_of(ack), bytes(data_of(memoryview(answer)))) == (AN_ACK, b"\xd5\x15")


def test_crc_a(shared: Path) -> None:
    for v in vectors(shared, "crc_a"):
        data, crc = bytes.fromhex(v["data"]), bytes.fromhex(v["crc"])
        if v["crc_swapped"]:  # printed high byte first by its source
            crc = crc[::-1]
        assert crc_a(data, len(data)) == crc[0] | crc[1] << 8, v
        assert crc_ok(data + crc, len(data) + 2)


def selected(steps: list[tuple[str, str]]) -> bytes | None:
    """The UID that comes of anticollision and SELECT steps, or None."""
    cascade, frame, uid = Cascade(), bytearray(12), None
    for command, answer in steps:
        got = bytes.fromhex(answer)
        if command.endswith("20"):
            if not cascade.answer(got, len(got)):
                return None
        else:
            count = cascade.select(frame)
            assert frame[:count].hex().upper() == command
            uid = cascade.selected(got[0])
            if uid is None:
                return None
    return uid


def test_selects(shared: Path) -> None:
    for v in vectors(shared, "iso14443a_select"):
        assert selected(v["steps"]) == bytes.fromhex(v["uid"])


@pytest.mark.parametrize("trace", TRACES, ids=[t["source"][:40] + t["note"][:12] for t in TRACES])
def test_traces(trace: dict[str, Any]) -> None:
    """What readers were recorded to say is understood; what we would ask is what others asked."""
    assert trace["source"]
    said = [bytes.fromhex(h) for who, h in trace.get("trace", ()) if who == "reader"]
    if trace["reader"] == "pn532":
        if trace["bus"] == "i2c":
            found = [a for piece in said for a in answers(piece[1:])]
        else:
            found = answers(b"".join(said))
        assert found == trace["answers"]
        for who, text in trace["trace"]:
            asked = bytes.fromhex(text).lstrip(b"\0")
            if who == "host" and asked[1:3] != b"\xff\0":
                count = asked[1]
                assert b"\0\0" + asked + b"\0" * (asked[-1] != 0) == build(asked[4 : 3 + count])
    elif trace["reader"] == "r200":
        whole = frames(b"".join(said), inspect_r200)
        assert b"".join(whole) == b"".join(said)
        tags = [tag_of(f) for f in whole]
        assert [t[0].hex().upper() for t in tags if t] == trace["epcs"]
    elif trace["reader"] == "iso14443a":
        steps = [h for _, h in trace["trace"]][2:]
        pairs = list(zip(steps[::2], steps[1::2], strict=True))
        assert selected(pairs) == bytes.fromhex(trace["uid"])
    else:
        memory = bytes.fromhex(trace["memory"]).ljust(180, b"\0")
        tag = Type2()
        tag.begin(bytes.fromhex(trace["uid"]), True)
        while not (tag.done or tag.failed):
            command = tag.command()
            at = 4 * command[1] if command[0] == 0x30 else 0
            tag.answer(memory[at : at + 16] if command[0] == 0x30 else b"")
        assert tag.done
        assert tag.message == bytes.fromhex(trace["ndef"])


def test_r200_traces_against_the_simulated_reader() -> None:
    """The simulated reader answers the recorded questions with the recorded bytes."""
    from sim_r200 import SimR200

    for trace in (t for t in TRACES if t["reader"] == "r200"):
        sim = SimR200(bytes.fromhex(trace["trace"][0][1])[0])
        buffer = bytearray(256)
        asked = b""
        for who, text in trace["trace"]:
            data = bytes.fromhex(text)
            if who == "host":
                asked = data
                continue
            tag = tag_of(data)
            if tag is not None:
                sim.user_memory, sim.rssi_dbm = bool(data[6] & 4), tag[2]
                sim.lay(tag[0])
            sim.write(asked)
            count = sim.readinto(buffer) or 0
            assert bytes(buffer[:count]) == data
