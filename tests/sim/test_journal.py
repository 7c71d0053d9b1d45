"""The log on its way from the scanner into the store: whole, once, and noticed when changed."""

import sqlite3

import pytest

from gatescan.app.scanner import _MAX_SEGMENTS as MAX_SEGMENTS
from gatescan.core.journal import record, segments
from gatescan_host.errors import Exit, GatescanError
from gatescan_host.link.provisioning import unlock
from gatescan_host.store.database import open_store
from gatescan_host.store.ingest import ChainBroken
from gatescan_host.store.pull import pull
from sim import rig
from sim.journal_flash import damage_flash, fill, place

_ROOM = 6  # events left when the test begins


@pytest.fixture
def pulled(shared_gate, tmp_path):
    """A store with all events of the shared gate, and the gate."""
    shared_gate.database = tmp_path / "events.sqlite"
    for code in (rig.VODKA, rig.UNKNOWN, rig.VODKA):
        shared_gate.scan(code)
    shared_gate.pull()
    return shared_gate


def test_log_pull_twice_brings_nothing_new(shared_gate, tmp_path):
    database = tmp_path / "events.sqlite"
    shared_gate.scan(rig.VODKA)
    first = shared_gate.cli("log", "pull", "--db", database, "--json")
    assert first.code == 0, first.err
    assert first.answer["new"] == first.answer["last_seq"] > 0
    second = shared_gate.cli("log", "pull", "--db", database, "--json")
    assert second.code == 0
    # Opening the session is an event itself: that one, and nothing else.
    assert second.answer == {"new": 1, "last_seq": first.answer["last_seq"] + 1}
    with shared_gate.link() as link:
        key = unlock(link, shared_gate.key_file)
        engine = open_store(database)
        assert pull(link, engine, key).new == 1
        assert pull(link, engine, key).new == 0
        engine.dispose()
    verified = rig.gatescan("log", "verify", "--db", database, "--json")
    assert verified.code == 0
    assert verified.answer[shared_gate.scanner_id]["ok"] is True


def test_the_scanner_learns_how_far_its_events_are_safe(pulled):
    journal = pulled.status()["journal"]
    assert journal["acked"] == journal["seq"] == len(pulled.events())


def test_events_say_what_was_decided_and_why(pulled):
    scan = [event for event in pulled.events() if event["kind"] == "scan"][-1]
    assert scan["verdict"] == "refuse_handout"
    assert scan["citation"] == "§ 2, stk. 1, nr. 3"
    assert scan["tag"] == {"scheme": "gtin", "gtin": rig.VODKA.zfill(14)}
    assert scan["clock_ok"] and scan["table_seq"] == 1


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE event SET body = (SELECT body FROM event WHERE seq = 2) WHERE seq = 3",
        "UPDATE event SET body = 'text' WHERE seq = 3",
        "UPDATE event SET body = x'00' WHERE seq = 3",
        "UPDATE event SET link = zeroblob(16) WHERE seq = 4",
        "UPDATE event SET verdict = 1 WHERE seq = (SELECT max(seq) FROM event WHERE kind = 2)",
        "UPDATE event SET utc = utc + 60 WHERE seq = 5",
        "DELETE FROM event WHERE seq = 2",
        "DELETE FROM event WHERE seq = (SELECT max(seq) FROM event)",
        "UPDATE event SET seq = 100000 WHERE seq = 3",
    ],
    ids=[
        "body", "text", "short", "link", "verdict column", "time column", "one missing",
        "end missing", "moved",
    ],
)
def test_a_changed_database_is_noticed(pulled, change):
    with sqlite3.connect(pulled.database) as database:
        assert database.execute(change).rowcount == 1
    database.close()
    done = rig.gatescan("log", "verify", "--db", pulled.database, "--json")
    assert done.code == Exit.CHAIN_BROKEN, done
    answer = done.answer[pulled.scanner_id]
    assert answer["ok"] is False and rig.is_sentence(answer["sentence"])
    assert "broken" in done.err
    shown = rig.gatescan("log", "show", "--db", pulled.database)
    assert "Traceback" not in shown.err


def test_a_pull_into_a_changed_database_is_refused(pulled):
    """The host's copy and the scanner's differ: nothing is acknowledged over that."""
    with sqlite3.connect(pulled.database) as database:
        database.execute("UPDATE device SET last_link = zeroblob(16)")
    database.close()
    pulled.scan(rig.VODKA)
    acked = pulled.status()["journal"]["acked"]
    done = pulled.cli("log", "pull", "--db", pulled.database)
    assert done.code == Exit.CHAIN_BROKEN, done
    assert pulled.status()["journal"]["acked"] == acked


def test_an_acknowledgement_of_something_else_is_refused(shared_gate):
    with shared_gate.link() as link:
        unlock(link, shared_gate.key_file)
        seq = link.status()["journal"]["seq"]
        for wrong, sha in ((seq, bytes(16)), (seq + 1000, bytes(16))):
            with pytest.raises(GatescanError) as refusal:
                link.acknowledge(wrong, sha)
            assert refusal.value.exit_code is Exit.CHAIN_BROKEN


def test_another_host_has_fetched_and_the_scanner_forgot(flash_gate, tmp_path):
    """Segments that one host acknowledged are gone: a second host hears so, in a sentence."""
    gate = flash_gate
    fill(gate, leave=_ROOM, acked=True)
    gate.scanner.power_on()
    for _ in range(_ROOM + 2):
        gate.scan(rig.VODKA)
    assert gate.status()["journal"]["first"] > 1
    done = gate.cli("log", "pull", "--db", tmp_path / "second.sqlite")
    assert done.code == Exit.CHAIN_BROKEN
    assert "another host" in done.err


def test_a_stranger_s_upload_takes_no_events(flash_gate):
    """He may announce any length: only for the holder of the key are fetched events given up."""
    gate = flash_gate
    fill(gate, leave=_ROOM, acked=True)
    gate.scanner.power_on()
    before = gate.status()["journal"]
    wire = rig.Wire(gate.port)
    first = {"off": 0, "data": b"", "len": 1_300_000, "sha": bytes(32), "image": 0}
    assert wire.ask(2, 1, 1, first).get("rc")
    wire.close()
    assert gate.status()["journal"]["first"] == before["first"]


def test_a_full_journal_means_by_hand_until_it_is_fetched(flash_gate):
    """20,160 events, the real limit: nothing is decided that cannot be written down."""
    gate = flash_gate
    fill(gate, leave=_ROOM)
    gate.scanner.power_on()
    gate.set_time()
    gate.open_visit()
    verdicts = []
    for _ in range(_ROOM + 2):
        gate.scanner.forget_events()
        gate.scanner.barcode(rig.SPREAD)
        screen = gate.scanner.wait_for("screen")
        verdicts.append(gate.scanner.wait_for("verdict")["verdict"])
    assert verdicts[0] == "allow" and verdicts[-2:] == ["manual_inspection"] * 2
    assert sorted(verdicts) == verdicts, "never an allow again once it is full"
    assert screen["lines"][0] == "LOG" and screen["light"] == "fault"
    report = gate.status()
    assert report["condition"] == "journal_full"
    assert report["journal"]["seq"] == MAX_SEGMENTS * segments.SEGMENT_RECORDS
    assert gate.scan(rig.VODKA)["verdict"] in ("manual_inspection", "refuse_handout")
    with gate.link() as link:
        unlock(link, gate.key_file)
        link.acknowledge(report["journal"]["seq"], report["journal"]["link"])
        rig.until(lambda: link.status()["condition"] == "ok")
    assert gate.scan(rig.SPREAD)["verdict"] == "allow"
    assert gate.status()["journal"]["seq"] > report["journal"]["seq"]
    assert gate.status()["journal"]["first"] > 1, "the oldest events made room"


def test_a_journal_of_the_scanner_cut_off_is_noticed(flash_gate):
    """Somebody removed the newest events from flash: the store knows a later one."""
    gate = flash_gate
    gate.scanner.power_on()
    for _ in range(4):
        gate.scan(rig.VODKA)
    gate.pull()
    gate.scanner.power_cut()
    last = max(event["seq"] for event in gate.events())
    for seq in range(last - 3, last + 1):
        damage_flash(gate, place(gate, seq), b"\xff" * record.RECORD_BYTES)
    gate.scanner.forget_events()
    gate.scanner.power_on()
    engine = open_store(gate.database)
    with gate.link() as link, pytest.raises(ChainBroken, match=r"cut off|rewritten"):
        pull(link, engine, unlock(link, gate.key_file))
    engine.dispose()

