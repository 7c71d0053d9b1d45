"""Reading the store: the chain checked from its beginning, events with their codes named."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, NamedTuple

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from gatescan.core.journal import chain, record
from gatescan.core.journal.names import SEAL_OUTCOMES, kind_name
from gatescan.core.journal.verifier import Verifier
from gatescan.core.law import citation, names
from gatescan.core.tags import names as tag_names
from gatescan.core.trust.acceptance import refusal_name
from gatescan_host.store.database import StoreError
from gatescan_host.store.models import Device, Event

_BATCH = 1000  # rows fetched at a time
_FOR_WHOM = ("inmate", "visitor_self", "staff")  # provisions.json, fact for_whom
_REGISTERED_TO = ("none", "self", "other")  # provisions.json, fact registered_to


class Verified(NamedTuple):
    """What `verify` found."""

    ok: bool
    events: int  # that follow from the beginning without a break
    head_seq: int
    head_link: bytes
    sentence: str  # for people, in both cases


def devices(engine: Engine) -> list[str]:
    """The ids of all scanners in the store."""
    with Session(engine) as session:
        return list(session.scalars(select(Device.device_id).order_by(Device.device_id)))


def _device(session: Session, device_id: str) -> Device:
    device = session.scalar(select(Device).where(Device.device_id == device_id))
    if device is None:
        raise StoreError(
            f"The store has no events of scanner {device_id}: pull them with `gatescan log pull`."
        )
    return device


def verify(engine: Engine, device_id: str) -> Verified:
    """Follow the stored chain of a scanner from its genesis to its head.

    Finds events changed, removed or added in the database, and columns that no longer say what
    the bytes say. Raises StoreError for a scanner that is not in the store.
    """
    with Session(engine) as session:
        device = _device(session, device_id)
        verifier = Verifier(chain.genesis(device_id.encode()))
        sentence = None
        query = select(Event).where(Event.device == device.id).order_by(Event.seq)
        for event in session.scalars(query.execution_options(yield_per=_BATCH)):
            sentence = verifier.feed(event.body + event.link) or _columns(event)
            if sentence is not None:
                break
        if sentence is None:
            sentence = verifier.finish(device.last_seq, device.last_link)
        last = verifier.next_seq - 1
        if sentence is not None:
            return Verified(False, last, last, verifier.link, sentence)
        good = f"All {last} events of {device_id} follow from the first one."
        return Verified(True, last, last, verifier.link, good)


def _columns(event: Event) -> str | None:
    decoded = record.unpack(event.body)._asdict()
    for name, value in decoded.items():
        if getattr(event, name) != value:
            return (
                f"Column {name} of event {event.seq} does not say what the event's bytes say: "
                "the database was changed; restore it or pull the events again."
            )
    return None


def show(
    engine: Engine, device_id: str | None = None, first_seq: int = 1, last_seq: int | None = None
) -> Iterator[dict[str, Any]]:
    """The events of one scanner or of all, in order, each as a dict ready for JSON.

    Raises StoreError for a scanner that is not in the store.
    """
    with Session(engine) as session:
        query = select(Event, Device.device_id).join(Device).where(Event.seq >= first_seq)
        if device_id is not None:
            query = query.where(Event.device == _device(session, device_id).id)
        if last_seq is not None:
            query = query.where(Event.seq <= last_seq)
        query = query.order_by(Event.device, Event.seq).execution_options(yield_per=_BATCH)
        for event, name in session.execute(query):
            yield describe(name, event)


def describe(device_id: str, event: Event) -> dict[str, Any]:
    """One event with the names of its codes; keys that mean nothing for its kind are absent."""
    flags = event.flags
    out: dict[str, Any] = {
        "device": device_id,
        "seq": event.seq,
        "kind": kind_name(event.kind),
        "time": _iso(event.utc),
        "clock_ok": bool(flags & record.JF_CLOCK_OK),
        "boot": event.boot,
        "tick_ms": event.tick_ms,
        "table_seq": event.table_seq,
        "stale_table": bool(flags & record.JF_STALE_TABLE),
    }
    if event.tag != record.NO_TAG:
        out["tag"] = describe_tag(event.tag)
    out.update(_details(event))
    return out


def _iso(utc: int) -> str | None:
    """UTC seconds as ISO 8601, None when the clock was not set."""
    return datetime.fromtimestamp(utc, UTC).isoformat() if utc else None


def _name(table: tuple[str, ...], number: int) -> str:
    return table[number] if number < len(table) else f"code_{number}"


def describe_tag(tag: bytes) -> dict[str, Any]:
    """A journal tag: its scheme and the GTIN of a retail code, else the keyed hash in hex."""
    number = tag[0]
    known = tag_names.NAMES[number] if number < len(tag_names.NAMES) else None
    gtin = record.tag_gtin(tag)
    what = {"gtin": f"{gtin:014d}"} if gtin else {"hash": tag[1:].hex()}
    return {"scheme": known or f"scheme_{number}", **what}


def _details(event: Event) -> dict[str, Any]:
    """What verdict, category and citation mean for this kind of event (journal/record.py)."""
    kind = event.kind
    if kind == record.JK_SCAN or kind == record.JK_TAG_REFUSED:
        return {
            "verdict": _name(names.VERDICTS, event.verdict),
            "category": _name(names.CATEGORIES, event.category),
            "citation": citation.format(event.citation) if event.citation else None,
            "for_whom": _name(_FOR_WHOM, record.for_whom(event.flags)),
            "registered_to": _name(_REGISTERED_TO, record.registered_to(event.flags)),
            "sealed": bool(event.flags & record.JF_SEALED),
            "labelled": bool(event.flags & record.JF_LABELLED),
        }
    if kind in (record.JK_SEALED, record.JK_DONE):
        done = "SEAL" if kind == record.JK_SEALED else _name(names.OBLIGATIONS, event.category)
        return {"obligation": done, "refers_to": event.citation or None}
    if kind == record.JK_SEAL_CHECK:
        found = _name(SEAL_OUTCOMES, event.category)
        return {"found": found, "refers_to": event.citation or None}
    if kind == record.JK_VISIT_END:
        return {"refers_to": event.citation or None}
    if kind == record.JK_TABLE_REFUSED:
        return {"reason": refusal_name(event.verdict)}
    if kind == record.JK_CLOCK_SET:
        return {"before": _iso(event.citation)}
    if kind in (record.JK_BOOT, record.JK_FAULT):
        return {"code": event.verdict, "detail": event.citation}
    return {}
