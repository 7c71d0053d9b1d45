"""Changes of a table: sent alone, in use at once, merged in the background into the new table."""

import contextlib
import hashlib
import queue
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from gatescan_host.errors import Exit, GatescanError
from gatescan_host.link.provisioning import unlock
from gatescan_host.signing import bundle
from sim import made_deltas, made_tables, rig
from sim.made_deltas import GONE, Made
from sim.made_tables import item
from sim.test_repair import sent as sent

_ITEMS = 700
_CHANGES = 48  # a third each: gone, of another class, new
_ALLOW, _REFUSE, _UNKNOWN = "allow", "refuse_handout", "manual_inspection"
_GONE, _OTHER, _NEW, _KEPT = item(3), item(5), item(_ITEMS + 3), item(4)
_MERGE_S = 20.0
_MERGE_TIME_S = 2.0
_TAKING_WRITES, _MERGING_WRITES = 28, 70  # to flash, about
_CUTS = 3


@pytest.fixture(scope="module")
def data() -> bytes:
    return made_tables.made(1, items=_ITEMS)


@pytest.fixture(scope="module")
def new(data: bytes) -> Made:
    """Every changed item is known by its number: the last digit of `codes` tells what became."""
    allowed = made_deltas.class_of(data, rig.SPREAD)
    refused = made_deltas.class_of(data, rig.VODKA)
    third = _CHANGES // 3
    changes = {item(3 + 40 * n): GONE for n in range(third)}
    changes |= {item(5 + 40 * n): refused for n in range(third)}
    changes |= {item(_ITEMS + 3 + n): allowed for n in range(third)}
    assert len(changes) == _CHANGES
    return made_deltas.following(data, 2, changes)


@pytest.fixture(scope="module")
def newest(new: Made) -> Made:
    """One more, whose parent is `new`."""
    return made_deltas.following(new.data, 3, {item(7): GONE})


@pytest.fixture(scope="module")
def stocked(equipped: Path, tmp_path_factory: pytest.TempPathFactory, data: bytes) -> Path:
    """A scanner with the parent, switched off."""
    folder = tmp_path_factory.mktemp("stocked")
    rig.copy_of(equipped, folder)
    gate = _gate(folder, None)
    gate.scanner.power_on()
    gate.sync(data)
    gate.close()
    return folder


@pytest.fixture(scope="module")
def overlaid(stocked: Path, tmp_path_factory: pytest.TempPathFactory, new: Made) -> Path:
    """The same with the changes in use and not merged, switched off."""
    folder = tmp_path_factory.mktemp("overlaid")
    gate = _gate(folder, stocked)
    gate.scanner.power_on()
    gate.sync(new.delta)
    gate.close()
    return folder


def _gate(folder: Path, template: Path | None) -> rig.Gate:
    if template is not None:
        rig.copy_of(template, folder)
    return rig.Gate(folder, rig.simulator(folder, rtc_utc=int(time.time())))


@pytest.fixture
def on(stocked: Path, tmp_path: Path) -> Iterator[rig.Gate]:
    """The scanner with the parent, switched on."""
    gate = _gate(tmp_path / "gate", stocked)
    gate.scanner.power_on()
    yield gate
    gate.close()


@pytest.fixture
def off(overlaid: Path, tmp_path: Path) -> Iterator[rig.Gate]:
    """The scanner with the changes, switched off."""
    gate = _gate(tmp_path / "gate", overlaid)
    yield gate
    gate.close()


def _sync(gate: rig.Gate, made: Made, *more: str) -> rig.Done:
    file = gate.folder / "new.gst"
    file.write_bytes(made.data)
    file.with_suffix(".gsd").write_bytes(made.delta)
    return gate.cli("sync", "--table", file, "--json", *more)


def _sha(made: Made) -> bytes:
    return hashlib.sha256(made_tables.table_of(made.data)).digest()


def _merged(gate: rig.Gate) -> dict:
    """The status once the merge is over; asked seldom, as a host does that waits."""
    deadline = time.monotonic() + _MERGE_S
    while True:
        report = gate.status()
        if not report["overlay"] or report.get("merge"):
            return report
        assert time.monotonic() < deadline, report
        time.sleep(1.1)


def _answers_as_new(gate: rig.Gate) -> None:
    """With a visit open."""
    verdicts = [gate.scan(code)["verdict"] for code in (_OTHER, _NEW, _KEPT)]
    assert verdicts == [_REFUSE, _ALLOW, _ALLOW]
    assert gate.scan(_GONE)["category"] == gate.scan(rig.UNKNOWN)["category"]


def _slot_files(gate: rig.Gate) -> dict[str, str]:
    """SHA-256 of each table file in the flash of a scanner that is off."""
    code = (
        "import hashlib\n"
        "for n in os.listdir():\n"
        " if n.endswith('.gst'): print(n, hashlib.sha256(open(n,'rb').read()).digest().hex())\n"
    )
    lines = rig.flash_script(gate.scanner.state_dir, code).splitlines()
    return dict(line.split() for line in lines)


def test_changes_are_in_use_at_once_and_merged_afterwards(on, data, new, sent):
    on.open_visit()
    assert [on.scan(code)["verdict"] for code in (_OTHER, _KEPT)] == [_ALLOW, _ALLOW]
    sent.clear()
    done = _sync(on, new)
    assert done.code == 0 and f"the changes, {len(new.delta)} bytes" in done.err, done
    print(f"{_CHANGES} changes: {sum(sent)} bytes on the wire, the whole is {len(new.data)}")
    assert sum(sent) < len(new.data) / 2
    report = done.answer
    assert report["overlay"] and report["table"]["seq"] == made_tables.FIRST_SEQ + 2
    whole = on.folder / "new.gst"
    info = rig.gatescan("table", "info", whole, "--json").answer
    assert report["table"]["items"] == info["items"]
    on.open_visit()
    _answers_as_new(on)
    report = _merged(on)
    assert not report.get("merge"), "nothing is left to be told"
    assert not report["overlay"] and report["merging"] is None
    assert bytes(report["base_sha256"]) == _sha(new)
    _answers_as_new(on)  # the visit is open still
    assert "active already" in _sync(on, new).err
    on.pull()
    kinds = [event["kind"] for event in on.events()]
    assert kinds.count("table_activated") == 3
    on.restart()
    on.set_time()
    on.open_visit()
    _answers_as_new(on)
    on.scanner.power_cut()
    files = _slot_files(on)
    assert hashlib.sha256(new.data).hexdigest() in files.values()
    assert all(name.startswith("table-") for name in files)


def test_scans_while_it_merges(off, new):
    off.scanner.power_on()
    off.open_visit()
    waits = []
    seen = []
    deadline = time.monotonic() + _MERGE_S
    while time.monotonic() < deadline:
        for code, verdict in ((_OTHER, _REFUSE), (_NEW, _ALLOW), (_KEPT, _ALLOW)):
            event = off.scan(code)
            assert event["verdict"] == verdict
            waits.append(event["latency_ms"])
        report = off.status() if len(waits) % 60 == 0 else {}
        seen.append(report.get("merging"))
        if report.get("overlay") is False:
            break
        time.sleep(0.02)
    print(f"{len(waits)} scans, the longest waited {max(waits)} ms")
    assert not off.status()["overlay"]
    assert off.status()["restarts"] == 0


def test_the_next_changes_wait_for_the_merge(off, newest):
    off.scanner.power_on()
    begun = time.monotonic()
    with off.link() as link:
        unlock(link, off.key_file)
        with pytest.raises(GatescanError, match="try again in a moment") as refused:
            link.activate(link.upload(newest.delta))
    assert refused.value.exit_code is Exit.TABLE_REJECTED
    done = _sync(off, newest)
    print(f"taken after {time.monotonic() - begun:.1f} s")
    assert done.code == 0 and "waiting" in done.err and "the changes, " in done.err, done
    off.open_visit()
    _answers_as_new(off)
    assert off.scan(item(7))["verdict"] != _ALLOW


def test_another_table_is_no_parent(gate, new, data):
    """The host knows it from the report; who sends them all the same hears it at the head."""
    with gate.link() as link:
        unlock(link, gate.key_file)
        with pytest.raises(GatescanError, match="send the whole table"):
            link.upload(new.delta)
    done = _sync(gate, new)
    assert done.code == 0 and f"the whole table, {len(new.data)} bytes" in done.err, done
    assert not gate.status()["overlay"]


def test_the_whole_when_it_is_asked_for(on, new):
    done = _sync(on, new, "--whole")
    assert done.code == 0 and f"the whole table, {len(new.data)} bytes" in done.err, done
    assert not on.status()["overlay"]


def test_changes_beside_the_table_that_belong_to_another(on, new, newest):
    done = _sync(on, Made(new.data, newest.delta))
    assert done.code == 0 and "is not used" in done.err and "the whole table" in done.err, done


def test_damaged_changes_are_not_used(on, new, rng):
    """Each of these bytes is the delta's: its hash is signed. The whole table then does."""
    head = bundle.parse(new.data).head_bytes
    for at in (head + 20, rng.randrange(head, len(new.delta))):
        with pytest.raises(GatescanError, match="not the signed ones"):
            on.sync(rig.flip(new.delta, 8 * at))
        assert not on.status()["overlay"]
    on.open_visit()
    assert on.scan(_OTHER)["verdict"] == _ALLOW


def test_damaged_overlay_at_the_start(off, data, new):
    """The table below is an old one: nothing is answered from it. The changes may come again."""
    _damage_overlay(off)
    off.scanner.power_on()
    report = off.status()
    assert "table" not in report and "changes" in report["problem"]
    assert rig.is_sentence(report["problem"])
    assert [off.scan(code)["verdict"] for code in (_OTHER, rig.VODKA)] == [_UNKNOWN] * 2
    done = _sync(off, new)
    assert done.code == 0 and "the changes, " in done.err, done
    off.open_visit()
    _answers_as_new(off)


def _damage_overlay(gate: rig.Gate) -> None:
    code = (
        "name = [n for n in os.listdir() if n.startswith('over-')][0]\n"
        "data = bytearray(open(name, 'rb').read())\n"
        "data[-60] ^= 4\n"
        "with open(name, 'wb') as file: file.write(data)\n"
    )
    rig.flash_script(gate.scanner.state_dir, code)


def test_a_damaged_parent_gets_the_whole_table(on, data, new):
    made_tables.damage(on, data, made_tables.amid(made_tables.block_of(data, _KEPT)))
    on.open_visit()
    assert on.scan(_KEPT)["verdict"] != _ALLOW
    done = _sync(on, new)
    assert done.code == 0 and "the whole table, " in done.err, done
    on.open_visit()
    _answers_as_new(on)


def test_no_room_to_merge(off, new):
    script = (
        "free = os.statvfs(os.getcwd())\n"
        "with open('code', 'wb') as file: file.write(bytes(free[0] * free[3] - 50000))"
    )
    rig.flash_script(off.scanner.state_dir, script)
    off.scanner.power_on()
    report = _merged(off)
    assert report["overlay"] and report["merge"] == "no_room" and report["merging"] is None
    assert "no room" in rig.gatescan("status", "--port", off.port).out
    off.open_visit()
    _answers_as_new(off)
    off.scanner.power_cut()
    rig.flash_script(off.scanner.state_dir, "os.remove('code')")
    off.scanner.power_on()
    assert not _merged(off)["overlay"]


def test_a_whole_table_during_the_merge(off, new):
    off.scanner.power_on()
    third = made_tables.made(4, items=50)
    off.sync(third)
    assert not off.status()["overlay"]
    time.sleep(1.5)
    off.scanner.power_cut()
    files = _slot_files(off)
    assert hashlib.sha256(third).hexdigest() in files.values() and len(files) == 2


def test_power_cuts_while_changes_are_taken(stocked, new, tmp_path, rng):
    """Old or new after a cut in any write of the upload and the activation."""
    seen = []
    for write in sorted(rng.sample(range(1, _TAKING_WRITES), _CUTS)):
        gate = _gate(tmp_path / str(write), stocked)
        gate.scanner.power_on()
        with contextlib.suppress(GatescanError), gate.link(timeout_s=0.1) as link:
            unlock(link, gate.key_file)
            gate.cut_in(write)
            link.activate(link.upload(new.delta))
        gate.restart()
        report = gate.status()
        gate.close()
        assert "problem" not in report, report
        seen.append(report["table"]["seq"] - made_tables.FIRST_SEQ)
        assert report["overlay"] is (seen[-1] == 2)
    assert sorted(seen) == seen and {*seen} <= {1, 2}, seen


def test_power_cuts_while_it_merges(overlaid, new, tmp_path, rng):
    """The overlay or the merged table, both are the new one; the next start merges again."""
    merged = []
    for write in sorted(rng.sample(range(1, _MERGING_WRITES), _CUTS)):
        gate = _gate(tmp_path / str(write), overlaid)
        gate.scanner.power_on()
        gate.cut_in(write)
        _wait_for_cut(gate)
        gate.restart()
        report = gate.status()
        assert "problem" not in report
        assert report["table"]["seq"] == made_tables.FIRST_SEQ + 2
        merged.append(not report["overlay"])
        assert not _merged(gate)["overlay"]
        gate.close()
        files = _slot_files(gate)
        assert hashlib.sha256(new.data).hexdigest() in files.values()
        assert all(name.startswith("table-") for name in files)
    assert sorted(merged) == merged, merged


def _wait_for_cut(gate: rig.Gate) -> None:
    """Until the cut has come, or the merge has been over for long."""
    with contextlib.suppress(queue.Empty):
        while gate.scanner.events.get(timeout=_MERGE_TIME_S)["event"] != "stopped":
            pass
