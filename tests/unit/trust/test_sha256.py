"""A board's own SHA-256 is used when it is right, and hashlib when it is not or there is none."""

import hashlib
import random
import sys
import unittest

from gatescan.core import compat

_NAME = "gatescan.core.trust.sha256"


class Board:
    """What a board brings, but its state is all data so far: one hash at a time."""

    def __init__(self, wrong=0):
        self.wrong = wrong  # bits of the last byte of a hash that come out flipped
        self.used = 0
        self.taken = b""

    def work(self):
        self.taken = b""
        return bytearray(1)

    def blocks(self, work, data, count, out):
        assert count > 0
        self.used += count
        data = bytes(data[: 64 * count])
        if out == 0:
            self.taken += data
        else:
            out[:] = self.hash(data)

    def digest(self, work):
        data, self.taken = self.taken, b""
        return self.hash(data)

    def hash(self, data):
        bits = int.from_bytes(data[-8:], "big")
        assert len(data) % 64 == 0 and bits % 8 == 0
        message, pad = data[: bits // 8], data[bits // 8 :]
        # the padding of FIPS 180-4: one bit, as few zeros as possible, the length
        assert 9 <= len(pad) < 9 + 64 and pad[:-8] == b"\x80" + bytes(len(pad) - 9)
        out = bytearray(hashlib.sha256(message).digest())
        out[31] ^= self.wrong
        return bytes(out)


def loaded(board):
    """The module as it comes up on a scanner with `board`."""
    before = compat.sha256_code
    compat.sha256_code = (lambda: board) if board is not None else None
    kept = sys.modules.pop(_NAME, None)
    try:
        return __import__(_NAME, None, None, ("new",))
    finally:
        compat.sha256_code = before
        del sys.modules[_NAME]
        if kept is not None:
            sys.modules[_NAME] = kept


class TestSha256(unittest.TestCase):
    def setUp(self):
        self.data = bytes(random.getrandbits(8) for _ in range(300))

    def right(self, sha256):
        data = self.data
        for first in (0, 64, 128):
            for more in (0, 1, 54, 55, 56, 63, 64, 65, 119, 120, 128, 172):
                hashed = sha256.new()
                if first:
                    hashed.update(memoryview(data)[:first])
                hashed.update(memoryview(data)[first : first + more])
                wanted = hashlib.sha256(data[: first + more]).digest()
                self.assertEqual(hashed.digest(), wanted, (first, more))
        block = sha256.Block()
        block.data[:55] = data[:55]
        value = memoryview(block.data)[23:55]
        wanted = data[:55]
        for _ in range(3):
            block.into(value)
            wanted = wanted[:23] + hashlib.sha256(wanted).digest()
            self.assertEqual(bytes(block.data[:55]), wanted)

    def test_without_code_of_a_board(self):
        for board in (None, lambda: None):
            self.right(loaded(board and board()))

    def test_with_code_of_a_board(self):
        board = Board()
        sha256 = loaded(board)
        proven = board.used
        self.right(sha256)
        self.assertTrue(board.used > proven > 0)

    def test_code_that_is_wrong_is_not_used(self):
        board = Board(wrong=1)
        sha256 = loaded(board)
        proven = board.used
        self.right(sha256)
        self.assertTrue(board.used == proven > 0)

    def test_only_the_end_is_a_part_of_a_block(self):
        hashed = loaded(Board()).new()
        hashed.update(self.data[:65])
        with self.assertRaises(ValueError):
            hashed.update(self.data[:64])


if __name__ == "__main__":
    unittest.main()
