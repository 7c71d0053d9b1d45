"""What happened in each visit: items, verdicts with their provisions, seals, from when to when."""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from gatescan_host.store.history import show
from gatescan_host.store.models import TableVersion

Visit = dict[str, Any]
"""Ready for JSON: device, first_seq, last_seq, begin, end (ISO 8601 or null), ended_by (visit_end,
visit_open, boot, or null while it is open), clock_ok, counts by verdict, items, seals, tables."""

_SEQ_MASK = 0xFFFF  # an event carries the low 16 bits of the table's number


def visits(engine: Engine, device_id: str) -> list[Visit]:
    """Every visit of a scanner, oldest first; raises StoreError for a scanner not in the store."""
    tables = _tables(engine)
    return [_summary(visit, tables) for visit in _split(show(engine, device_id))]


def last_visit(engine: Engine, device_id: str) -> Visit | None:
    """The newest visit of a scanner, None when it had none; raises StoreError as `visits`."""
    every = visits(engine, device_id)
    return every[-1] if every else None


def _split(events: Iterable[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    """The events of each visit, beginning with its opening and ending with what ended it."""
    current: list[dict[str, Any]] = []
    for event in events:
        kind = event["kind"]
        if kind == "visit_open":
            if current:
                yield [*current, event]
            current = [event]
        elif current:
            current.append(event)
            if kind in ("visit_end", "boot"):
                yield current
                current = []
    if current:
        yield current


def _summary(events: list[dict[str, Any]], tables: dict[int, list[dict[str, Any]]]) -> Visit:
    ended_by = events[-1]["kind"] if len(events) > 1 else None
    if ended_by not in ("visit_end", "visit_open", "boot"):
        ended_by = None
    inside = events[:-1] if ended_by in ("visit_open", "boot") else events
    items = _items(inside)
    times = [event["time"] for event in inside if event["time"] is not None]
    numbers = sorted({item["table_seq"] for item in items})
    return {
        "device": events[0]["device"],
        "first_seq": inside[0]["seq"],
        "last_seq": inside[-1]["seq"],
        "begin": times[0] if times else None,
        "end": times[-1] if times else None,
        "ended_by": ended_by,
        "clock_ok": all(event["clock_ok"] for event in inside),
        "counts": dict(Counter(item["verdict"] for item in items)),
        "items": items,
        "seals": sum(len(item["seals"]) for item in items),
        "tables": [{"table_seq": n, "versions": tables.get(n, [])} for n in numbers],
    }


def _items(events: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The scans with what was done about each: a step names its scan, or follows it."""
    items: dict[int, dict[str, Any]] = {}
    last = None
    for event in events:
        if event["kind"] in ("scan", "tag_refused"):
            last = event["seq"]
            keys = ("seq", "time", "verdict", "category", "citation", "table_seq", "stale_table")
            items[last] = {key: event[key] for key in keys}
            items[last].update(tag=event.get("tag"), done=[], seals=[], seal_checks=[])
        elif event["kind"] in ("seal_check", "sealed", "done"):
            item = items.get(event["refers_to"] or last or 0)
            if item is None:
                continue
            if event["kind"] == "seal_check":
                item["seal_checks"].append({"found": event["found"], "tag": event.get("tag")})
                continue
            item["done"].append(event["obligation"])
            if event["kind"] == "sealed":
                item["seals"].append(event.get("tag"))
    return list(items.values())


def _tables(engine: Engine) -> dict[int, list[dict[str, Any]]]:
    """The known tables by the low 16 bits of their number; several when the number came round."""
    out: dict[int, list[dict[str, Any]]] = {}
    with Session(engine) as session:
        for table in session.scalars(select(TableVersion).order_by(TableVersion.seq)):
            out.setdefault(table.seq & _SEQ_MASK, []).append(
                {
                    "seq": table.seq,
                    "site": table.site,
                    "order_id": table.order_id,
                    "sha256": table.sha256.hex(),
                }
            )
    return out


def text_lines(visit: Visit) -> list[str]:
    """A visit as lines for people: one for the visit, one for the counts, one for each item."""
    begin = visit["begin"] or "clock not set"
    out = [
        f"Visit at {visit['device']}, events {visit['first_seq']} to {visit['last_seq']}, "
        f"{begin} to {visit['end'] or 'clock not set'}: {_ending(visit)}"
    ]
    if not visit["clock_ok"]:
        out.append("  The scanner's clock was not sure; the order of events is.")
    counts = [f"{number} x {verdict}" for verdict, number in sorted(visit["counts"].items())]
    out.append("  " + (", ".join(counts) or "nothing was scanned"))
    for item in visit["items"]:
        out.append("  " + _item_line(item))
    for table in visit["tables"]:
        known = ", ".join(f"{v['order_id']} of {v['site']}" for v in table["versions"])
        out.append(f"  decided by table {table['table_seq']}: {known or 'not in this store'}")
    return out


def _ending(visit: Visit) -> str:
    return {
        "visit_end": "ended",
        "visit_open": "the next visit began without an end",
        "boot": "the scanner restarted",
    }.get(visit["ended_by"], "still open")


def _item_line(item: dict[str, Any]) -> str:
    tag = item["tag"] or {}
    what = f"GTIN {tag['gtin']}" if "gtin" in tag else f"{tag.get('scheme', 'no tag')}"
    parts = [f"#{item['seq']} {item['verdict']}", item["category"], what]
    if item["citation"]:
        parts.append(item["citation"])
    if item["seal_checks"]:
        parts.append("seal: " + " ".join(check["found"] for check in item["seal_checks"]))
    if item["done"]:
        parts.append("done: " + " ".join(item["done"]))
    if item["stale_table"]:
        parts.append("table was stale")
    return ", ".join(parts)
