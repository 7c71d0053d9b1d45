"""A scanner's journal made by the scanner's own code, for tests of the store."""

from gatescan.core import codes
from gatescan.core.journal import record, segments
from gatescan_host.rules import citation_pack
from unit.journal.memory_flash import MemoryFlash

DEVICE = "e6614103e7452d2f"
NOON = 1_790_000_000


def new_journal(device: str = DEVICE) -> segments.Journal:
    flash = MemoryFlash(240)
    return segments.Journal(flash, flash, device.encode(), 40)


def fill(journal: segments.Journal, count: int) -> None:
    for i in range(count):
        journal.append(record.JK_SCAN, tick_ms=i, verdict=codes.V_ALLOW)


def records(journal: segments.Journal, first: int = 1) -> bytes:
    buffer = bytearray(record.RECORD_BYTES * (journal.head.seq + 1 - first))
    assert journal.read(first, buffer) * record.RECORD_BYTES == len(buffer)
    return bytes(buffer)


def a_visit(journal: segments.Journal, at: int = NOON, table_seq: int = 7) -> None:
    """A chocolate bar, a radio that is sealed and scanned again, a phone; then the end."""
    common = {"flags": record.make_flags(True), "table_seq": table_seq, "boot": 3}

    def log(kind: int, **fields: int | bytes) -> int:
        nonlocal at
        at += 10
        return journal.append(kind, utc=at, tick_ms=at % 1000000, **(common | fields))

    card = record.keyed_tag(16, b"\x31" * 32)
    radio = record.keyed_tag(11, b"\x42" * 32)
    log(record.JK_VISIT_OPEN, tag=card)
    log(record.JK_SCAN, verdict=codes.V_ALLOW, category=codes.C_GENERAL,
        citation=citation_pack.pack("§ 1, stk. 1"), tag=record.retail_tag(1, 5701234567899))
    log(record.JK_SCAN, verdict=codes.V_ALLOW_AFTER, category=21,
        citation=citation_pack.pack("§ 4, stk. 1"), tag=radio)
    log(record.JK_SEALED, category=codes.O_SEAL, tag=record.keyed_tag(16, b"\x53" * 32))
    log(record.JK_DONE, category=codes.O_LABEL, tag=radio)
    log(record.JK_SCAN, verdict=codes.V_REFUSE_AND_REPORT, category=11,
        citation=citation_pack.pack("§ 2, stk. 1, nr. 11"), tag=radio)
    log(record.JK_VISIT_END, tag=card)
