"""What the tests of the journal do with one."""

from gatescan.core.journal import chain, record, segments
from gatescan.core.journal.verifier import Verifier

DEVICE = b"scanner1"
RECORD = 48


def opened(flash, max_segments=4):
    return segments.Journal(flash, flash, DEVICE, max_segments)


def fill(journal, count):
    for _ in range(count):
        journal.append(record.JK_SCAN, tick_ms=journal.head.seq)


def prepared(journal):
    """Everything made ahead that can be; returns in how many steps."""
    steps = 0
    while journal.prepare():
        steps += 1
    return steps


def link_of(journal, seq):
    """The link of an event; to go on from there."""
    buffer = bytearray(RECORD)
    assert journal.read(seq, buffer) == 1
    return bytes(buffer[32:])


def sentence(journal, start=1, before=None):
    """None when everything that can be read continues the chain and ends at the head."""
    verifier = Verifier(before or chain.genesis(DEVICE), start)
    buffer = bytearray(RECORD * 7)
    while True:
        got = journal.read(verifier.next_seq, buffer)
        if not got:
            return verifier.finish(journal.head.seq, journal.head.link)
        for i in range(got):
            if verifier.feed(memoryview(buffer)[RECORD * i : RECORD * i + RECORD]) is not None:
                return verifier.sentence


def address(flash, seq, first=1):
    """Block and offset of an event in a journal of whole segments from `first` on."""
    slot = seq - first
    name = [name for name in flash.files if name[0] == "j"][slot // segments.SEGMENT_RECORDS]
    slot %= segments.SEGMENT_RECORDS
    return flash.files[name][1][slot // 84], 64 + RECORD * (slot % 84)


def overwrite(flash, seq, data, at=0):
    """What no scanner would do: change bytes of an event in flash."""
    block, offset = address(flash, seq)
    for i, byte in enumerate(data):
        place = 4096 * block + offset + at + i
        page = flash.pages.setdefault(place // 256, bytearray(b"\xff" * 256))
        page[place % 256] = byte
