"""A start or a takeover without memory for the table: by hand and a sentence, no restart."""

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

from gatescan.app import scanner, slots, tables
from gatescan.app.settings import Settings
from in_slices import finish
from sim import rig


def _fresh(folder: Path, told: Callable[[str], None]) -> tables.Tables:
    """Tables that tell when they change and when the present one is to be let go."""
    settings = SimpleNamespace(public_key=rig.public_key(), site_id="vestre", provisioned=True)
    return tables.Tables(
        str(folder), settings, lambda: None, lambda refusal: told(str(refusal)), lambda: False,
        lambda: told("let go"),
    )  # fmt: skip


def _verifying(folder: Path, told: Callable[[str], None]) -> tables.Tables:
    """The same with a table uploaded and activated; its verification has not begun."""
    data = rig.table(1)
    subject = _fresh(folder, told)
    finish(subject.staging.begin(rig.demo_site.sha(data), len(data)))
    for at in range(0, len(data), 2000):
        finish(subject.staging.write(at, data[at : at + 2000]))
    assert subject.activate(rig.demo_site.sha(data))
    return subject


def _equipped(folder: Path) -> tables.Tables:
    """Tables whose stored file has been verified, as after a restart."""
    subject = _verifying(folder, lambda what: None)
    while subject.step():
        pass
    assert subject.job == tables.ACTIVE
    return _fresh(folder, lambda what: None)


def _refuse(*arguments: object) -> None:
    raise MemoryError


@pytest.mark.parametrize("what", ["Watched", "FileWindow"])
def test_a_start_without_room_for_the_table_goes_on_without_it(tmp_path, monkeypatch, what):
    subject = _equipped(tmp_path)
    monkeypatch.setattr(slots, what, _refuse)
    for _ in subject.opening():
        pass
    assert subject.slots.table is None
    assert rig.is_sentence(subject.slots.problem) and "memory" in subject.slots.problem


def test_a_start_without_room_for_the_policy_goes_on_without_it(tmp_path, monkeypatch):
    subject = _equipped(tmp_path)
    for _ in subject.opening():
        pass
    used: list[object] = []
    gate = SimpleNamespace(
        tables=subject, policy=None, settings=Settings(str(tmp_path), bytes(8)),
        update_condition=lambda: None, _let_go=lambda: None,
        checkpoint=SimpleNamespace(
            visit_open=False, use=lambda table, policy: used.append((table, policy))
        ),
    )  # fmt: skip
    monkeypatch.setattr(scanner, "Policy", _refuse)
    scanner.Scanner.adopt(gate)  # type: ignore[arg-type]
    assert used == [(None, None)] and subject.slots.table is None
    assert rig.is_sentence(subject.slots.problem) and "memory" in subject.slots.problem


def test_a_takeover_first_gives_back_the_present_table(tmp_path, monkeypatch):
    told: list[str] = []
    subject = _verifying(tmp_path, told.append)
    use = subject.slots.use
    monkeypatch.setattr(subject.slots, "use", lambda head: (told.append("use"), use(head)))
    while subject.step():
        pass
    assert told == ["let go", "use", "None"] and subject.slots.table is not None


def test_a_takeover_without_room_for_the_table_leaves_it_to_the_next_start(tmp_path, monkeypatch):
    told: list[str] = []
    subject = _verifying(tmp_path, told.append)
    monkeypatch.setattr(slots, "Watched", _refuse)
    while subject.step():
        pass
    assert told == ["let go", "None"] and subject.job == tables.ACTIVE
    assert subject.slots.table is None and subject.slots.problem == slots.NO_MEMORY
    monkeypatch.undo()
    restarted = _fresh(tmp_path, told.append)
    for _ in restarted.opening():
        pass
    assert restarted.slots.table is not None


def test_a_scanner_that_could_not_use_its_new_table_restarts():
    done: list[str] = []
    gate = SimpleNamespace(
        tables=SimpleNamespace(slots=SimpleNamespace(
            table=None, problem=slots.NO_MEMORY,
            manifest=SimpleNamespace(seq=2, table_sha256=bytes(32)),
        )),
        log=lambda kind, **fields: done.append("log"),
        adopt=lambda: done.append("adopt"),
        panel=SimpleNamespace(show_idle=lambda screen: done.append("show")),
        checkpoint=SimpleNamespace(idle_screen=lambda: None),
        board=SimpleNamespace(observe=None),
        reset=lambda: done.append("reset"),
    )  # fmt: skip
    scanner.Scanner._table_changed(gate, None)  # type: ignore[arg-type]
    assert done == ["log", "adopt", "show", "reset"]
    gate.tables.slots.problem = ""
    scanner.Scanner._table_changed(gate, None)  # type: ignore[arg-type]
    assert done[4:] == ["log", "adopt", "show"]
