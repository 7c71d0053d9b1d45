"""Stored events as people and scripts read them."""

import json

import pytest

from gatescan.core.journal import record
from gatescan.core.trust import acceptance, manifest
from gatescan_host.reports.visit import last_visit, text_lines, visits
from gatescan_host.store.database import StoreError, open_store, remember_table
from gatescan_host.store.history import show
from gatescan_host.store.ingest import ingest
from host.store.scanner_journal import DEVICE, NOON, a_visit, fill, new_journal, records


@pytest.fixture
def store(tmp_path):
    engine = open_store(tmp_path / "events.sqlite")
    yield engine
    engine.dispose()


def _stored(engine, journal):
    ingest(engine, DEVICE, records(journal), journal.head)
    return list(show(engine, DEVICE))


def test_a_scan_is_shown_with_the_names_of_its_codes(store):
    journal = new_journal()
    a_visit(journal)
    events = _stored(store, journal)
    assert json.loads(json.dumps(events)) == events
    phone = events[5]
    assert (phone["kind"], phone["verdict"]) == ("scan", "refuse_and_report")
    assert (phone["category"], phone["citation"]) == ("phone", "§ 2, stk. 1, nr. 11")
    assert phone["tag"] == {"scheme": "em4100", "hash": "c2424242424242"}
    assert (phone["time"], phone["clock_ok"]) == ("2026-09-21T14:14:20+00:00", True)
    assert (phone["for_whom"], phone["registered_to"]) == ("inmate", "none")
    assert not phone["sealed"]
    assert events[1]["tag"] == {"scheme": "gtin", "gtin": "05701234567899"}
    assert events[3]["obligation"] == "SEAL"
    assert events[4]["obligation"] == "LABEL"


def test_every_other_kind_says_what_it_means(store):
    journal = new_journal()
    journal.append(record.JK_BOOT, verdict=2)
    journal.append(record.JK_TABLE_REFUSED, verdict=acceptance.REFUSED_EXPIRED, table_seq=9)
    journal.append(record.JK_CLOCK_SET, utc=NOON)
    journal.append(record.JK_FAULT, verdict=4, citation=77)
    journal.append(200, flags=255, verdict=255)
    journal.append(record.JK_SCAN, verdict=200, category=200, tag=b"\xc8" + bytes(7))
    boot, refused, clock, fault, unknown, strange = _stored(store, journal)
    assert (boot["kind"], boot["code"], boot["time"]) == ("boot", 2, None)
    assert (refused["reason"], refused["table_seq"]) == ("expired", 9)
    assert clock["before"] is None
    assert (fault["code"], fault["detail"]) == (4, 77)
    assert unknown["kind"] == "kind_200"
    assert (strange["verdict"], strange["category"]) == ("code_200", "code_200")
    assert strange["tag"]["scheme"] == "scheme_200"
    assert strange["citation"] is None


def test_a_range_and_all_scanners(store):
    journal, other = new_journal(), new_journal("other")
    fill(journal, 5)
    fill(other, 2)
    ingest(store, DEVICE, records(journal))
    ingest(store, "other", records(other))
    assert [e["seq"] for e in show(store, DEVICE, 2, 4)] == [2, 3, 4]
    assert [(e["device"], e["seq"]) for e in show(store, first_seq=2)] == [
        (DEVICE, 2), (DEVICE, 3), (DEVICE, 4), (DEVICE, 5), ("other", 2),
    ]


def test_a_visit_is_summed_up(store):
    journal = new_journal()
    a_visit(journal)
    ingest(store, DEVICE, records(journal), journal.head)
    table = manifest.Manifest(
        2, "north", bytes(8), 65536 + 7, 0, 9, 0, 1, b"\x07" * 32, b"", 0, b"", 0, b""
    )
    remember_table(store, table, "dk-2009")
    remember_table(store, table, "dk-2009")
    visit = last_visit(store, DEVICE)
    assert visit is not None
    assert json.loads(json.dumps(visit)) == visit
    assert visit["counts"] == {"allow": 1, "allow_after": 1, "refuse_and_report": 1}
    assert [(i["verdict"], i["citation"]) for i in visit["items"]] == [
        ("allow", "§ 1, stk. 1"),
        ("allow_after", "§ 4, stk. 1"),
        ("refuse_and_report", "§ 2, stk. 1, nr. 11"),
    ]
    assert visit["items"][1]["done"] == ["SEAL", "LABEL"]
    assert visit["seals"] == 1
    assert visit["items"][1]["seals"] == [{"scheme": "text", "hash": "d3535353535353"}]
    assert (visit["first_seq"], visit["last_seq"], visit["ended_by"]) == (1, 7, "visit_end")
    assert visit["begin"] < visit["end"]
    assert [v["seq"] for v in visit["tables"][0]["versions"]] == [65543]
    text = "\n".join(text_lines(visit))
    for part in ("ended", "1 x allow", "§ 2, stk. 1, nr. 11", "GTIN 05701234567899",
                 "done: SEAL LABEL", "dk-2009 of north"):
        assert part in text


def test_visits_without_an_end(store):
    journal = new_journal()
    fill(journal, 2)  # scans before any visit belong to none
    journal.append(record.JK_VISIT_OPEN)
    journal.append(record.JK_VISIT_OPEN)
    fill(journal, 1)
    journal.append(record.JK_BOOT)
    fill(journal, 1)
    a_visit(journal)
    journal.append(record.JK_VISIT_OPEN)
    ingest(store, DEVICE, records(journal), journal.head)
    found = visits(store, DEVICE)
    assert [v["ended_by"] for v in found] == ["visit_open", "boot", "visit_end", None]
    assert [len(v["items"]) for v in found] == [0, 1, 3, 0]
    assert found[1]["begin"] is None
    assert not found[1]["clock_ok"]
    lines = text_lines(found[1])
    assert "clock not set" in lines[0]
    assert "restarted" in lines[0]
    assert "not in this store" in lines[-1]
    assert "nothing was scanned" in text_lines(found[3])[-1]
    assert "still open" in text_lines(found[3])[0]


def test_no_visit_and_no_scanner(store):
    fill(journal := new_journal(), 1)
    ingest(store, DEVICE, records(journal))
    assert last_visit(store, DEVICE) is None
    with pytest.raises(StoreError):
        visits(store, "nobody")
