"""Frames that RDM6300 readers really sent: cards are found, ghosts never are."""

import json
from pathlib import Path
from typing import Any

import pytest

from gatescan.drivers.rdm6300 import Rdm6300
from unit.drivers.uart_wire import Wire


def seen(*frames: bytes) -> list[int]:
    """Cards reported when the frames arrive every 65 ms."""
    wire, found = Wire(), []
    reader = Rdm6300(wire)
    for i, frame in enumerate(frames):
        wire.waiting = frame
        reader.tick(i * 65)
        card = reader.take()
        if card is not None:
            found.append(card)
    return found


@pytest.fixture(scope="module")
def frames(shared: Path) -> list[dict[str, Any]]:
    lines = (shared / "tags" / "reader_frames.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    return [row for row in rows if row["kind"] == "rdm6300_frame"]


def test_ghost_reads_are_never_cards(frames: list[dict[str, Any]]) -> None:
    ghosts = [bytes.fromhex(row["hex"]) for row in frames if row.get("ghost")]
    assert len(ghosts) >= 7
    assert seen(*ghosts) == []


def test_real_cards_are_reported_once(frames: list[dict[str, Any]]) -> None:
    cards = [row for row in frames if row.get("note") == "real card"]
    assert len(cards) >= 4
    for row in cards:
        frame = bytes.fromhex(row["hex"])
        assert seen(*[frame] * 10) == [int(row["tag"], 16)]
        assert seen(frame) == []


def test_damaged_frames_are_never_cards(frames: list[dict[str, Any]]) -> None:
    damaged = [row for row in frames if row["checksum_ok"] is False or row.get("length") == 13]
    for row in damaged:
        assert seen(*[bytes.fromhex(row["hex"])] * 10) == [], row
