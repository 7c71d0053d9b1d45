"""Blocks that are programmed directly: only those that the file of that name really has."""

import unittest

from gatescan.core.journal import claim, making, survey
from unit.journal.memory_flash import MemoryFlash, pointer_bytes

COUNT = 6


def made(flash, claims=None, count=COUNT):
    claims = claims or claim.Claims(flash, flash)
    for _ in making.make(claims, "j", count):
        pass
    return claims, claims.made


class TestMake(unittest.TestCase):
    def test_the_name_says_where_the_file_lies(self):
        flash = MemoryFlash()
        for count in (1, 2, 6, 7):
            claims, blocks = made(flash, count=count)
            name = claim.name_of("j", blocks)
            size, really = flash.files[name]
            self.assertEqual(blocks, really)
            self.assertEqual(size, survey.file_bytes(count))
            self.assertEqual(survey.blocks_of(claims, name, size, "j", count), blocks)
            for wrong in ((name, size, "a", count), (name, size - 1, "j", count),
                          (name, size, "j", count + 1), (name.upper(), size, "j", count)):
                if wrong[0] != name or wrong[1:] != (size, "j", count):
                    self.assertEqual(survey.blocks_of(claims, *wrong), [], wrong)

    def test_a_file_is_blank_but_for_marks_and_pointers(self):
        flash = MemoryFlash()
        _, blocks = made(flash)
        for index, block in enumerate(blocks):
            raw = bytearray(4096)
            flash.readblocks(block, raw, 0)
            head = pointer_bytes(index)
            self.assertEqual(raw[:head], bytes(head))
            self.assertEqual(raw[head:12], b"\xff" * (12 - head))
            self.assertEqual(raw[28:], b"\xff" * 4068)
            self.assertEqual(raw[12:15], b"gsj")

    def test_flash_without_room_leaves_nothing(self):
        flash = MemoryFlash(5)
        with self.assertRaises(OSError):
            made(flash)
        self.assertEqual(flash.files, {})

    def test_one_erase_a_step(self):
        flash = MemoryFlash()
        erased = 0
        for _ in making.make(claim.Claims(flash, flash), "j", COUNT):
            self.assertTrue(flash.log.count("erase") - erased <= 1)
            erased = flash.log.count("erase")
        self.assertEqual(erased, COUNT)

    def test_marks_of_removed_files_do_not_mislead(self):
        flash = MemoryFlash(9)
        flash.nonce = lambda: b"the same"  # a board without a source of randomness
        claims, blocks = made(flash)
        for _ in range(5):
            claims.remove("j", blocks)
            claims, blocks = made(flash, claims)
            self.assertEqual(list(flash.files.values()), [[survey.file_bytes(COUNT), blocks]])


class TestProgram(unittest.TestCase):
    def test_what_is_programmed_shows_in_the_file(self):
        flash = MemoryFlash()
        claims, blocks = made(flash)
        name = claim.name_of("j", blocks)
        content = flash.content(name)
        for index in range(COUNT):
            self.assertTrue(claims.program("j", blocks, index, 250, b"0123456789"))
            self.assertTrue(claims.program("j", blocks, index, 4092, b"last"))
            raw = bytearray(10)
            claims.read(blocks[index], 250, raw)
            self.assertEqual(raw, b"0123456789")
        after = flash.content(name)
        self.assertEqual(len(after), len(content))
        self.assertEqual(bytes(after).count(b"0123456789"), COUNT)
        changed = sum(1 for at in range(len(after)) if after[at] != content[at])
        self.assertEqual(changed, 14 * COUNT)

    def test_only_blank_places_take_it(self):
        flash = MemoryFlash()
        claims, blocks = made(flash)
        claims.program("j", blocks, 0, 100, b"\x00" * 10)
        for at in (91, 100, 109):
            with self.assertRaises(OSError):
                claims.program("j", blocks, 0, at, bytes(10))
        self.assertTrue(claims.program("j", blocks, 0, 110, b"more"))

    def test_flash_that_does_not_take_a_program_is_an_error(self):
        flash = MemoryFlash()
        claims, blocks = made(flash)
        flash.writeblocks = lambda block, buf, offset: None
        with self.assertRaises(OSError):
            claims.program("j", blocks, 0, 100, b"lost")

    def test_a_file_copied_from_another_flash_is_not_taken(self):
        source, flash = MemoryFlash(seed=1), MemoryFlash()
        _, blocks = made(source, count=2)
        name = claim.name_of("j", blocks)
        flash.put("something else", bytes(4096))
        flash.put(name, source.content(name))
        claims = claim.Claims(flash, flash)
        self.assertEqual(survey.blocks_of(claims, name, survey.file_bytes(2), "j", 2), [])
        before = len(flash.log)
        self.assertFalse(claims.program("j", blocks, 0, 100, b"never"))
        self.assertEqual(len(flash.log), before)

    def test_a_file_that_came_back_from_a_copy_takes_nothing(self):
        """Its old blocks hold the right marks still, and belong to nobody."""
        flash = MemoryFlash()
        _, blocks = made(flash, count=2)
        name = claim.name_of("j", blocks)
        content = flash.content(name)
        flash.remove(name)
        flash.put(name, content)
        self.assertTrue(flash.files[name][1] != blocks)
        claims = claim.Claims(flash, flash)
        self.assertEqual(survey.blocks_of(claims, name, len(content), "j", 2), blocks)
        for _ in range(2):
            try:
                self.assertFalse(claims.program("j", blocks, 1, 100, b"nobody's"))
            except OSError:
                pass  # the second time the place in the old block is not blank any more
        self.assertEqual(flash.content(name), content)

    def test_a_block_that_littlefs_has_used_again_is_not_touched(self):
        flash = MemoryFlash(8)
        claims, blocks = made(flash, count=2)
        self.assertTrue(claims.program("j", blocks, 0, 100, b"ours"))
        claims.forget()  # as at a start
        flash.remove(claim.name_of("j", blocks))
        flash.put("table", b"t" + b"\xff" * 4079, 7)
        kept = {number: bytes(page) for number, page in flash.pages.items()}
        for index in range(2):
            try:
                self.assertFalse(claims.program("j", blocks, index, 200, b"x"))
            except OSError:
                self.fail("it is not ours, and that is no error of the flash")
        self.assertEqual({n: bytes(page) for n, page in flash.pages.items()}, kept)
