"""Power that goes: the clock is lost, nothing acknowledged is, and nothing becomes an `allow`."""

import pytest

from host_side import RADIO, SEAL, SPREAD, VODKA


@pytest.mark.needs("power", "barcode")
def test_a_lost_clock_means_by_hand_until_it_is_set(gate):
    scanner = gate.scanner
    scanner.power_cycle()
    assert gate.status()["condition"] == "clock_not_set"
    gate.open_visit()
    seen = scanner.shows(scanner.scan(SPREAD), word="INSPECT", light="inspect", tone="inspect",
                         text=["The clock is not set"])  # fmt: skip
    assert "allow" not in seen.every_light
    scanner.shows(scanner.scan(VODKA), word="✕ NO", light="refuse")  # needs no clock
    done = gate.cli("time", "--set")
    assert done.code == 0, done.err
    scanner.shows(scanner.scan(SPREAD), word="✓ YES", light="allow", tone="allow")


@pytest.mark.needs("power", "barcode")
def test_a_cut_in_the_middle_of_a_visit_loses_nothing(gate):
    scanner = gate.scanner
    gate.open_visit()
    scanner.shows(scanner.scan(RADIO), word="FIRST:")
    scanner.shows(scanner.scan(SEAL), word="LABEL")
    gate.pull()
    known = gate.events()
    scanner.shows(scanner.scan(VODKA), word="✕ NO")  # shown, so it was logged before
    boot = gate.status()["boot"]
    scanner.power_cycle()
    gate.set_time()
    gate.pull()
    after = gate.events()
    assert after[: len(known)] == known
    assert [event["verdict"] for event in after if event["kind"] == "scan"][-1] == "refuse_handout"
    assert gate.status()["boot"] == boot + 1
    # The visit is over, and the seal stays used: nobody can hand it out a second time.
    scanner.shows(scanner.scan(SPREAD), word="CARD?", light="inspect")
    gate.open_visit()
    scanner.shows(scanner.scan(RADIO), word="FIRST:")
    scanner.shows(scanner.scan(SEAL), word="INSPECT", text=["Seal does not match"])


@pytest.mark.needs("power", "barcode", "raw")
def test_a_cut_while_a_code_arrives(gate):
    """Half a code, then no power: not a trace of it after the start."""
    scanner = gate.scanner
    gate.open_visit()
    gate.news()
    scanner.scan(SPREAD[:7], end=b"")
    scanner.power_cycle()
    gate.set_time()
    new = [event["kind"] for event in gate.news()]
    assert "scan" not in new and new.count("boot") == 1
    gate.open_visit()
    scanner.shows(scanner.scan(SPREAD), word="✓ YES")


@pytest.mark.needs("power")
def test_a_cut_in_an_upload_leaves_the_old_table(gate):
    with gate.link() as link:
        before = link.status()["table"]["seq"]
        table = gate.workshop.next_table()
        data = table.data
        with pytest.raises(gate.CablePulled):
            link.upload(data, gate.pull_cable_at(len(data) // 2))
    gate.scanner.power_cycle()
    report = gate.status()
    assert report["table"]["seq"] == before and report["staged"] < len(data)
    gate.set_time()
    assert gate.sync(data)["table"]["seq"] == table.seq


def test_restart_by_command(gate):
    before = gate.status()
    with gate.scanner.restarting():
        gate.reset()
    report = gate.status()
    assert report["boot"] == before["boot"] + 1 and report["restarts"] == 0
    assert report["table"] == before["table"]
