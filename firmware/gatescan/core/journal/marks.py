"""How far a host has stored the journal: one page program for each acknowledgement.

A file of one claimed block, full of 8-byte marks: a seq, then the same with every bit turned. A
torn mark has a bit that is set in both halves, so it is never read as a seq, let alone a higher
one. When the block is full a new file is made before the old one goes.
"""

import struct

from gatescan.core.compat import TYPE_CHECKING, const
from gatescan.core.journal import claim

if TYPE_CHECKING:
    from collections.abc import Generator

    from gatescan.core.journal.claim import Claims

PREFIX = "a"
BLOCKS = const(1)

_MARK = const(8)
_MARKS = const(504)  # (4096 - claim.HEAD_BYTES) // _MARK
_ALL = const(0xFFFFFFFF)
_EIO = const(5)


class Marks:
    """The highest seq that was ever marked."""

    def __init__(self, claims: "Claims") -> None:
        self._claims = claims
        self.forget()

    def forget(self) -> None:
        """Start from nothing; survey.py then tells what there is."""
        self.seq = 0
        self.files: "list[list[int]]" = []  # blocks of every file; marks go to the last
        self.used = _MARKS  # in the last file

    @property
    def full(self) -> bool:
        """Whether the next mark needs a new file."""
        return self.used == _MARKS

    def make(self) -> "Generator[None]":
        """Make a file for further marks, step by step. Raises OSError."""
        from gatescan.core.journal import making  # seldom needed: a kilobyte of RAM (app/rare.py)

        yield from making.make(self._claims, PREFIX, BLOCKS)
        self.files.append(self._claims.made)
        self.used = 0

    def set(self, seq: int) -> None:
        """Store `seq`; on return a power cut no longer undoes it. Raises OSError."""
        if self.full or not self._program(seq):
            for _ in self.make():
                pass
            if not self._program(seq):
                raise OSError(_EIO)
        self.seq = seq
        while len(self.files) > 1:
            self._claims.remove(PREFIX, self.files[0])
            self.files.pop(0)

    def _program(self, seq: int) -> bool:
        """Whether the file takes the mark."""
        at = self.used
        self.used = at + 1  # whatever becomes of it: nothing is programmed there again
        offset = claim.HEAD_BYTES + _MARK * at
        mark = struct.pack("<II", seq, seq ^ _ALL)
        return self._claims.program(PREFIX, self.files[-1], 0, offset, mark)
