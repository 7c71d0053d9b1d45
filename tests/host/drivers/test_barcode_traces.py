"""Recorded bytes of barcode engines, each way: our commands are those, their answers are taken."""

import json
import random
from pathlib import Path

import pytest

from gatescan.core.frames import engine_frames as frames
from gatescan.core.frames import ssi_frame
from gatescan.drivers.barcode_line import LineAssembler
from gatescan.drivers.engines import gm65_frame
from gatescan.drivers.engines.splitter import Splitter

TRACES = [
    json.loads(line)
    for line in (Path(__file__).parents[2] / "vectors" / "barcode_traces.jsonl")
    .read_text()
    .splitlines()
]
KINDS = {"gm65": frames.GM65, "gm861": frames.GM65, "ssi": frames.SSI}


SIMULATOR = str(Path(__file__).parents[3] / "boards" / "simulator")


def split(kind: int, stream: bytes, rng: random.Random) -> tuple[list[str], list[str], int]:
    """(frames, scans, noise) of what an engine sent, in pieces of random length."""
    lines = LineAssembler()
    found: list[str] = []
    splitter = Splitter(lines, lambda _kind, frame: found.append(bytes(frame).hex().upper()))
    splitter.kind = kind
    at = 0
    while at < len(stream):
        count = rng.randrange(1, 9)
        piece = stream[at : at + count]
        splitter.feed(piece, len(piece), 1000)
        at += count
    splitter.tick(2000)
    lines.tick(2000)
    scans = []
    while (line := lines.take()) is not None:
        scans.append(line.hex().upper())
    return found, scans, lines.garbage + lines.half + splitter.bad


@pytest.mark.parametrize("trace", TRACES, ids=lambda t: f"{t['engine']}: {t['note']}")
def test_what_engines_sent(trace: dict, rng: random.Random) -> None:
    stream = b"".join(bytes.fromhex(data) for who, data in trace["exchange"] if who == "engine")
    found, scans, noise = split(KINDS[trace["engine"]], stream, rng)
    assert (found, scans) == (trace["frames"], trace["scans"])
    assert bool(noise) == trace.get("refused", False)


@pytest.mark.parametrize("trace", TRACES, ids=lambda t: f"{t['engine']}: {t['note']}")
def test_commands_have_the_checks_that_engines_take(trace: dict) -> None:
    for who, data in trace["exchange"]:
        command = bytes.fromhex(data)
        if who == "host" and trace["engine"] == "ssi":
            assert ssi_frame.packet(command[1], command[4:-2]) == command
        elif who == "host":
            check = frames.crc16_xmodem(command, 2, len(command) - 2)
            assert check == int.from_bytes(command[-2:], "big")
        elif who == "host_bad":
            check = frames.crc16_xmodem(command, 2, len(command) - 2)
            assert check != int.from_bytes(command[-2:], "big")


def test_a_trace_with_any_bit_changed_is_never_another_answer(rng: random.Random) -> None:
    for trace in TRACES:
        stream = b"".join(bytes.fromhex(d) for who, d in trace["exchange"] if who == "engine")
        if not trace["frames"] or len(stream) > 40:
            continue
        for bit in range(8 * len(stream)):
            bad = bytearray(stream)
            bad[bit // 8] ^= 1 << bit % 8
            found, scans, _ = split(KINDS[trace["engine"]], bytes(bad), rng)
            # The head is not covered by the CRC of a GM65; the driver takes 02 only.
            known = [f[2:] for f in trace["frames"]] if trace["engine"] != "ssi" else []
            wrong = [f for f in found if f not in trace["frames"] and f[2:] not in known]
            assert (wrong, scans) == ([], []), (trace["note"], bit)


def test_commands_of_the_settings_are_the_recorded_ones() -> None:
    sent = {d for t in TRACES for who, d in t["exchange"] if who == "host"}
    assert gm65_frame.read(0x2A, 2).hex().upper() in sent
    assert gm65_frame.save().hex().upper() in sent
    assert gm65_frame.write(0xD9, 0x50).hex().upper() in sent


def test_shared_frames(shared: Path) -> None:
    """Every GM65 frame of the shared vectors; two of them say what must not be answered."""
    seen = 0
    for text in (shared / "tags" / "reader_frames.jsonl").read_text().splitlines():
        vector = json.loads(text)
        if vector["kind"] != "gm65_frame":
            continue
        seen += 1
        data = bytearray(bytes.fromhex(vector["hex"]))
        fits = frames.crc16_xmodem(data, 2, len(data) - 2) == data[-2] << 8 | data[-1]
        assert fits == vector["crc_xmodem_ok"], vector
        if vector["dir"] == "module":
            found, scans, noise = split(frames.GM65, bytes(data), random.Random(1))
            assert (found, scans, noise) == ([vector["hex"]], [], 0)
    assert seen == 5


def test_the_simulated_engine_answers_as_the_recorded_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """boards/simulator/sim_gm65.py against the same traces: it is no mirror of the driver."""
    monkeypatch.syspath_prepend(SIMULATOR)
    from sim_gm65 import SimGm65, SimGm861

    for trace in TRACES:
        if trace["engine"] == "ssi" or trace["exchange"][0][0] == "engine":
            continue
        now = [5000]
        make = SimGm861 if trace["engine"] == "gm861" else SimGm65
        engine = make(now=lambda now=now: now[0], boot_ms=0)
        engine.zones[0x0A] = 0x3E
        answers = []
        for who, data in trace["exchange"]:
            now[0] += 500
            if who != "engine":
                engine.write(bytes.fromhex(data))
            buf = bytearray(300)
            count = engine.readinto(buf)
            if count:
                answers.append(bytes(buf[:count]).hex().upper())
            if data[:12] == "7E00080100D9":
                engine.power_on()
        wanted = [data for who, data in trace["exchange"] if who == "engine"]
        if "00D9" not in trace["exchange"][0][1]:
            assert answers == wanted, trace["note"]
    engine = SimGm861(now=lambda: 5000, boot_ms=0)
    engine.write(gm65_frame.read(0, 0x62))
    buf = bytearray(300)
    count = engine.readinto(buf)
    dump = next(t for t in TRACES if "at power-on" in t["note"])["exchange"][0][1]
    assert bytes(buf[: count or 0]).hex().upper() == dump


def test_a_command_with_a_gap_of_more_than_400_ms_is_none(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.syspath_prepend(SIMULATOR)
    from sim_gm65 import SimGm65

    now = [0]
    engine = SimGm65(now=lambda: now[0], boot_ms=0)
    command = gm65_frame.read(0x0A, 1)
    for gap_ms, answered in ((399, True), (401, False)):
        engine.write(command[:4])
        now[0] += gap_ms
        engine.write(command[4:])
        assert bool(engine.readinto(bytearray(64))) == answered
        now[0] += 1000
