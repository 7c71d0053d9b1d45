"""The journal's events in flash: appended, read back, bounded, acknowledged."""

import gc
import unittest

from gatescan.core.journal import chain, record, segments
from unit.journal.journals import (
    DEVICE,
    address,
    fill,
    link_of,
    opened,
    overwrite,
    prepared,
    sentence,
)
from unit.journal.memory_flash import MemoryFlash

RECORDS = segments.SEGMENT_RECORDS


class _OnASmallHeap(unittest.TestCase):
    def tearDown(self):
        gc.collect()  # the flash of one test is a good part of what a Pico has


class TestAppend(_OnASmallHeap):
    def test_an_empty_journal_has_the_genesis_as_its_head(self):
        journal = opened(MemoryFlash())
        self.assertEqual((journal.head.seq, journal.first_seq), (0, 1))
        self.assertEqual(journal.head.link, chain.genesis(DEVICE))
        self.assertEqual(journal.read(1, bytearray(96)), 0)
        self.assertEqual(journal.room, 4 * RECORDS)

    def test_events_survive_reopening_across_blocks_and_segments(self):
        flash = MemoryFlash()
        journal = opened(flash)
        for count in (1, 82, 1, 1, 419, 1, 1, 100):
            fill(journal, count)
            head = journal.head
            journal = opened(flash)
            self.assertEqual(journal.head, head)
            self.assertEqual((journal.torn_bytes, journal.rejected_records), (0, 0))
            self.assertIsNone(sentence(journal))
        self.assertEqual(len(flash.files), 2)

    def test_an_append_is_one_program_or_two_where_pages_meet(self):
        flash = MemoryFlash()
        journal = opened(flash)
        prepared(journal)
        counts = []
        for _ in range(RECORDS):
            before = len(flash.log)
            fill(journal, 1)
            counts.append(flash.log[before:])
        self.assertEqual(counts.count(["program"]), 6 * 74)
        self.assertEqual(counts.count(["program"] * 2), 6 * 10)

    def test_nothing_is_made_at_an_append_when_it_was_prepared(self):
        flash = MemoryFlash()
        journal = opened(flash)
        for _ in range(2 * RECORDS + 1):
            prepared(journal)
            before = len(flash.log)
            fill(journal, 1)
            self.assertTrue("erase" not in flash.log[before:])
            self.assertTrue("commit" not in flash.log[before:])

    def test_each_step_of_the_preparation_erases_one_block_at_most(self):
        flash = MemoryFlash()
        journal = opened(flash)
        fill(journal, 1)
        more = True
        while more:
            before = len(flash.log)
            more = journal.prepare()
            self.assertTrue(flash.log[before:].count("erase") <= 1)
        self.assertFalse(journal.prepare())

    def test_what_is_half_prepared_is_finished_when_it_is_needed(self):
        for steps in range(20):
            flash = MemoryFlash()
            journal = opened(flash)
            fill(journal, RECORDS)
            for _ in range(steps):
                journal.prepare()
            fill(journal, 1)
            self.assertEqual(opened(flash).head.seq, RECORDS + 1)
            self.assertTrue("new-j" not in flash.files)

    def test_a_field_out_of_range_writes_nothing(self):
        flash = MemoryFlash()
        journal = opened(flash)
        fill(journal, 1)
        before = len(flash.log)
        with self.assertRaises(record.RecordError):
            journal.append(record.JK_SCAN, verdict=256)
        self.assertEqual(len(flash.log), before)
        fill(journal, 1)
        self.assertIsNone(sentence(journal))

    def test_reading_from_anywhere_in_any_amount(self):
        journal = opened(MemoryFlash())
        fill(journal, 513)
        for start in (1, 2, 84, 85, 503, 504, 505, 513):
            for rooms in (1, 3, 600):
                buffer = bytearray(48 * rooms + 5)
                got = journal.read(start, buffer)
                self.assertEqual(got, min(rooms, 514 - start))
                for i in range(got):
                    self.assertEqual(record.unpack(buffer, 48 * i).seq, start + i)
        for start in (-1, 0, 514, 1000):
            self.assertEqual(journal.read(start, bytearray(480)), 0)


class TestFull(_OnASmallHeap):
    def test_full_and_nothing_acknowledged(self):
        flash = MemoryFlash()
        journal = opened(flash, 2)
        fill(journal, 2 * RECORDS)
        self.assertEqual(journal.room, 0)
        with self.assertRaises(segments.JournalFull):
            fill(journal, 1)
        self.assertEqual(journal.head.seq, 2 * RECORDS)
        self.assertIsNone(sentence(opened(flash, 2)))

    def test_only_a_wholly_acknowledged_segment_makes_room(self):
        flash = MemoryFlash()
        journal = opened(flash, 2)
        fill(journal, 2 * RECORDS)
        self.assertTrue(journal.acknowledge(RECORDS - 1, link_of(journal, RECORDS - 1)))
        with self.assertRaises(segments.JournalFull):
            fill(journal, 1)
        before = link_of(journal, RECORDS)
        self.assertTrue(journal.acknowledge(RECORDS, before))
        journal = opened(flash, 2)  # the acknowledgement survives a restart
        self.assertEqual((journal.acked_seq, journal.room), (RECORDS, RECORDS))
        fill(journal, RECORDS)
        self.assertEqual((journal.first_seq, journal.head.seq), (RECORDS + 1, 3 * RECORDS))
        with self.assertRaises(segments.JournalFull):
            fill(journal, 1)
        self.assertEqual(journal.read(RECORDS, bytearray(48)), 0)
        self.assertIsNone(sentence(opened(flash, 2), RECORDS + 1, before))

    def test_an_acknowledgement_needs_the_right_link(self):
        flash = MemoryFlash()
        journal = opened(flash)
        fill(journal, 3)
        self.assertFalse(journal.acknowledge(3, bytes(16)))
        self.assertFalse(journal.acknowledge(4, journal.head.link))
        self.assertEqual((journal.acked_seq, opened(flash).acked_seq), (0, 0))
        self.assertTrue(journal.acknowledge(3, journal.head.link))
        self.assertTrue(journal.acknowledge(3, journal.head.link))
        self.assertFalse(journal.acknowledge(4))
        self.assertFalse(journal.acknowledge(-1))
        self.assertEqual(opened(flash).acked_seq, 3)

    def test_it_needs_it_after_a_failure_of_the_flash_too(self):
        flash = MemoryFlash()
        journal = opened(flash)
        fill(journal, 5)
        link = link_of(journal, 5)
        flash.dead = True
        for _ in range(2):
            with self.assertRaises(OSError):
                fill(journal, 1)
        flash.dead = False
        self.assertFalse(journal.acknowledge(5, bytes(16)))
        self.assertEqual(journal.acked_seq, 0)
        self.assertEqual(link_of(journal, 5), link)
        self.assertTrue(journal.acknowledge(5, link))

    def test_an_acknowledgement_is_one_program(self):
        flash = MemoryFlash()
        journal = opened(flash)
        fill(journal, 10)
        prepared(journal)
        journal.acknowledge(1)
        for seq in range(2, 11):
            before = len(flash.log)
            journal.acknowledge(seq)
            self.assertEqual(flash.log[before:], ["program"])

    def test_room_is_made_only_of_what_a_host_has(self):
        flash = MemoryFlash()
        journal = opened(flash, 3)
        fill(journal, 600)
        self.assertFalse(journal.make_room())
        self.assertTrue(journal.acknowledge(RECORDS))
        free = flash.free_blocks()
        self.assertTrue(journal.make_room())
        self.assertEqual(flash.free_blocks(), free + 6)
        self.assertEqual(journal.first_seq, RECORDS + 1)
        self.assertFalse(journal.make_room())
        fill(journal, 5)
        self.assertEqual(opened(flash, 3).head.seq, 605)

    def test_a_failing_remove_is_an_os_error_and_mends(self):
        flash = MemoryFlash()
        journal = opened(flash, 1)
        fill(journal, RECORDS)
        journal.acknowledge(RECORDS, journal.head.link)
        with self.assertRaises(segments.JournalFull):
            fill(journal, 1)  # one segment only: its link would go with it
        journal = opened(flash, 2)
        fill(journal, RECORDS)
        flash.fail_remove = True
        with self.assertRaises(OSError):
            fill(journal, 1)
        self.assertFalse(journal.make_room())
        flash.fail_remove = False
        fill(journal, 1)
        self.assertEqual(opened(flash, 2).head.seq, 2 * RECORDS + 1)

    def test_room_counts_what_flash_has_and_not_what_it_is_allowed(self):
        flash = MemoryFlash(20)  # three segments and two blocks
        journal = opened(flash, 40)
        self.assertEqual(journal.room, 2 * RECORDS)  # littlefs keeps some for itself
        fill(journal, 1)
        prepared(journal)
        self.assertEqual(journal.room, 2 * RECORDS - 1)
        fill(journal, journal.room)
        self.assertEqual((journal.room, journal.head.seq), (0, 2 * RECORDS))
        with self.assertRaises(segments.JournalFull):
            fill(journal, 1)
        journal.acknowledge(RECORDS)
        self.assertEqual(journal.room, RECORDS)
        fill(journal, RECORDS)
        self.assertEqual(opened(flash, 40).head.seq, 3 * RECORDS)

    def test_flash_that_somebody_else_filled_is_noticed_and_looked_at_again(self):
        flash = MemoryFlash(30)
        journal = opened(flash, 4)
        fill(journal, 1)
        flash.put("table", b"\xff" * 4080, flash.free_blocks() - 3)
        prepared(journal)
        self.assertEqual(journal.room, RECORDS - 1)
        del flash.files["table"]
        for _ in range(200):
            journal.prepare()
        self.assertEqual(journal.room, 4 * RECORDS - 1)

    def test_an_acknowledgement_that_flash_has_no_room_for_holds_until_the_restart(self):
        flash = MemoryFlash(12)
        journal = opened(flash, 2)
        fill(journal, RECORDS // 2)
        flash.put("table", b"\xff" * 4080, flash.free_blocks())
        self.assertTrue(journal.acknowledge(9))
        self.assertEqual((journal.acked_seq, opened(flash, 2).acked_seq), (9, 0))


class TestDamage(_OnASmallHeap):
    def test_other_files_are_left_alone(self):
        flash = MemoryFlash()
        for name in ("readme", "ack-00000009", "00000001-00000000", "j0", "jzzzz", "a0001"):
            flash.put(name, b"x")
        flash.put("j000000010002000300040005", b"\xff" * 3068, 8)  # a length as ours
        flash.put("a0009", b"\xff" * 4096)
        flash.put("aFFFF", b"\xff" * 4096)
        before = len(flash.files)
        fill(opened(flash), 1)
        journal = opened(flash)
        self.assertIsNone(sentence(journal))
        self.assertEqual((journal.head.seq, len(flash.files)), (1, before + 1))

    def test_a_changed_event_is_left_for_the_host_to_see(self):
        flash = MemoryFlash()
        fill(opened(flash), 9)
        overwrite(flash, 4, b"\x55", at=20)
        journal = opened(flash)
        self.assertEqual((journal.head.seq, journal.rejected_records), (9, 0))
        self.assertIn("Event 4", sentence(journal))

    def test_garbage_instead_of_the_next_record_is_kept_as_evidence(self):
        for noise, torn, rejected in (
            (bytes(48), 0, 1), (b"\xa5" * 99, 3, 2), (b"half a record", 13, 0),
        ):
            flash = MemoryFlash()
            fill(opened(flash), 4)
            overwrite(flash, 5, noise)
            journal = opened(flash)
            self.assertEqual((journal.head.seq, journal.rejected_records), (4, rejected))
            self.assertEqual(journal.torn_bytes, torn)
            block, offset = address(flash, 5)
            fill(journal, 530)
            self.assertIsNone(sentence(opened(flash)))
            kept = bytearray(len(noise))
            flash.readblocks(block, kept, offset)
            self.assertEqual(kept, noise)

    def test_a_tail_damaged_across_two_segments(self):
        flash = MemoryFlash()
        fill(opened(flash), RECORDS + 1)
        for seq in (RECORDS, RECORDS + 1):
            overwrite(flash, seq, b"\x00\x00", at=46)
        journal = opened(flash)
        self.assertEqual((journal.head.seq, journal.rejected_records), (RECORDS - 1, 2))
        fill(journal, 10)
        journal = opened(flash)
        self.assertEqual((journal.head.seq, journal.rejected_records), (RECORDS + 9, 0))
        self.assertIsNone(sentence(journal))

    def test_a_segment_that_is_missing_shows(self):
        flash = MemoryFlash()
        fill(opened(flash), 2 * RECORDS + 5)
        del flash.files[sorted(flash.files)[1]]
        journal = opened(flash)
        self.assertEqual(journal.head.seq, 2 * RECORDS + 5)
        self.assertEqual(journal.read(RECORDS - 1, bytearray(480)), 2)
        self.assertEqual(journal.read(RECORDS + 1, bytearray(480)), 0)

    def test_a_damaged_use_hides_a_segment_and_removes_nothing(self):
        flash = MemoryFlash()
        fill(opened(flash), RECORDS + 5)
        block, _ = address(flash, RECORDS + 1)
        flash.pages[16 * block][40] ^= 1
        journal = opened(flash)
        self.assertEqual((journal.head.seq, len(flash.files)), (RECORDS, 2))
        fill(journal, 1)
        self.assertEqual(len(flash.files), 3)
