"""Pulled events: stored once, in an unbroken chain, or refused with the reason."""

import threading

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import create_engine, func, select, update
from sqlalchemy.orm import Session
from sqlalchemy.pool import StaticPool

from gatescan.core.journal import chain, record
from gatescan_host.errors import Exit
from gatescan_host.store.database import StoreError, open_store
from gatescan_host.store.history import devices, show, verify
from gatescan_host.store.ingest import ChainBroken, ingest, last_stored
from gatescan_host.store.models import Base, Device, Event
from host.store.scanner_journal import DEVICE, a_visit, fill, new_journal, records


@pytest.fixture
def store(tmp_path):
    engine = open_store(tmp_path / "events.sqlite")
    yield engine
    engine.dispose()


def _count(engine):
    with Session(engine) as session:
        return session.scalar(select(func.count()).select_from(Event))


def test_a_pull_in_parts_with_overlaps(store):
    journal = new_journal()
    fill(journal, 30)
    assert last_stored(store, DEVICE) == (0, chain.genesis(DEVICE.encode()))
    for first, last in ((1, 10), (1, 10), (5, 20), (20, 20), (21, 30)):
        part = records(journal, first)[: 48 * (last - first + 1)]
        ingest(store, DEVICE, part, journal.head)
    assert last_stored(store, DEVICE) == journal.head
    assert _count(store) == 30
    done = ingest(store, DEVICE, records(journal), journal.head)
    assert (done.new, done.known, done.last_seq) == (0, 30, 30)
    found = verify(store, DEVICE)
    assert found.ok
    assert (found.events, found.head_link) == (30, journal.head.link)


def test_nothing_to_pull_is_fine(store):
    journal = new_journal()
    assert ingest(store, DEVICE, b"", journal.head).new == 0
    fill(journal, 1)
    assert ingest(store, DEVICE, records(journal)).new == 1
    assert ingest(store, DEVICE, b"", journal.head).last_seq == 1


def test_scanners_do_not_mix(store):
    journal, other = new_journal(), new_journal("other")
    fill(journal, 3)
    fill(other, 5)
    ingest(store, DEVICE, records(journal), journal.head)
    with pytest.raises(ChainBroken):
        ingest(store, "other", records(journal), journal.head)
    ingest(store, "other", records(other), other.head)
    assert devices(store) == sorted([DEVICE, "other"])
    assert verify(store, "other").events == 5


def test_a_change_on_the_way_is_refused_and_the_good_part_kept(store):
    journal = new_journal()
    fill(journal, 10)
    data = bytearray(records(journal))
    data[48 * 6 + 18] ^= 1
    with pytest.raises(ChainBroken, match="Event 7 does not follow") as caught:
        ingest(store, DEVICE, bytes(data), journal.head)
    assert caught.value.exit_code == Exit.CHAIN_BROKEN
    assert _count(store) == 6
    assert verify(store, DEVICE).ok
    ingest(store, DEVICE, records(journal, 7), journal.head)
    assert verify(store, DEVICE).events == 10


def test_a_gap_and_half_a_record(store):
    journal = new_journal()
    fill(journal, 10)
    with pytest.raises(ChainBroken, match="Events 1 to 4 are missing"):
        ingest(store, DEVICE, records(journal, 5))
    with pytest.raises(ChainBroken, match="20 bytes of an event"):
        ingest(store, DEVICE, records(journal)[: 48 * 2 + 20])
    assert last_stored(store, DEVICE)[0] == 2


def test_a_journal_that_was_cut(store):
    journal = new_journal()
    fill(journal, 10)
    ingest(store, DEVICE, records(journal), journal.head)
    shorter = new_journal()
    fill(shorter, 8)
    with pytest.raises(ChainBroken, match="ends at event 8 and event 10"):
        ingest(store, DEVICE, b"", shorter.head)


def test_a_journal_that_was_rewritten(store):
    journal = new_journal()
    fill(journal, 5)
    ingest(store, DEVICE, records(journal), journal.head)
    rewritten = new_journal()
    a_visit(rewritten)
    with pytest.raises(ChainBroken, match="Event 1 differs"):
        ingest(store, DEVICE, records(rewritten), rewritten.head)
    with pytest.raises(ChainBroken, match="Event 6 does not follow"):
        ingest(store, DEVICE, records(rewritten, 6), rewritten.head)
    with pytest.raises(ChainBroken, match="is not the one stored"):
        ingest(store, DEVICE, b"", (5, bytes(16)))
    assert verify(store, DEVICE).events == 5


def test_two_pulls_at_once_store_each_event_once(store):
    journal = new_journal()
    fill(journal, 200)
    data = records(journal)
    failures = []

    def pull():
        try:
            ingest(store, DEVICE, data, journal.head)
        except Exception as error:  # a thread's error must reach the test
            failures.append(error)

    threads = [threading.Thread(target=pull) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert _count(store) == 200
    assert verify(store, DEVICE).ok


def _change(engine, where, values):
    with Session(engine) as session, session.begin():
        session.execute(update(Event).where(Event.seq == where).values(**values))


@pytest.mark.parametrize(
    ("seq", "values", "word"),
    [
        (4, {"body": bytes(32)}, "Event 0 stands where event 4 belongs"),
        (4, {"link": bytes(16)}, "Event 4 does not follow"),
        (4, {"verdict": 9}, "Column verdict of event 4"),
        (4, {"seq": 400}, "Event 4 is missing"),
        (4, {"tag": b"12345678"}, "Column tag of event 4"),
    ],
)
def test_a_changed_database_is_found(store, seq, values, word):
    journal = new_journal()
    a_visit(journal)
    ingest(store, DEVICE, records(journal), journal.head)
    _change(store, seq, values)
    found = verify(store, DEVICE)
    assert not found.ok
    assert word in found.sentence
    assert found.events == 3 or "Column" in found.sentence


def test_a_database_whose_end_was_cut_is_found(store):
    journal = new_journal()
    fill(journal, 5)
    ingest(store, DEVICE, records(journal), journal.head)
    with Session(store) as session, session.begin():
        session.delete(session.scalar(select(Event).where(Event.seq == 5)))
    assert "its end was cut off" in verify(store, DEVICE).sentence
    with Session(store) as session, session.begin():
        session.execute(update(Device).values(last_link=bytes(16), last_seq=4))
    assert "rewritten" in verify(store, DEVICE).sentence


def test_a_scanner_not_in_the_store(store):
    for ask in (lambda: verify(store, "x"), lambda: list(show(store, "x"))):
        with pytest.raises(StoreError, match="log pull"):
            ask()


def test_a_place_that_is_no_store(tmp_path):
    (tmp_path / "file").write_text("not a database, but long enough to look at" * 10)
    for where in (tmp_path, tmp_path / "file", "nonsense://x", "postgresql+nodriver://u:p@h/d"):
        with pytest.raises(StoreError) as caught:
            open_store(where)
        assert "u:p" not in str(caught.value)


_JOURNAL = new_journal()
fill(_JOURNAL, 6)
_GOOD = records(_JOURNAL)


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_damaged_deliveries_give_the_declared_error_only(data):
    engine = create_engine(
        "sqlite://", poolclass=StaticPool, connect_args={"check_same_thread": False}
    )
    Base.metadata.create_all(engine)
    changed = bytearray(_GOOD)
    for _ in range(data.draw(st.integers(1, 3))):
        changed[data.draw(st.integers(0, len(changed) - 1))] ^= data.draw(st.integers(1, 255))
    cut = data.draw(st.integers(0, len(changed)))
    delivered = bytes(changed[:cut])
    try:
        ingest(engine, DEVICE, delivered, _JOURNAL.head)
        assert _GOOD.startswith(delivered)
    except ChainBroken as error:
        assert str(error).endswith(".")
    stored = last_stored(engine, DEVICE)[0]
    with Session(engine) as session:
        kept = b"".join(
            e.body + e.link for e in session.scalars(select(Event).order_by(Event.seq))
        )
    assert kept == _GOOD[: stored * record.RECORD_BYTES]
    ingest(engine, DEVICE, _GOOD, _JOURNAL.head)
    assert verify(engine, DEVICE).events == 6
    engine.dispose()
