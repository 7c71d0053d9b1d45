"""Cards at the gate's RFID reader: two equal frames are one card, anything less is noise."""

import time

import pytest

from gatescan_host.errors import GatescanError
from gatescan_host.simulator.scanner import Event
from sim import rig
from tag_frames import em4100_frame

_FRAME_S = 0.065  # a reader repeats a present card about so often
_PAUSE_S = 0.45  # longer than the 300 ms after which a card counts as gone
_ITEM = "2A00D15C02"  # a player registered to another inmate: refused


@pytest.fixture(autouse=True)
def quiet(shared_gate):
    """No card lies on the reader and no half frame waits when a test begins."""
    time.sleep(_PAUSE_S)
    shared_gate.scanner.forget_events()


def _send(gate: rig.Gate, *frames: bytes, gap_s: float = _FRAME_S) -> list[Event]:
    """Let the reader send frames; returns the verdicts up to a barcode that follows."""
    for frame in frames:
        gate.scanner.rfid(frame)
        time.sleep(gap_s)
    gate.scanner.barcode(rig.UNKNOWN)
    verdicts = []
    while True:
        event = gate.scanner.wait_for("verdict")
        if event["tag"] == rig.UNKNOWN.zfill(14):
            return verdicts
        verdicts.append(event)


def test_two_equal_frames_are_one_verdict(shared_gate):
    verdicts = _send(shared_gate, *[em4100_frame(_ITEM)] * 2)
    assert [event["verdict"] for event in verdicts] == ["refuse_handout"]
    assert verdicts[0]["cit"][0] == "§ 8, stk. 1"


def test_one_frame_is_none(shared_gate):
    assert _send(shared_gate, em4100_frame(_ITEM)) == []


def test_two_frames_too_far_apart_are_none(shared_gate):
    assert _send(shared_gate, *[em4100_frame(_ITEM)] * 2, gap_s=0.3) == []


def test_two_different_frames_are_none(shared_gate):
    assert _send(shared_gate, em4100_frame(_ITEM), em4100_frame("2A00D15C01")) == []


def test_a_card_that_stays_is_one_verdict(shared_gate):
    assert len(_send(shared_gate, *[em4100_frame(_ITEM)] * 25)) == 1


def test_a_card_that_comes_again_is_a_second_verdict(shared_gate):
    assert len(_send(shared_gate, *[em4100_frame(_ITEM)] * 3)) == 1
    time.sleep(_PAUSE_S)
    assert len(_send(shared_gate, *[em4100_frame(_ITEM)] * 3)) == 1


def test_noise_is_none(shared_gate, rng):
    """Random bytes, ghosts with a good checksum among them, never the same one twice in a row."""
    noise = [rng.randbytes(rng.randrange(1, 40)) for _ in range(60)]
    noise += [em4100_frame(rng.randbytes(5).hex().upper()) for _ in range(30)]
    rng.shuffle(noise)
    assert _send(shared_gate, *noise, gap_s=0.005) == []
    assert shared_gate.status()["restarts"] == 0


@pytest.mark.parametrize(
    "change",
    [
        lambda frame: frame[:-1],  # the end is missing
        lambda frame: frame[1:],
        lambda frame: frame[:5] + b"G" + frame[6:],
        lambda frame: frame[:3] + bytes((frame[3] ^ 1,)) + frame[4:],  # checksum
        lambda frame: frame[:7] + frame[8:],
        lambda frame: frame.lower(),
    ],
    ids=["no end", "no start", "no digit", "checksum", "too short", "lower case"],
)
def test_damaged_frames_are_none_however_often(shared_gate, change):
    assert _send(shared_gate, *[change(em4100_frame(_ITEM))] * 4) == []


def test_a_damaged_frame_between_two_good_ones_does_no_harm(shared_gate):
    good = em4100_frame(_ITEM)
    assert len(_send(shared_gate, good, good[:6], good, gap_s=0.03)) == 1


def test_an_unknown_card_is_inspected_by_hand(shared_gate):
    verdicts = _send(shared_gate, *[em4100_frame("0123456789")] * 2)
    assert [event["verdict"] for event in verdicts] == ["manual_inspection"]


def test_a_visit_card_opens_a_visit_and_gives_no_verdict(shared_gate):
    for _ in range(2):
        shared_gate.scanner.rfid(em4100_frame(rig.CARD))
        time.sleep(_FRAME_S)
    screen = shared_gate.scanner.wait_for("screen")
    assert screen["tone"] == "visit"
    with pytest.raises(GatescanError, match="no event 'verdict'"):
        shared_gate.scanner.wait_for("verdict", limit_s=0.2)
