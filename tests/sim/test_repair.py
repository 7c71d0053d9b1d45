"""A table damaged in flash: only what is damaged is held, and a sync brings only that again."""

import shutil
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
import serial

from gatescan.core.table import format as fmt
from gatescan_host.errors import Exit, GatescanError
from gatescan_host.link.provisioning import unlock
from gatescan_host.link.session import GroupRefusal, ScannerLink
from gatescan_host.link.sync import repair
from gatescan_host.link.table_messages import Patch
from sim import made_tables, rig
from sim.made_tables import item

_ITEMS = 4000  # several blocks
_FIRST, _LAST = item(3), item(_ITEMS - 3)  # in two of them
_MOST_WRITES = 60
_HELD = ("manual_inspection", "hold_for_decision")


@pytest.fixture(scope="module")
def data() -> bytes:
    return made_tables.made(1, items=_ITEMS)


@pytest.fixture(scope="module")
def stocked(equipped: Path, tmp_path_factory: pytest.TempPathFactory, data: bytes) -> Path:
    """A scanner with this table, switched off."""
    folder = tmp_path_factory.mktemp("stocked")
    rig.copy_of(equipped, folder)
    gate = rig.Gate(folder, rig.simulator(folder, rtc_utc=int(time.time())))
    gate.scanner.power_on()
    gate.sync(data)
    gate.close()
    return folder


def _gate(stocked: Path, folder: Path) -> rig.Gate:
    rig.copy_of(stocked, folder)
    return rig.Gate(folder, rig.simulator(folder, rtc_utc=int(time.time())))


@pytest.fixture
def off(stocked: Path, tmp_path: Path) -> Iterator[rig.Gate]:
    """The scanner, switched off."""
    gate = _gate(stocked, tmp_path / "gate")
    yield gate
    gate.close()


@pytest.fixture
def on(off: rig.Gate) -> rig.Gate:
    """The same, switched on, with the check after the start behind it and a visit open."""
    off.scanner.power_on()
    time.sleep(0.3)
    off.open_visit()
    return off


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many bytes went out on the wire, write by write."""
    counts: list[int] = []
    write = serial.Serial.write

    def counted(port: serial.Serial, content: bytes) -> int | None:
        counts.append(len(content))
        return write(port, content)

    monkeypatch.setattr(serial.Serial, "write", counted)
    return counts


def _sync(gate: rig.Gate, data: bytes) -> rig.Done:
    file = gate.folder / "table.gst"
    file.write_bytes(data)
    return gate.cli("sync", "--table", file, "--json")


def _whole(gate: rig.Gate) -> None:
    """The table is in use, after a restart as well."""
    gate.open_visit()
    assert [gate.scan(code)["verdict"] for code in (_FIRST, _LAST)] == ["allow"] * 2
    gate.restart()
    gate.set_time()
    report = gate.status()
    assert report["table"] and "damaged" not in report and "problem" not in report
    gate.open_visit()
    assert [gate.scan(code)["verdict"] for code in (_FIRST, _LAST)] == ["allow"] * 2


def test_a_damaged_block_holds_its_own_items_only(on, data):
    place = made_tables.block_of(data, _FIRST)
    assert made_tables.block_of(data, _LAST) != place
    made_tables.damage(on, data, made_tables.amid(place))
    assert on.scan(_FIRST)["verdict"] in _HELD
    assert on.scan(_LAST)["verdict"] == "allow"
    assert on.scan(rig.VODKA)["verdict"] == "refuse_handout"
    report = on.status()
    assert report["damaged"] == [list(place)] and report["condition"] == "ok"
    assert on.scan(_FIRST)["verdict"] in _HELD
    on.pull()
    told = [event for event in on.events() if event["kind"] == "table_refused"]
    assert [event["reason"] for event in told] == ["content"], "once, however often it is met"
    shown = rig.gatescan("status", "--port", on.port)
    assert f"{place[1]} bytes at {place[0]}" in shown.out


def test_a_sync_of_the_same_table_sends_only_the_damaged_block(on, data, sent):
    made_tables.damage(on, data, made_tables.amid(made_tables.block_of(data, _FIRST)))
    assert on.scan(_FIRST)["verdict"] in _HELD
    sent.clear()
    done = _sync(on, data)
    assert done.code == 0, done
    print(f"repaired with {sum(sent)} bytes on the wire, the file has {len(data)}")
    assert sum(sent) < 3500 < len(data) / 3
    assert on.scan(_FIRST)["verdict"] == "allow", "the visit is open still"
    _whole(on)


def test_damage_found_at_the_start_is_repaired_too(off, data, sent):
    """The signed SHA-256 does not hold: out of use, until what is damaged has come again."""
    place = made_tables.block_of(data, _LAST)
    made_tables.damage(off, data, made_tables.amid(place))
    off.scanner.power_on()
    with off.link() as link:
        report = link.settled()
    assert report["damaged"] == [list(place)] and report["condition"] == "no_table"
    assert "sync it again" in report["problem"]
    assert off.scan(_FIRST)["verdict"] == "manual_inspection"
    sent.clear()
    done = _sync(off, data)
    assert done.code == 0, done
    assert sum(sent) < 5000
    _whole(off)


@pytest.mark.parametrize(
    "kinds",
    [(fmt.K_POLICY, fmt.K_META, fmt.K_TAGS), (fmt.K_ITEM_INDEX, fmt.K_ITEMS), ()],
    ids=["policy, site and tags", "index and block", "directory"],
)
def test_damage_anywhere_in_the_table(off, data, kinds):
    places = [made_tables.amid(made_tables.section_of(data, kind)) for kind in kinds] or [40]
    for at in places:
        made_tables.damage(off, data, at)
    off.scanner.power_on()
    done = _sync(off, data)
    assert done.code == 0 and "whole table" not in done.err, done
    _whole(off)


def test_too_much_damage_brings_the_whole_table(off, data):
    """More than 16 patches of 1,024 bytes: policy and texts are 12, the items 4 of them."""
    table = [fmt.K_META, fmt.K_CLASSES, fmt.K_CODES, fmt.K_TAGS, fmt.K_POLICY, fmt.K_TEXTS]
    places = [made_tables.amid(made_tables.section_of(data, kind)) for kind in table]
    first, length = made_tables.section_of(data, fmt.K_ITEMS)
    for at in [*places, *range(first + 100, first + length, 1024)]:
        made_tables.damage(off, data, at)
    off.scanner.power_on()
    done = _sync(off, data)
    assert done.code == 0 and "whole table" in done.err, done
    _whole(off)


def _patch(link: ScannerLink, data: bytes, at: int, content: bytes) -> None:
    sha = rig.demo_site.sha(made_tables.table_of(data))
    link.ask(Patch(sha=sha, n=0, off=at, data=content))
    link.activate(sha)


@pytest.mark.parametrize("checked", [False, True], ids=["any", "with a good checksum"])
def test_a_wrong_patch_is_refused(on, data, checked):
    """A CRC is no signature: bytes that a host made up are not used, however well they fit."""
    at, length = made_tables.block_of(data, _FIRST)
    made_tables.damage(on, data, at + length // 2)
    assert on.scan(_FIRST)["verdict"] in _HELD
    wrong = bytearray(made_tables.table_of(data)[at : at + length])
    wrong[600] ^= 1
    if checked:
        wrong[-4:] = made_tables.checksum(data, at, wrong)
    with on.link() as link:
        unlock(link, on.key_file)
        with pytest.raises(GatescanError, match="do not make the table whole") as refusal:
            _patch(link, data, at, bytes(wrong))
        assert refusal.value.exit_code is Exit.TABLE_REJECTED
        assert [at, length] in link.status()["damaged"]
    assert on.scan(_FIRST)["verdict"] in _HELD
    assert on.scan(_LAST)["verdict"] == "allow"
    assert _sync(on, data).code == 0
    _whole(on)


def test_who_may_patch_what(on, data):
    with on.link() as link:
        with pytest.raises(GatescanError) as refusal:
            _patch(link, data, 0, b"x")
        assert refusal.value.exit_code is Exit.NOT_AUTHORISED
        unlock(link, on.key_file)
        sha = rig.demo_site.sha(made_tables.table_of(data))
        for number, content in ((1, b"x"), (0, b""), (0, bytes(1025))):
            with pytest.raises(GroupRefusal):
                link.ask(Patch(sha=sha, n=number, off=0, data=content))
        with pytest.raises(GroupRefusal):
            link.ask(Patch(sha=bytes(32), n=0, off=0, data=b"x"))
    assert on.scan(_FIRST)["verdict"] == "allow"


def test_power_cut_in_every_write_of_a_repair(off, stocked, data, tmp_path):
    """Damaged as before or whole, and the next sync ends it; no other table, no half patch."""
    place = made_tables.block_of(data, _FIRST)
    ended = []
    for write in range(1, _MOST_WRITES):
        gate = _gate(stocked, tmp_path / str(write))
        made_tables.damage(gate, data, made_tables.amid(place))
        gate.scanner.power_on()
        survived = None
        with suppress(GatescanError), gate.link(timeout_s=0.1) as link:
            unlock(link, gate.key_file)
            report = link.settled()
            gate.cut_in(write)
            survived = repair(link, made_tables.table_of(data), report)
        gate.scanner.power_cut()
        gate.scanner.forget_events()
        gate.scanner.power_on()
        with gate.link() as link:
            report = link.settled()
        ended.append("table" in report)
        assert ended[-1] or report["damaged"] == [list(place)], report
        gate.set_time()
        assert _sync(gate, data).code == 0
        assert gate.status()["table"] and gate.scan(rig.VODKA)["verdict"] == "refuse_handout"
        gate.close()
        shutil.rmtree(tmp_path / str(write))
        if survived:
            break
    print(f"{len(ended)} cuts, whole after {ended.count(True)}")
    assert ended == sorted(ended) and not ended[0] and ended[-1]


def test_patches_go_with_their_table(on, data):
    made_tables.damage(on, data, made_tables.amid(made_tables.block_of(data, _FIRST)))
    on.scan(_FIRST)
    assert _sync(on, data).code == 0
    on.sync(made_tables.made(2, items=10))
    on.sync(made_tables.made(3, items=10))
    on.scanner.power_cut()
    names = rig.flash_script(on.scanner.state_dir, "print(os.listdir())")
    assert ".fix" not in names and "table-" in names
