"""The journal's files: nothing acknowledged is lost, whatever a power cut leaves behind."""

import gc
import unittest

from gatescan.core.journal import chain, record, segments
from unit.journal.memory_files import MemoryFiles, PowerCut

DEVICE = b"scanner1"


def opened(files, max_segments=4):
    return segments.Journal(files, DEVICE, max_segments)


def fill(journal, count):
    for _ in range(count):
        journal.append(record.JK_SCAN, tick_ms=journal.head.seq)


def sentence(journal, start=1, before=None):
    """None when everything that can be read continues the chain and ends at the head."""
    verifier = chain.Verifier(before or chain.genesis(DEVICE), start)
    buffer = bytearray(48 * 7)
    while True:
        got = journal.read(verifier.next_seq, buffer)
        if not got:
            return verifier.finish(journal.head.seq, journal.head.link)
        for i in range(got):
            if verifier.feed(memoryview(buffer)[48 * i : 48 * i + 48]) is not None:
                return verifier.sentence


class _OnASmallHeap(unittest.TestCase):
    def tearDown(self):
        gc.collect()  # the files of one test are half of what a Pico has


class TestAppend(_OnASmallHeap):
    def test_an_empty_journal_has_the_genesis_as_its_head(self):
        journal = opened(MemoryFiles())
        self.assertEqual((journal.head.seq, journal.first_seq), (0, 1))
        self.assertEqual(journal.head.link, chain.genesis(DEVICE))
        self.assertEqual(journal.read(1, bytearray(96)), 0)
        self.assertEqual(journal.room, 4 * segments.SEGMENT_RECORDS)

    def test_events_survive_reopening_across_segments(self):
        files = MemoryFiles()
        journal = opened(files)
        for count in (1, 510, 1, 1, 200):
            fill(journal, count)
            head = journal.head
            journal = opened(files)
            self.assertEqual(journal.head, head)
            self.assertIsNone(sentence(journal))
        self.assertEqual(sorted(files.list()), ["00000001-00000000", "000001ff-00000001"])

    def test_a_field_out_of_range_writes_nothing(self):
        journal = opened(MemoryFiles())
        with self.assertRaises(record.RecordError):
            journal.append(record.JK_SCAN, verdict=256)
        fill(journal, 1)
        self.assertIsNone(sentence(journal))

    def test_other_files_are_left_alone(self):
        files = MemoryFiles({"readme": b"x", "0000000g-00000000": b"y", "00000000-00000000": b"z"})
        fill(opened(files), 1)
        self.assertEqual(len(files.files), 4)
        self.assertIsNone(sentence(opened(files)))

    def test_reading_from_anywhere_in_any_amount(self):
        journal = opened(MemoryFiles())
        fill(journal, 513)
        for start in (1, 2, 509, 510, 511, 513):
            for rooms in (1, 3, 600):
                buffer = bytearray(48 * rooms + 5)
                got = journal.read(start, buffer)
                self.assertEqual(got, min(rooms, 514 - start))
                for i in range(got):
                    self.assertEqual(record.unpack(buffer, 48 * i).seq, start + i)
        for start in (0, 514, 1000):
            self.assertEqual(journal.read(start, bytearray(480)), 0)


class TestFull(_OnASmallHeap):
    def test_full_and_nothing_acknowledged(self):
        files = MemoryFiles()
        journal = opened(files, 2)
        fill(journal, 1020)
        self.assertEqual(journal.room, 0)
        with self.assertRaises(segments.JournalFull):
            fill(journal, 1)
        self.assertEqual(journal.head.seq, 1020)
        self.assertIsNone(sentence(opened(files, 2)))

    def test_only_a_wholly_acknowledged_segment_makes_room(self):
        files = MemoryFiles()
        journal = opened(files, 2)
        fill(journal, 1020)
        buffer = bytearray(48)
        journal.read(509, buffer)
        self.assertTrue(journal.acknowledge(509, bytes(buffer[32:])))
        with self.assertRaises(segments.JournalFull):
            fill(journal, 1)
        journal.read(510, buffer)
        before = bytes(buffer[32:])
        self.assertTrue(journal.acknowledge(510, before))
        journal = opened(files, 2)  # the acknowledgement survives a restart
        self.assertEqual((journal.acked_seq, journal.room), (510, 510))
        fill(journal, 510)
        self.assertEqual((journal.first_seq, journal.head.seq), (511, 1530))
        with self.assertRaises(segments.JournalFull):
            fill(journal, 1)
        self.assertEqual(journal.read(510, buffer), 0)
        self.assertIsNone(sentence(opened(files, 2), 511, before))
        self.assertEqual(len(files.files), 3)

    def test_an_acknowledgement_needs_the_right_link(self):
        files = MemoryFiles()
        journal = opened(files)
        fill(journal, 3)
        self.assertFalse(journal.acknowledge(3, bytes(16)))
        self.assertFalse(journal.acknowledge(4, journal.head.link))
        self.assertEqual((journal.acked_seq, opened(files).acked_seq), (0, 0))
        self.assertTrue(journal.acknowledge(3, journal.head.link))
        self.assertTrue(journal.acknowledge(3, journal.head.link))
        self.assertFalse(journal.acknowledge(2, journal.head.link))
        self.assertTrue(journal.acknowledge(0))
        self.assertTrue(journal.acknowledge(2))
        self.assertFalse(journal.acknowledge(4))
        self.assertFalse(journal.acknowledge(-1))
        self.assertEqual(opened(files).acked_seq, 3)

    def test_an_acknowledgement_beyond_the_head_counts_only_to_the_head(self):
        files = MemoryFiles({"ack-00000009": b""})
        journal = opened(files)
        fill(journal, 2)
        self.assertEqual(opened(files).acked_seq, 2)


class TestPowerCut(_OnASmallHeap):
    def cut(self, files, after, noise=b""):
        journal = opened(files)
        files.cut_after, files.noise = after, noise
        with self.assertRaises(PowerCut):
            fill(journal, 1)
        return journal

    def test_a_cut_at_every_byte_of_an_append(self):
        for count in (0, 1, 5):
            for after in range(48 if count else 64):
                files = MemoryFiles()
                fill(opened(files), count)
                self.cut(files, after)
                journal = opened(files)
                self.assertEqual(journal.head.seq, count)
                self.assertEqual(journal.torn_bytes, after)
                self.assertIsNone(sentence(journal))
                fill(journal, 3)
                self.assertIsNone(sentence(journal))
                journal = opened(files)
                self.assertEqual((journal.head.seq, journal.torn_bytes), (count + 3, 0))
                self.assertIsNone(sentence(journal))

    def test_a_record_that_arrived_whole_counts(self):
        for count, length in ((0, 64), (3, 48)):
            files = MemoryFiles()
            fill(opened(files), count)
            journal = self.cut(files, length)
            self.assertEqual(opened(files).head.seq, count + 1)
            fill(journal, 1)  # the same object recovers without a restart
            self.assertEqual(journal.head.seq, count + 2)
            self.assertIsNone(sentence(journal))

    def test_the_same_object_recovers_from_a_torn_record(self):
        files = MemoryFiles()
        fill(opened(files), 2)
        journal = self.cut(files, 20)
        fill(journal, 2)
        self.assertEqual((journal.head.seq, journal.torn_bytes), (4, 20))
        self.assertIsNone(sentence(journal))

    def test_garbage_instead_of_the_record_is_kept_as_evidence(self):
        for noise in (b"\xff" * 48, bytes(48), b"\xa5" * 48 * 2 + b"xyz"):
            files = MemoryFiles()
            fill(opened(files), 4)
            self.cut(files, 0, noise)
            journal = opened(files)
            self.assertEqual((journal.head.seq, journal.rejected_records), (4, len(noise) // 48))
            self.assertEqual(journal.torn_bytes, len(noise) % 48)
            fill(journal, 530)
            self.assertIsNone(sentence(opened(files)))
            self.assertTrue(bytes(files.files["00000001-00000000"]).endswith(noise))

    def test_garbage_instead_of_a_new_segment(self):
        files = MemoryFiles()
        fill(opened(files), 510)
        for _ in range(2):
            self.cut(files, 0, b"\x11" * 100)
            journal = opened(files, 6)
            self.assertEqual(journal.head.seq, 510)
            self.assertEqual(journal.rejected_records, 1)  # the older one is superseded
        fill(journal, 20)
        self.assertIsNone(sentence(opened(files, 6)))

    def test_a_tail_damaged_across_two_segments(self):
        files = MemoryFiles()
        fill(opened(files), 511)
        for name in files.files:
            files.files[name][-1] ^= 1
        journal = opened(files)
        self.assertEqual((journal.head.seq, journal.rejected_records), (509, 2))
        fill(journal, 10)
        journal = opened(files)
        self.assertEqual((journal.head.seq, journal.rejected_records), (519, 0))
        self.assertIsNone(sentence(journal))

    def test_damage_before_a_good_end_is_left_for_the_host_to_see(self):
        files = MemoryFiles()
        fill(opened(files), 9)
        files.files["00000001-00000000"][16 + 48 * 3 + 20] ^= 1
        journal = opened(files)
        self.assertEqual((journal.head.seq, journal.rejected_records), (9, 0))
        self.assertIn("Event 4", sentence(journal))

    def test_a_failing_remove_is_an_os_error_and_mends(self):
        files = MemoryFiles()
        journal = opened(files, 1)
        fill(journal, 510)
        journal.acknowledge(510, journal.head.link)
        with self.assertRaises(segments.JournalFull):
            fill(journal, 1)  # one segment only: its link would go with it
        journal = opened(files, 2)
        fill(journal, 510)
        files.fail_remove = True
        with self.assertRaises(OSError):
            fill(journal, 1)
        files.fail_remove = False
        fill(journal, 1)
        self.assertEqual(opened(files, 2).head.seq, 1021)

    def test_room_is_made_only_of_what_a_host_has(self):
        files = MemoryFiles()
        journal = opened(files, 3)
        fill(journal, 600)
        self.assertFalse(journal.make_room())
        buffer = bytearray(48)
        journal.read(510, buffer)
        self.assertTrue(journal.acknowledge(510, bytes(buffer[32:])))
        self.assertTrue(journal.make_room())
        self.assertEqual(journal.first_seq, 511)
        self.assertFalse(journal.make_room())
        fill(journal, 5)
        self.assertEqual(opened(files, 3).head.seq, 605)
