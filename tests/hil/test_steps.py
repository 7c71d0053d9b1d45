"""Things handed out after something: the scanner leads through seal, label and other steps."""

import pytest

from host_side import RADIO, SEAL, SPREAD, VODKA

OTHER_SEAL = "VF-000124"


@pytest.mark.needs("barcode", "buttons")
def test_sealing_and_labelling_to_the_end(gate):
    scanner = gate.scanner
    gate.open_visit()
    gate.news()
    scanner.shows(scanner.scan(RADIO), word="FIRST:", light="after", tone="after")
    scanner.shows(scanner.press("ok"), word="SEAL", light="seal", tone="seal",
                  text=["scan the seal"])  # fmt: skip
    scanner.shows(scanner.scan(SEAL), word="LABEL", light="seal", text=["press OK"])
    scanner.shows(scanner.press("ok"), word="AGAIN", light="seal")
    scanner.shows(scanner.scan(RADIO), word="✓ YES", light="allow", tone="allow")
    kinds = [event["kind"] for event in gate.news()]
    assert kinds.count("sealed") == 1 and kinds.count("done") == 1


@pytest.mark.needs("barcode", "buttons")
def test_ok_alone_never_replaces_the_seal(gate):
    scanner = gate.scanner
    gate.open_visit()
    scanner.shows(scanner.scan(RADIO), word="FIRST:")
    for _ in range(3):
        scanner.shows(scanner.press("ok"), word="SEAL")
    scanner.shows(scanner.scan(RADIO), word="FIRST:", light="after")


@pytest.mark.needs("barcode", "buttons")
def test_back_drops_what_was_begun(gate):
    scanner = gate.scanner
    gate.open_visit()
    scanner.shows(scanner.scan(RADIO), word="FIRST:")
    scanner.shows(scanner.scan(SEAL), word="LABEL")
    scanner.shows(scanner.press("back"), word="VISIT", light="ready")
    scanner.shows(scanner.scan(RADIO), word="FIRST:", light="after")
    # That seal lies broken in the waste now: it serves no second time.
    scanner.shows(scanner.scan(SEAL), word="INSPECT", light="inspect", text=["does not match"])
    scanner.shows(scanner.scan(OTHER_SEAL), word="LABEL")


@pytest.mark.needs("barcode")
def test_a_seal_without_a_thing_fits_nothing(gate):
    scanner = gate.scanner
    gate.open_visit()
    scanner.shows(scanner.scan(SEAL), word="INSPECT", light="inspect", tone="inspect")


@pytest.mark.needs("barcode")
def test_a_visit_does_not_end_while_a_thing_waits(gate):
    scanner = gate.scanner
    gate.open_visit()
    scanner.shows(scanner.scan(RADIO), word="FIRST:")
    scanner.shows(scanner.scan(gate.command("END")), word="MISSING", light="hold", tone="hold")
    scanner.shows(scanner.scan(VODKA), word="✕ NO", light="refuse")


@pytest.mark.needs("barcode")
def test_the_end_of_a_visit_tells_what_remains_to_be_done(gate):
    """Section 30: the visitor signs once for all that was handed over."""
    scanner = gate.scanner
    gate.open_visit()
    scanner.shows(scanner.scan(SPREAD), word="✓ YES")
    seen = scanner.shows(scanner.scan(gate.command("END")), word="CLOSED", light="ready")
    assert not gate.rig_has("screen") or len(seen.lines) > 2, "word, duty, and that it is closed"
    scanner.shows(scanner.scan(SPREAD), word="CARD?", light="inspect")
