"""A journal whose power goes at any program, erase or commit, and what must hold after it."""

from gatescan.core.journal import chain, record, segments
from gatescan.core.journal.verifier import Verifier
from unit.journal.journals import DEVICE, RECORD, opened
from unit.journal.memory_flash import MemoryFlash, PowerCut

MOST = 4  # segments


class Survivor:
    """Carries steps out and remembers what was promised."""

    def __init__(self, blocks, seed):
        self.flash = MemoryFlash(blocks, seed)
        self.flash.put("table", b"not the journal's" + b"\xff" * 239, 40)
        self.table = bytes(self.flash.content("table"))
        self.journal = opened(self.flash, MOST)
        # Of every event whose append returned, 16 bytes each; the first is that before event 1.
        self.links = bytearray(chain.genesis(DEVICE))
        self.known = 0  # seq of the first of them
        self.head = 0  # of them
        self.wanted = 0  # highest acknowledgement that was begun
        self.acked = 0  # and that was not cut
        self.fulls = 0

    def step(self, what, count, cut_in):
        """One kind of work, `count` times, with a cut in the `cut_in`th flash operation (0: none).

        Then, after a cut, a restart and the checks.
        """
        self.flash.cut_in = cut_in
        try:
            for _ in range(count):
                getattr(self, what)(count)
        except PowerCut:
            pass
        except segments.JournalFull:
            self.fulls += 1
            assert self.journal.room == 0, self.journal.room
        cut, self.flash.cut_in = self.flash.dead, 0
        if cut or what == "restart":
            self.flash.power_on()
            self.journal = opened(self.flash, MOST)
            self.check()

    def append(self, count):
        seq = self.journal.append(record.JK_SCAN, tick_ms=self.head)
        assert seq == self.journal.head.seq == self.head + 1
        self.links.extend(self.journal.head.link)
        self.head = seq

    def link(self, seq):
        """The link of an event as it was promised."""
        at = 16 * (seq - self.known)
        return bytes(self.links[at : at + 16])

    def prepare(self, count):
        self.journal.prepare()

    def acknowledge(self, count):
        seq = max(self.head - count, self.wanted, self.known)
        self.wanted = seq
        assert self.journal.acknowledge(seq, self.link(seq))
        if not self.flash.dead:
            self.acked = seq

    def make_room(self, count):
        self.journal.make_room()

    def restart(self, count):
        pass

    def check(self):
        """Everything promised is there, in one chain, and nothing else was touched."""
        journal = self.journal
        # One event more than promised may be there: the cut came after its last byte.
        assert journal.head.seq - self.head in (0, 1), (journal.head.seq, self.head)
        if journal.head.seq > self.head:
            self.links.extend(journal.head.link)
        self.head = journal.head.seq
        assert self.acked <= journal.acked_seq <= max(self.wanted, self.acked)
        first = journal.first_seq
        assert first - 1 <= max(self.wanted, self.acked)
        verifier = Verifier(self.link(first - 1), first)
        buffer = bytearray(RECORD * 21)
        while True:
            got = journal.read(verifier.next_seq, buffer)
            if not got:
                break
            for at in range(0, got * RECORD, RECORD):
                assert verifier.feed(memoryview(buffer)[at : at + RECORD]) is None
                assert self.link(verifier.next_seq - 1) == verifier.link
        assert verifier.finish(journal.head.seq, journal.head.link) is None, verifier.sentence
        self.links = self.links[16 * (first - 1 - self.known) :]
        self.known = first - 1
        assert self.flash.content("table") == self.table
        assert len(self.flash.files) <= MOST + 3
