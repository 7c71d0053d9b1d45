"""Taking in what a scanner's journal delivers: nothing twice, nothing that breaks the chain."""

from datetime import UTC, datetime
from typing import NamedTuple

from sqlalchemy import Engine, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from gatescan.core.journal import chain, record
from gatescan.core.journal.verifier import Verifier
from gatescan_host.errors import Exit, GatescanError
from gatescan_host.store.models import Device, Event

Head = tuple[int, bytes]
"""Seq and link of a journal's last event, as the scanner's status reports them."""


class ChainBroken(GatescanError):
    """The journal contradicts itself or what is stored; what was good is stored."""

    exit_code = Exit.CHAIN_BROKEN


class Ingested(NamedTuple):
    """What one delivery brought."""

    new: int  # events stored now
    known: int  # events that were stored before
    last_seq: int  # of all stored events: where the next pull begins is one above
    last_link: bytes


def ingest(engine: Engine, device_id: str, records: bytes, head: Head | None = None) -> Ingested:
    """Store `records` (48 bytes each, in order), continuing the chain stored for `device_id`.

    May be repeated and may overlap. `head`: the scanner's present head; it shows a journal that
    was cut or rewritten, and may lie ahead of `records` while a pull is under way. Raises
    ChainBroken with the good part stored and the bad part not.
    """
    try:
        return _ingest(engine, device_id, records, head)
    except IntegrityError:
        # Another pull stored the same events in between: now they are known.
        return _ingest(engine, device_id, records, head)


def _ingest(engine: Engine, device_id: str, records: bytes, head: Head | None) -> Ingested:
    with Session(engine) as session, session.begin():
        device = _device(session, device_id)
        known, sentence = _compare_known(session, device, records)
        new = 0
        if sentence is None:
            new, sentence = _store_new(session, device, records, known)
        if sentence is None and head is not None:
            sentence = _check_head(device, head)
        done = Ingested(new, known, device.last_seq, device.last_link)
    if sentence is not None:
        raise ChainBroken(sentence)
    return done


def last_stored(engine: Engine, device_id: str) -> Head:
    """Seq and link of the last stored event of a scanner, seq 0 for none yet."""
    with Session(engine) as session:
        device = session.scalar(select(Device).where(Device.device_id == device_id))
        if device is None:
            return 0, chain.genesis(device_id.encode())
        return device.last_seq, device.last_link


def _device(session: Session, device_id: str) -> Device:
    # The row is locked where the database can: two pulls of one scanner take turns.
    query = select(Device).where(Device.device_id == device_id).with_for_update()
    device = session.scalar(query)
    if device is None:
        device = Device(
            device_id=device_id, last_seq=0, last_link=chain.genesis(device_id.encode())
        )
        session.add(device)
        session.flush()
    return device


def _compare_known(session: Session, device: Device, records: bytes) -> tuple[int, str | None]:
    """How many leading records are stored already, and the sentence when one differs."""
    known = 0
    for at in range(0, len(records) - record.RECORD_BYTES + 1, record.RECORD_BYTES):
        seq = record.unpack(records, at).seq
        if seq > device.last_seq:
            break
        stored = session.execute(
            select(Event.body, Event.link).where(Event.device == device.id, Event.seq == seq)
        ).one_or_none()
        if stored is None or stored.body + stored.link != records[at : at + record.RECORD_BYTES]:
            return known, (
                f"Event {seq} differs from the one stored for {device.device_id}: the journal "
                "was rewritten; secure the scanner and report it."
            )
        known += 1
    return known, None


def _store_new(
    session: Session, device: Device, records: bytes, skip: int
) -> tuple[int, str | None]:
    verifier = Verifier(device.last_link, device.last_seq + 1)
    now = datetime.now(UTC)
    new = 0
    for at in range(record.RECORD_BYTES * skip, len(records), record.RECORD_BYTES):
        data = records[at : at + record.RECORD_BYTES]
        if verifier.feed(data) is not None:
            break
        body, link = data[: record.BODY_BYTES], data[record.BODY_BYTES :]
        fields = record.unpack(body)._asdict()
        session.add(Event(device=device.id, body=body, link=link, stored_at=now, **fields))
        new += 1
    device.last_seq = verifier.next_seq - 1
    device.last_link = verifier.link
    return new, verifier.sentence


def _check_head(device: Device, head: Head) -> str | None:
    seq, link = head
    if seq > device.last_seq:
        return None
    if seq < device.last_seq:
        return (
            f"The scanner's journal ends at event {seq} and event {device.last_seq} of "
            f"{device.device_id} is stored: its end was cut off; secure the scanner and report it."
        )
    if link != device.last_link:
        return (
            f"Event {seq} of the scanner is not the one stored for {device.device_id}: the "
            "journal was rewritten; secure the scanner and report it."
        )
    return None
