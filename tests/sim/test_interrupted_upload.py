"""An upload that stops half-way goes on where it stopped; meanwhile the old table serves."""

import pytest

from gatescan_host.errors import Exit, GatescanError
from gatescan_host.link.provisioning import unlock
from sim import rig

_FLUSH_BYTES = 8192  # app/staging.py commits this often: so much may have to come again
_PACKET_BYTES = 2048


class CablePulled(Exception):
    """The host's side ends in the middle of an upload."""


def _upload_until(gate: rig.Gate, data: bytes, stop_at: int) -> int:
    """Upload until `stop_at` bytes have arrived, then let the cable go; returns how many."""
    reached = 0

    def pull(done: int, total: int) -> None:
        nonlocal reached
        reached = done
        if done >= stop_at:
            raise CablePulled

    with pytest.raises(CablePulled), gate.link() as link:
        link.upload(data, pull)
    return reached


def _go_on(gate: rig.Gate, data: bytes) -> list[int]:
    """Sync as the command does; returns the offsets that the scanner asked for."""
    offsets: list[int] = []
    with gate.link() as link:
        unlock(link, gate.key_file)
        link.set_time()
        link.activate(link.upload(data, lambda done, total: offsets.append(done)))
    return offsets


@pytest.mark.parametrize("share", [0.1, 0.5, 0.99])
def test_cable_away(gate, share):
    data = rig.table(2)
    old = gate.status()["table"]["seq"]
    reached = _upload_until(gate, data, int(len(data) * share))
    assert gate.status()["table"]["seq"] == old
    assert gate.status()["staged"] == reached
    assert gate.allows(), "the old table serves while the new one is half here"
    offsets = _go_on(gate, data)
    assert offsets[0] == reached, "not a byte is sent twice"
    assert gate.status()["table"]["seq"] > old
    assert gate.allows()
    gate.pull()


def test_cable_away_many_times(gate):
    data = rig.table(2)
    reached = 0
    while reached < len(data):
        again = _upload_until(gate, data, reached + 1)
        assert again > reached
        reached = again
    assert _go_on(gate, data) == [len(data)]


@pytest.mark.parametrize("share", [0.1, 0.5, 0.99])
def test_power_cut(gate, share):
    data = rig.table(2)
    gate.pull()
    known = gate.events()
    old = gate.status()["table"]["seq"]
    reached = _upload_until(gate, data, int(len(data) * share))
    gate.restart()
    report = gate.status()
    assert report["table"]["seq"] == old
    assert reached - _FLUSH_BYTES <= report["staged"] <= reached
    offsets = _go_on(gate, data)
    assert offsets[0] == report["staged"] or report["staged"] == 0
    assert gate.status()["table"]["seq"] > old
    assert gate.allows()
    gate.pull()
    assert gate.events()[: len(known)] == known


def test_power_cut_while_the_host_is_sending(gate):
    """The host hears nothing any more: it ends with a sentence, and the next sync goes on."""
    data = rig.table(2)

    def cut(done: int, total: int) -> None:
        if done > total // 2:
            gate.scanner.power_cut()

    with gate.link(timeout_s=0.1) as link, pytest.raises(GatescanError) as lost:
        link.upload(data, cut)
    assert lost.value.exit_code in (Exit.TIMEOUT, Exit.NO_DEVICE)
    assert rig.is_sentence(str(lost.value))
    gate.scanner.forget_events()
    gate.scanner.power_on()
    assert _go_on(gate, data)[0] >= len(data) // 2 - _FLUSH_BYTES
    assert gate.allows()


def test_the_command_resumes_too(gate, tmp_path):
    file = tmp_path / "next.gst"
    file.write_bytes(rig.table(2))
    _upload_until(gate, rig.table(2), len(rig.table(2)) // 2)
    done = gate.cli("sync", "--table", file, "--json")
    assert done.code == 0, done.err
    assert done.answer["table"]["seq"] == gate.status()["table"]["seq"]
    again = gate.cli("sync", "--table", file, "--json")
    assert again.code == 0 and "active already" in again.err
    assert again.answer["table"] == done.answer["table"]


def test_another_table_begins_anew(gate):
    """What was staged of one file is never continued with another's bytes."""
    first = _upload_until(gate, rig.table(2), len(rig.table(2)) // 2)
    offsets = _go_on(gate, rig.table(3))
    assert offsets[0] <= _PACKET_BYTES < first
    assert gate.allows()
