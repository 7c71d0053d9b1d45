"""The hash chain: every change, gap, swap and cut is seen."""

import hashlib
import unittest

from gatescan.core.journal import chain, record
from gatescan.core.journal.verifier import Verifier

DEVICE = b"\x01\x02\x03\x04\x05\x06\x07\x08"


def journal(count, device=DEVICE):
    """`count` records from seq 1 on, chained by hand as the docstring of chain says."""
    link = hashlib.sha256(b"gatescan journal" + device).digest()[:16]
    out = []
    for seq in range(1, count + 1):
        body = record.pack(seq, record.JK_SCAN, tick_ms=seq * 1000)
        link = hashlib.sha256(link + body).digest()[:16]
        out.append(body + link)
    return out


def replaced(records, index, one):
    out = list(records)
    out[index] = one
    return out


def verdict(records, head_seq=None, head_link=None):
    verifier = Verifier(chain.genesis(DEVICE))
    for one in records:
        verifier.feed(one)
    if head_seq is None:
        return verifier.sentence
    return verifier.finish(head_seq, head_link)


class TestChain(unittest.TestCase):
    def test_a_whole_journal_is_good(self):
        records = journal(20)
        self.assertIsNone(verdict(records))
        self.assertIsNone(verdict(records, 20, records[-1][32:]))
        self.assertIsNone(verdict([], 0, chain.genesis(DEVICE)))

    def test_it_goes_on_from_a_known_event(self):
        records = journal(20)
        verifier = Verifier(records[11][32:], 13)
        for one in records[12:]:
            self.assertIsNone(verifier.feed(bytearray(one)))
        self.assertIsNone(verifier.finish(20, records[-1][32:]))

    def test_any_flipped_bit_is_seen(self):
        records = journal(3)
        for at in range(48):
            changed = bytearray(records[1])
            changed[at] ^= 1 << (at % 8)
            self.assertIsNotNone(verdict([records[0], changed, records[2]]), at)

    def test_an_edited_event(self):
        records = journal(5)
        changed = bytearray(records[2])
        changed[18] ^= 1
        self.assertIn("Event 3", verdict(replaced(records, 2, changed)))
        # and an edit with a fitting link is seen at the event behind it
        changed[32:] = chain.link(records[1][32:], changed[:32])
        self.assertIn("Event 4", verdict(replaced(records, 2, changed)))

    def test_a_missing_event(self):
        records = journal(5)
        self.assertIn("Event 2 is missing", verdict(records[:1] + records[2:]))
        self.assertIn("Events 1 to 4 are missing", verdict(records[4:]))

    def test_events_in_another_order_or_twice(self):
        records = journal(5)
        swapped = [records[0], records[2], records[1], records[3]]
        self.assertIn("missing", verdict(swapped))
        self.assertIn("reordered", verdict([records[0], records[0]]))

    def test_a_cut_end(self):
        records = journal(5)
        self.assertIn("cut off", verdict(records[:4], 5, records[4][32:]))

    def test_a_rewritten_end_and_a_head_of_the_past(self):
        records = journal(5)
        self.assertIn("rewritten", verdict(records, 5, bytes(16)))
        self.assertIn("pull it again", verdict(records, 4, records[3][32:]))

    def test_the_journal_of_another_scanner(self):
        self.assertIn("Event 1", verdict(journal(2, b"other")))

    def test_part_of_a_record(self):
        for length in range(48):
            self.assertIn("pull it again", verdict([journal(1)[0][:length]]))

    def test_nothing_after_a_break_mends_it(self):
        records = journal(5)
        verifier = Verifier(chain.genesis(DEVICE))
        first = verifier.feed(records[1])
        for one in records:
            self.assertEqual(verifier.feed(one), first)
        self.assertEqual(verifier.finish(5, records[4][32:]), first)
