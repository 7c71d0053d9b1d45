"""Power goes at any instant: old table or new one, whole; every acknowledged event; no `allow`."""

import contextlib
import shutil
import time
from pathlib import Path

import pytest

from gatescan.core.trust import bundle
from gatescan_host.errors import GatescanError
from gatescan_host.link import messages
from gatescan_host.link.provisioning import unlock
from sim import rig

_KILLS = 20
_SPAN_S = 0.25  # an activation takes less
_MOST_WRITES = 200


def _stage(gate: rig.Gate, data: bytes) -> bytes:
    """Upload without activating; returns the file's SHA-256."""
    with gate.link() as link:
        return link.upload(data)


def _begin_activation(gate: rig.Gate, sha: bytes) -> None:
    """Ask for activation; the power may go before the answer comes."""
    with contextlib.suppress(GatescanError), gate.link(timeout_s=0.2) as link:
        unlock(link, gate.key_file)
        link.ask(messages.Activate(sha=sha))


def _check(gate: rig.Gate, old: int, new: int, known: list[dict]) -> int:
    """What must hold after every cut; returns the number of the table in use."""
    report = gate.status()
    assert report["table"]["seq"] in (old, new)
    assert report["condition"] == "clock_not_set"
    assert "problem" not in report
    assert gate.scan(rig.VODKA)["verdict"] == "refuse_handout", "refusals need no clock"
    gate.pull()
    assert gate.events()[: len(known)] == known, "an acknowledged event is missing"
    return int(report["table"]["seq"])


def test_killed_at_random_instants_of_an_activation(gate, rng):
    """The same gate all the way: what one cut leaves behind meets the next."""
    gate.pull()
    count = 2
    old = gate.status()["table"]["seq"]
    for _ in range(_KILLS):
        sha = _stage(gate, rig.table(count, "site"))
        new = _seq_of(count)
        known = gate.events()
        gate.scanner.forget_events()
        _begin_activation(gate, sha)
        time.sleep(rng.random() * _SPAN_S)
        gate.restart()
        now = _check(gate, old, new, known)
        if now == new:
            old, count = new, count + 1
    gate.set_time()
    assert gate.allows()
    assert gate.status()["restarts"] == 0


def _seq_of(count: int) -> int:
    head = bundle.parse_head(rig.table(count, "site"))
    assert head is not None
    return head.manifest.seq


@pytest.fixture(scope="module")
def staged(equipped: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, bytes]:
    """A switched-off scanner with the old table in use and the new one uploaded."""
    folder = tmp_path_factory.mktemp("staged")
    rig.copy_of(equipped, folder)
    gate = rig.Gate(folder, rig.simulator(folder))
    gate.scanner.power_on()
    sha = _stage(gate, rig.table(2))
    gate.close()
    return folder, sha


def test_cut_in_every_write_of_an_activation(staged, tmp_path):
    """From the first write to flash after `activate` to the last, each torn in its middle."""
    folder, sha = staged
    old, new = _seq_of(1), _seq_of(2)
    seen: list[int] = []
    for write in range(1, _MOST_WRITES):
        here = tmp_path / str(write)
        rig.copy_of(folder, here)
        gate = rig.Gate(here, rig.simulator(here, rtc_utc=int(time.time())))
        gate.scanner.power_on()
        with contextlib.suppress(GatescanError), gate.link(timeout_s=0.2) as link:
            unlock(link, gate.key_file)
            gate.pull_over(link)
            known = gate.events()
            gate.cut_in(write)
            link.ask(messages.Activate(sha=sha))
        survived = _outlived(gate)
        gate.restart()
        seen.append(_check(gate, old, new, known))
        gate.close()
        shutil.rmtree(here)
        if survived:
            break
    assert seen[0] == old and seen[-1] == new
    assert sorted(seen) == seen, "once the new table is in use it stays"
    assert len(seen) > 3


def _outlived(gate: rig.Gate) -> bool:
    """Whether the activation ended before the cut came."""
    while True:
        event = gate.scanner.events.get(timeout=5)
        if event["event"] in ("table", "stopped"):
            return event["event"] == "table"


def test_cut_while_scanning(gate, rng):
    """Events that were pulled stay; the chain goes on over every cut; boots are counted."""
    boots = [gate.status()["boot"]]
    for _ in range(6):
        for _ in range(rng.randrange(1, 6)):
            gate.scan(rig.VODKA)
        gate.pull()
        known = gate.events()
        gate.scanner.barcode(rig.VODKA)
        time.sleep(rng.random() * 0.05)
        gate.restart()
        gate.pull()
        assert gate.events()[: len(known)] == known
        boots.append(gate.status()["boot"])
    assert boots == list(range(boots[0], boots[0] + 7))
    kinds = [event["kind"] for event in gate.events()]
    assert kinds.count("boot") == boots[-1]


@pytest.mark.parametrize("writes", [1, 2, 3, 4, 5])
def test_cut_in_the_middle_of_writing_an_event(gate, writes):
    gate.scan(rig.VODKA)
    gate.pull()
    known = gate.events()
    gate.cut_in(writes)
    gate.scanner.forget_events()
    with pytest.raises(GatescanError, match="stopped"):
        for _ in range(writes):
            gate.scan(rig.VODKA)
    gate.restart()
    gate.pull()
    assert gate.events()[: len(known)] == known
    assert gate.scan(rig.VODKA)["verdict"] == "refuse_handout"
    gate.pull()


def test_a_lost_clock_means_by_hand_until_it_is_set(gate):
    assert gate.allows()
    gate.restart()
    report = gate.status()
    assert report["utc"] is None and report["condition"] == "clock_not_set"
    gate.open_visit()
    gate.scanner.forget_events()
    gate.scanner.barcode(rig.SPREAD)
    screen = gate.scanner.wait_for("screen")
    assert screen["lines"][1:3] == ["The clock is not set:", "inspect by hand"]
    assert gate.scanner.wait_for("verdict")["verdict"] == "manual_inspection"
    assert gate.scan(rig.VODKA)["verdict"] == "refuse_handout"
    gate.set_time()
    assert gate.status()["condition"] == "ok"
    assert gate.scan(rig.SPREAD)["verdict"] == "allow", "the visit is open still"
    gate.pull()
    events = gate.events()
    by_hand = [event for event in events if event["kind"] == "scan" and event["stale_table"]]
    assert [event["verdict"] for event in by_hand] == ["manual_inspection", "refuse_handout"]
    assert all(event["time"] is None for event in by_hand)


def test_a_clock_that_jumps_is_not_believed(gate):
    """A battery-backed clock that says 1970, or the year 2021 after a power cut, is no clock."""
    for utc in (0, 1_609_459_200, 4_200_000_000):
        gate.scanner.power_cut()
        gate.scanner._rtc_utc = utc
        gate.scanner.forget_events()
        gate.scanner.power_on()
        assert gate.status()["condition"] == "clock_not_set"
