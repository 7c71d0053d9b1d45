"""A table too big for two: it comes only when the one in use is given up, by --single-slot."""

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from gatescan_host.errors import Exit, GatescanError
from gatescan_host.link.provisioning import unlock
from gatescan_host.link.sync import sync_table
from gatescan_host.link.table_messages import Announce
from sim import made_tables, rig

_BIG_BYTES = 250_000
_TAKEN_BYTES = 820_000  # of 1,408 kB: what code and events take on a board
_CUTS = 2
_FIRST_WRITES = 16  # to flash: the table in use is given up in one of them


@pytest.fixture(scope="module")
def big(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Two files of which only one fits."""
    folder = tmp_path_factory.mktemp("big")
    for count in (1, 2):
        data = made_tables.made(count, padding_bytes=_BIG_BYTES)
        (folder / f"{count}.gst").write_bytes(data)
    return sorted(folder.iterdir())


@pytest.fixture
def full(flash_gate: rig.Gate) -> Iterator[rig.Gate]:
    """A gate whose flash has room for one big table."""
    script = f"with open('code', 'wb') as file: file.write(bytes({_TAKEN_BYTES}))"
    rig.flash_script(flash_gate.scanner.state_dir, script)
    flash_gate.scanner.power_on()
    flash_gate.set_time()
    yield flash_gate


def _single_slot(gate: rig.Gate, data: bytes, progress: Callable[[int, int], None]) -> None:
    """Sync as the command does."""
    with gate.link(timeout_s=0.1) as link:
        unlock(link, gate.key_file)
        sync_table(
            link, data, say=lambda text: None,
            moving=lambda title: contextlib.nullcontext(progress), single_slot=True,
        )  # fmt: skip


def test_a_table_that_does_not_fit_beside_the_one_in_use(full, big):
    gate = full
    assert gate.cli("sync", "--table", big[0]).code == 0
    refused = gate.cli("sync", "--table", big[1])
    assert refused.code == Exit.TABLE_REJECTED
    assert "does not fit" in refused.err and "--single-slot" in refused.err
    assert gate.allows(), "a refusal costs nothing"

    def cut(done: int, total: int) -> None:
        if done > total // 2:
            assert gate.scan(rig.SPREAD)["verdict"] == "manual_inspection"
            gate.scanner.power_cut()

    with pytest.raises(GatescanError):
        _single_slot(gate, big[1].read_bytes(), cut)
    gate.scanner.forget_events()
    gate.scanner.power_on()
    report = gate.status()
    assert "table" not in report and report["condition"] == "no_table"
    assert "given up" in report["problem"] and "sync" in report["problem"]
    assert report["staged"] > _BIG_BYTES // 3, "what has come is kept"
    assert gate.scan(rig.VODKA)["verdict"] == "manual_inspection"
    done = gate.cli("sync", "--single-slot", "--table", big[1], "--json")
    assert done.code == 0, done
    assert "gives up" in done.err and "problem" not in done.answer
    assert gate.allows()
    gate.restart()
    gate.set_time()
    assert gate.allows()
    gate.pull()


def test_a_table_that_is_refused_costs_nothing(gate):
    """The signature is looked at before the table in use goes."""
    for bad in (rig.flip(rig.table(2), 8 * 1000), rig.table(1, "other")):
        with pytest.raises(GatescanError):
            _single_slot(gate, bad, lambda done, total: None)
        assert gate.allows()


def test_a_stranger_cannot_have_it_given_up(gate):
    with gate.link() as link, pytest.raises(GatescanError) as refusal:
        link.ask(Announce(sha=bytes(32)))
    assert refusal.value.exit_code is Exit.NOT_AUTHORISED


def test_power_cuts_while_it_is_given_up(equipped, tmp_path, rng):
    """The old table or none; the next sync ends it, and nothing is left behind."""
    for write in rng.sample(range(1, _FIRST_WRITES), _CUTS):
        rig.copy_of(equipped, tmp_path / str(write))
        gate = rig.Gate(tmp_path / str(write), rig.simulator(tmp_path / str(write)))
        gate.scanner.power_on()
        gate.set_time()
        gate.cut_in(write)
        with contextlib.suppress(GatescanError):
            _single_slot(gate, rig.table(2), lambda done, total: None)
        gate.restart()
        gate.set_time()
        report = gate.status()
        assert "table" in report or "given up" in report["problem"], report
        _single_slot(gate, rig.table(2), lambda done, total: None)
        assert gate.allows()
        gate.scanner.power_cut()
        names = rig.flash_script(gate.scanner.state_dir, "print(os.listdir())")
        assert names.count("table-") == 1 and "stage" not in names
        gate.close()


def test_the_same_table_may_come_back(gate):
    """It was given up for another that nobody sends any more."""
    class Pulled(Exception):
        pass

    def pull(done: int, total: int) -> None:
        if done > 6000:
            raise Pulled

    with pytest.raises(Pulled):
        _single_slot(gate, rig.table(2), pull)
    assert "given up" in gate.status()["problem"]
    gate.sync(rig.table(1))
    assert gate.allows()
