"""Readers that misbehave: noise, bursts, cards that flicker. Nothing of it is ever an `allow`."""

import pytest

from host_side import SPREAD, VODKA
from tag_frames import em4100_frame

OTHERS_PLAYER = "2A00D15C02"
_LONGEST_BYTES = 512  # drivers/barcode_line.py


@pytest.mark.needs("barcode", "raw")
@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"7" * (_LONGEST_BYTES + 40), id="too long"),
        pytest.param(SPREAD.encode()[:5] + b"\x00" + SPREAD.encode()[5:], id="a control byte"),
        pytest.param(SPREAD.encode() + b"\r" + SPREAD.encode(), id="two codes at once"),
        pytest.param(b"\xff\xfe" + SPREAD.encode(), id="bytes of no text"),
    ],
)
def test_what_is_no_code_is_inspected_by_hand(gate, data):
    scanner = gate.scanner
    gate.open_visit()
    mark = scanner.scan(data)
    seen = scanner.shows(mark, word="INSPECT", light="inspect", tone="inspect")
    assert "allow" not in seen.every_light
    scanner.shows(scanner.scan(SPREAD), word="✓ YES", light="allow")


@pytest.mark.needs("barcode", "raw")
def test_a_code_that_loses_its_end(gate):
    scanner = gate.scanner
    gate.open_visit()
    mark = scanner.scan(SPREAD, end=b"")
    scanner.shows(mark, word="INSPECT", light="inspect", text=["unreadable"])
    scanner.shows(scanner.scan(SPREAD), word="✓ YES", light="allow")


@pytest.mark.needs("barcode")
def test_a_wrong_check_digit_is_no_product(gate):
    scanner = gate.scanner
    gate.open_visit()
    wrong = SPREAD[:-1] + str((int(SPREAD[-1]) + 1) % 10)
    seen = scanner.shows(scanner.scan(wrong), word="INSPECT", light="inspect")
    assert "allow" not in seen.every_light


@pytest.mark.needs("barcode")
def test_every_scan_is_answered_and_logged(gate, rng):
    """A row of scans without a pause for reading: as many events as scans, in their order."""
    scanner = gate.scanner
    gate.open_visit()
    gate.news()
    answers = {SPREAD: ("✓ YES", "allow"), VODKA: ("✕ NO", "refuse_handout")}
    codes = [rng.choice((SPREAD, VODKA)) for _ in range(8)]
    for code in codes:
        scanner.shows(scanner.scan(code), word=answers[code][0])
    logged = [event["verdict"] for event in gate.news() if event["kind"] == "scan"]
    assert logged == [answers[code][1] for code in codes]


@pytest.mark.needs("rfid", "raw")
def test_one_frame_is_no_card(gate):
    scanner = gate.scanner
    mark = scanner.present(OTHERS_PLAYER, frames=1)
    scanner.wait_ms(400)
    assert not scanner.look(mark).fresh, "noise passes that checksum: one frame says nothing"
    scanner.shows(scanner.present(OTHERS_PLAYER, frames=2), word="✕ NO", light="refuse")


@pytest.mark.needs("rfid")
def test_a_card_that_stays_is_read_once_and_again_after_it_was_away(gate):
    scanner = gate.scanner
    gate.news()
    scanner.shows(scanner.present(OTHERS_PLAYER, frames=8), word="✕ NO")
    scanner.wait_ms(500)
    assert _scans(gate) == 1
    scanner.shows(scanner.present(OTHERS_PLAYER), word="✕ NO")
    assert _scans(gate) == 1


def test_the_cards_of_this_suite_are_cards():
    """The frame that the suite sends is the one of the RDM6300's data sheet."""
    assert em4100_frame("62E3086CED") == b"\x0262E3086CED08\x03"


def _scans(gate) -> int:
    """How many scans were logged since the last call."""
    return [event["kind"] for event in gate.news()].count("scan")
