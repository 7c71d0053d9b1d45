"""RFID: two equal frames within 200 ms are an identity; one frame, noise and repeats are not."""

import time

import pytest

from gatescan_host.errors import GatescanError
from sim import rig

PLAYER = "2A00D15C02"  # registered to inmate-c21d
_ABSENT_S = 0.5


def frame(uid: str) -> bytes:
    raw = bytes.fromhex(uid)
    check = 0
    for byte in raw:
        check ^= byte
    return b"\x02" + uid.encode() + f"{check:02X}".encode() + b"\x03"


def verdicts(gate: rig.Gate, limit_s: float = 0.6) -> int:
    count = 0
    deadline = time.monotonic() + limit_s
    while time.monotonic() < deadline:
        try:
            gate.scanner.wait_for("verdict", limit_s=max(0.01, deadline - time.monotonic()))
        except GatescanError:
            break
        count += 1
    return count


@pytest.fixture
def reader(shared_gate: rig.Gate) -> rig.Gate:
    time.sleep(_ABSENT_S)
    shared_gate.scanner.forget_events()
    return shared_gate


def test_two_equal_frames_are_an_item(reader: rig.Gate) -> None:
    reader.scanner.rfid(frame(PLAYER))
    time.sleep(0.065)
    reader.scanner.rfid(frame(PLAYER))
    event = reader.scanner.wait_for("verdict")
    assert (event["tag"], event["verdict"]) == (PLAYER, "refuse_handout")


def test_one_frame_is_nothing(reader: rig.Gate) -> None:
    reader.scanner.rfid(frame(PLAYER))
    assert verdicts(reader) == 0


def test_two_different_frames_are_nothing(reader: rig.Gate) -> None:
    reader.scanner.rfid(frame(PLAYER))
    reader.scanner.rfid(frame("2A00D15C01"))
    assert verdicts(reader) == 0


def test_noise_is_nothing(reader: rig.Gate) -> None:
    reader.scanner.rfid(b"\x02" + b"\xff\x00garbage\x03" * 20 + frame("0000000000") * 3)
    assert verdicts(reader) == 0


def test_a_card_that_stays_is_one_item(reader: rig.Gate) -> None:
    for _ in range(12):
        reader.scanner.rfid(frame(PLAYER))
        time.sleep(0.065)
    assert verdicts(reader, 0.3) == 1
