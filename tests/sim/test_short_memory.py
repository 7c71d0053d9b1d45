"""A start or a takeover without memory for the table: by hand and a sentence, no restart."""

from pathlib import Path
from types import SimpleNamespace

import pytest

from gatescan.app import scanner, slots, tables
from gatescan.app.settings import Settings
from sim import rig


def _equipped(folder: Path) -> tables.Tables:
    """Tables whose stored file has been verified, as after a restart."""
    data = rig.table(1)
    settings = SimpleNamespace(public_key=rig.public_key(), site_id="vestre", provisioned=True)

    def fresh() -> tables.Tables:
        return tables.Tables(
            str(folder), settings, lambda: None, lambda refusal: None, lambda: False
        )

    subject = fresh()
    subject.staging.begin(rig.demo_site.sha(data), len(data))
    for at in range(0, len(data), 2000):
        subject.staging.write(at, data[at : at + 2000])
    assert subject.activate(rig.demo_site.sha(data))
    while subject.step():
        pass
    assert subject.job == tables.ACTIVE
    return fresh()


def _refuse(*arguments: object) -> None:
    raise MemoryError


@pytest.mark.parametrize("what", ["Table", "FileWindow"])
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
        update_condition=lambda: None,
        checkpoint=SimpleNamespace(
            visit_open=False, use=lambda table, policy: used.append((table, policy))
        ),
    )  # fmt: skip
    monkeypatch.setattr(scanner, "Policy", _refuse)
    scanner.Scanner._adopt(gate)  # type: ignore[arg-type]
    assert used == [(None, None)] and subject.slots.table is None
    assert rig.is_sentence(subject.slots.problem) and "memory" in subject.slots.problem
