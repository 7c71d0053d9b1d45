"""A task that dies is seen, heard, logged and started again; one that keeps dying restarts all."""

from types import SimpleNamespace

import pytest
from smpclient.requests.os_management import TaskStatisticsRead

from gatescan.app import tables
from gatescan_host.errors import GatescanError
from gatescan_host.link import messages
from gatescan_host.link.provisioning import unlock
from gatescan_host.simulator import hand
from in_slices import finish
from sim import rig

_DEATHS = 6  # in a row, then the board starts again
_TASKS = ("panel", "link", "barcode", "rfid", "buttons", "tables")


def _states(gate: rig.Gate) -> dict[str, int]:
    """Name and state (1 = running) of every task, as any SMP client reads them."""
    with gate.link() as link:
        tasks = link.ask(TaskStatisticsRead()).tasks
    return {name: task.state for name, task in tasks.items()}


def test_every_task_is_named_and_runs(shared_gate):
    assert _states(shared_gate) == dict.fromkeys((*_TASKS, "control"), 1)
    assert set(hand.TASKS) == set(_states(shared_gate)), "the control pty knows the same names"


@pytest.mark.parametrize("task", [*_TASKS, "control"])
def test_a_killed_task_shows_a_fault_is_logged_and_runs_again(shared_gate, task):
    gate = shared_gate
    before = gate.status()["restarts"]
    gate.scanner.forget_events()
    gate.scanner.order({"do": "kill", "task": task})
    screen = gate.scanner.wait_for("screen")
    assert (screen["light"], screen["tone"]) == ("fault", "fault")
    assert screen["lines"][0] == "FAULT" and task in screen["lines"]
    fault = gate.scanner.wait_for("fault")
    assert fault["task"] == task and fault["reason"]
    rig.until(lambda: _answers(gate) and _states(gate)[task] == 1)
    assert gate.status()["restarts"] == before + 1
    assert gate.allows(), "card and barcode get their verdicts"
    gate.scanner.forget_events()
    gate.scanner.press("back")
    gate.scanner.wait_for("screen", where=lambda event: event["light"] == "ready")
    gate.pull()
    faults = [event for event in gate.events() if event["kind"] == "fault"]
    assert faults[-1]["code"] == (_TASKS.index(task) + 1 if task in _TASKS else 0)


def _answers(gate: rig.Gate) -> bool:
    try:
        gate.status()
    except GatescanError:
        return False
    return True


def test_scans_that_wait_are_answered_after_the_restart(shared_gate):
    """What was scanned while the reader's task was dead is not lost and not answered wrongly."""
    shared_gate.scanner.forget_events()
    shared_gate.scanner.order({"do": "kill", "task": "barcode"})
    shared_gate.scanner.wait_for("fault")
    assert shared_gate.scan(rig.VODKA)["verdict"] == "refuse_handout"


def test_the_fault_screen_gives_way_to_the_idle_screen(shared_gate):
    shared_gate.scanner.forget_events()
    shared_gate.scanner.order({"do": "kill", "task": "rfid"})
    shared_gate.scanner.wait_for("fault")
    screen = shared_gate.scanner.wait_for("screen", limit_s=8.0)
    assert screen["light"] == "ready"


def test_a_task_that_dies_again_and_again_restarts_the_board(gate):
    boot = gate.status()["boot"]
    gate.scanner.forget_events()
    for _ in range(_DEATHS):
        rig.until(lambda: _states(gate)["barcode"] == 1)
        gate.scanner.order({"do": "kill", "task": "barcode"})
        gate.scanner.wait_for("fault")
    gate.scanner.wait_for("ready")
    report = gate.status()
    assert report["boot"] == boot + 1
    assert report["restarts"] == 0
    gate.pull()
    assert [event["kind"] for event in gate.events()].count("fault") == _DEATHS
    gate.set_time()
    assert gate.allows()


def test_verification_outlives_its_task(gate):
    """The task that verifies tables dies in the middle: the table is verified all the same."""
    with gate.link() as link:
        unlock(link, gate.key_file)
        sha = link.upload(rig.table(2))
        gate.scanner.forget_events()
        link.ask(messages.Activate(sha=sha))
        gate.scanner.order({"do": "kill", "task": "tables"})
        gate.scanner.wait_for("fault")
        gate.scanner.wait_for("table")
        assert link.status()["job"] == "active"
    assert gate.allows()


@pytest.mark.parametrize("fault", [MemoryError(), RuntimeError("a defect")])
def test_a_defect_in_verification_does_not_block_the_next_sync(tmp_path, monkeypatch, fault):
    """A job that seemed to run for ever would answer every later upload with "busy"."""
    data = rig.table(1)
    settings = SimpleNamespace(public_key=rig.public_key(), site_id="vestre", provisioned=True)
    outcomes: list[object] = []
    subject = tables.Tables(str(tmp_path), settings, lambda: None, outcomes.append, lambda: False,
                            lambda: None)  # fmt: skip
    sha = rig.demo_site.sha(data)
    finish(subject.staging.begin(sha, len(data)))
    for at in range(0, len(data), 2000):
        finish(subject.staging.write(at, data[at : at + 2000]))

    def fail(policy: object) -> None:
        raise fault

    monkeypatch.setattr("gatescan.app.taking.Policy", fail)
    assert subject.activate(sha)
    try:
        while subject.step():
            pass
    except RuntimeError:
        pass  # ends the task, which the supervisor starts again
    assert subject.job == tables.REFUSED
    assert not subject.step()
    monkeypatch.undo()
    finish(subject.staging.begin(sha, len(data)))
    for at in range(subject.staging.offset, len(data), 2000):
        finish(subject.staging.write(at, data[at : at + 2000]))
    assert subject.activate(sha)
    while subject.step():
        pass
    assert subject.job == tables.ACTIVE
