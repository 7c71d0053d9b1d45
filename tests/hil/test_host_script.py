"""What a sync script does, with `gatescan` itself: exit codes, JSON, cut cables, the journal."""

import json

import pytest

import demo_site
from gatescan_host.link.provisioning import unlock
from gatescan_host.signing import bundle
from gatescan_host.store import history
from gatescan_host.store.database import open_store
from hil.bench_table import PAPER_CARD, Workshop
from host_side import SPREAD, VODKA, flip, gatescan, is_sentence


def test_from_factory_new_to_the_first_verdict(new_gate, tmp_path):
    """Provision, set the clock, sync, ask: the four commands of an installation."""
    gate, workshop = new_gate, new_gate.workshop
    table = tmp_path / "table.gst"
    table.write_bytes(workshop.table().data)
    done = gate.cli("provision", "--public", workshop.key_folder, "--site", "vestre",
                    "--lang", "en", "--json")  # fmt: skip
    assert done.code == 0, done.err
    done = gate.cli("time", "--set", "--json")
    assert done.code == 0 and done.answer["utc"], done.err
    done = gate.cli("sync", "--table", table, "--json")
    assert done.code == 0, done.err
    assert done.answer["table"]["seq"] == workshop.table().seq
    done = gate.cli("status", "--json")
    assert done.answer["condition"] == "ok" and done.answer["authentic"]
    if gate.rig_has("barcode"):
        scanner = gate.scanner
        scanner.shows(scanner.scan(PAPER_CARD), word="VISIT", tone="visit")
        scanner.shows(scanner.scan(SPREAD), word="✓ YES", light="allow", tone="allow")


def test_echo(gate):
    with gate.link() as link:
        assert link.echo("Vestre Fængsel") == "Vestre Fængsel"
        assert link.echo("x" * 1000) == "x" * 1000


def test_a_table_that_was_changed_is_refused(gate, tmp_path):
    """Exit 6, one sentence, and the table in use stays in use."""
    data = gate.workshop.next_table().data
    broken = tmp_path / "broken.gst"
    broken.write_bytes(flip(data, 8 * (bundle.parse(data).head_bytes - 20)))
    before = gate.status()["table"]
    done = gate.cli("sync", "--table", broken)
    assert done.code == 6 and is_sentence(done.err), done.err
    assert "signature" in done.err
    assert gate.status()["table"] == before


def test_a_table_of_another_key_is_refused(gate, tmp_path):
    other = tmp_path / "other.gst"
    other.write_bytes(Workshop(demo_site.key_folder("stranger")).table().data)
    done = gate.cli("sync", "--table", other)
    assert done.code == 6 and is_sentence(done.err), done.err


def test_a_wrong_device_key_is_refused(gate, tmp_path):
    wrong = tmp_path / "wrong.key"
    wrong.write_bytes(bytes(32))
    with gate.plugged() as port:
        done = gatescan("time", "--set", "--port", port, "--device-key", wrong)
    assert done.code == 5 and is_sentence(done.err), done.err


def test_no_scanner_at_the_port(gate, tmp_path):
    done = gatescan("status", "--port", tmp_path / "nothing")
    assert done.code == 3 and is_sentence(done.err), done.err


def test_the_cable_is_pulled_in_an_upload_and_the_next_sync_goes_on(gate, tmp_path):
    table = gate.workshop.next_table()
    data = table.data
    with pytest.raises(gate.CablePulled), gate.link() as link:
        link.upload(data, gate.pull_cable_at(len(data) // 2))
    reached = gate.status()["staged"]
    assert reached >= len(data) // 2
    offsets: list[int] = []
    with gate.link() as link:
        unlock(link, gate.key_file)
        sha = link.upload(data, lambda done, total: offsets.append(done))
        assert offsets[0] >= reached, "not a byte is sent twice"
        assert link.activate(sha)["table"]["seq"] == table.seq


@pytest.mark.needs("barcode", "raw")
def test_scans_are_answered_while_a_table_arrives(gate):
    """The guard does not notice a sync, until the new table is in use."""
    scanner = gate.scanner
    gate.open_visit()
    table = gate.workshop.next_table()
    data = table.data
    answers = {1: (VODKA, "✕ NO"), 2: (SPREAD, "✓ YES")}
    marks = []

    def scan_now_and_then(done: int, total: int) -> None:
        third = len(marks) + 1
        if third in answers and done >= total * third // 4:
            marks.append(scanner.scan(answers[third][0]))
            scanner.shows(marks[-1], word=answers[third][1])

    with gate.link() as link:
        unlock(link, gate.key_file)
        sha = link.upload(data, scan_now_and_then)
        assert len(marks) == len(answers)
        assert link.activate(sha)["table"]["seq"] == table.seq
        assert link.status()["restarts"] == 0


@pytest.mark.needs("barcode")
def test_the_journal_is_fetched_and_its_chain_holds(gate, tmp_path):
    scanner = gate.scanner
    gate.open_visit()
    scanner.shows(scanner.scan(VODKA), word="✕ NO")
    scanner.shows(scanner.scan(gate.command("END")), word="CLOSED")
    store = ("--db", gate.database)
    done = gate.cli("log", "pull", *store, "--json")
    assert done.code == 0, done.err
    shown = gatescan("log", "show", *store, "--json")
    events = [json.loads(line) for line in shown.out.splitlines()]
    assert [event["seq"] for event in events] == list(range(1, len(events) + 1))
    kinds = [event["kind"] for event in events]
    assert {"boot", "provisioned", "table_activated", "clock_set"} <= set(kinds), kinds
    assert [kind for kind in kinds if kind.startswith(("visit", "scan"))][-3:] == [
        "visit_open", "scan", "visit_end"
    ]  # fmt: skip
    verified = gatescan("log", "verify", *store)
    assert verified.code == 0, verified.err
    report = gate.status()
    assert report["journal"]["acked"] == done.answer["last_seq"]


def test_a_stored_event_that_was_changed_is_found(gate):
    """The other half of the chain: whoever edits the store is told so, with exit 7."""
    gate.pull()
    engine = open_store(gate.database)
    device = history.devices(engine)[0]
    with engine.begin() as connection:
        connection.exec_driver_sql(
            "UPDATE event SET body = zeroblob(length(body)) WHERE seq = 1"
        )
    assert not history.verify(engine, device).ok
    engine.dispose()
    assert gatescan("log", "verify", "--db", gate.database).code == 7
