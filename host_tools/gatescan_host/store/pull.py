"""From a scanner's journal into the store: fetched, checked, stored, then acknowledged."""

from sqlalchemy import Engine

from gatescan.core.journal import record
from gatescan_host.errors import Exit, GatescanError
from gatescan_host.link.session import Progress, ScannerLink
from gatescan_host.store.ingest import Ingested, ingest, last_stored


def pull(
    link: ScannerLink, engine: Engine, key: bytes, progress: Progress | None = None
) -> Ingested:
    """Bring every event that is not stored yet; `link` is unlocked, `key` is the scanner's.

    The head comes from the authenticated report, so a journal that was cut is noticed. The
    scanner hears that it may forget only after the store has committed. Raises ChainBroken.
    """
    report = link.status(key)
    device_id = report["device"]
    head = (report["journal"]["seq"], bytes(report["journal"]["link"]))
    oldest = report["journal"]["first"]
    done = ingest(engine, device_id, b"", head)
    if done.last_seq + 1 < oldest:
        raise GatescanError(
            f"The scanner has forgotten events {done.last_seq + 1} to {oldest - 1}, which another "
            "host has fetched: pull into that host's store.",
            Exit.CHAIN_BROKEN,
        )
    new = 0
    while done.last_seq < head[0]:
        records, _ = link.journal(done.last_seq + 1)
        # Only what the authenticated head covers is believed.
        count = min(len(records) // record.RECORD_BYTES, head[0] - done.last_seq)
        if count <= 0:
            raise GatescanError(
                f"The scanner cannot read its event {done.last_seq + 1}: "
                "its flash is damaged there; keep the scanner and tell its maintainer.",
                Exit.CHAIN_BROKEN,
            )
        done = ingest(engine, device_id, records[: count * record.RECORD_BYTES], head)
        new += done.new
        if progress is not None:
            progress(done.last_seq, head[0])
    seq, stored_link = last_stored(engine, device_id)
    if seq:
        link.acknowledge(seq, stored_link)
    return done._replace(new=new)
