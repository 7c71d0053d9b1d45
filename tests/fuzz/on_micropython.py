"""Runs inside MicroPython: reads hostile files with the native code of the shipped reader.

argv[1]: a folder with `list.txt`, a line a case: table, overlay, delta (file names or -), keys.
A line of answers each, in the words of `answers`, which CPython calls as well.
"""

import hashlib
import sys
from binascii import hexlify

from gatescan.core.table import items
from gatescan.core.table.format import TableError
from gatescan.core.table.merge import merge
from gatescan.core.table.overlay import make_overlay
from gatescan.core.table.reader import Table
from hand_table import source

ROOM_BYTES = 1 << 13
TAG_KEYS = (b"\x10CMD-END", b"\x0bABCDE", b"\x10EX-000120")


class Full(Exception):
    """A made file grew beyond all flash."""


def answers(table, overlay, delta, keys):
    """One line: what came of opening, the keys, some tags, verify, and what the
    delta or the merge hashes to."""
    try:
        t = Table(*source(table), True, source(overlay) if overlay else None)
    except TableError as error:
        return "refused: %s" % error
    sink = Sink()
    out = [str(t.lookup(key)) for key in keys]
    for key in TAG_KEYS:
        found = t.lookup_tag(key)
        out.append(str(tuple(found)) if isinstance(found, tuple) else str(found))
    try:
        for _ in t.verify():
            pass
        out.append("whole")
    except TableError as error:
        out.append(str(error))
    if overlay:
        out.append(made(merge(t, sink.write), sink))
    elif delta:
        out.append(made(make_overlay(t, source(delta), sink.write), sink))
    return " ".join(out)


class Sink:
    """A made file: its SHA-256, up to ROOM_BYTES."""

    def __init__(self):
        self.size = 0
        self.hashed = hashlib.sha256()

    def write(self, part):
        """The next bytes; raises Full."""
        self.size += len(part)
        if self.size > ROOM_BYTES:
            raise Full
        self.hashed.update(part)


def made(steps, sink):
    """What the file hashes to that the steps write into the sink, or why there is none."""
    try:
        for _ in steps:
            pass
    except TableError as error:
        return str(error)
    except Full:
        return "full"
    return str(hexlify(sink.hashed.digest()), "ascii")


def contents(folder, name):
    """The bytes of a file of the folder, nothing for `-`."""
    if name == "-":
        return b""
    with open(folder + "/" + name, "rb") as file:
        return file.read()


def main(folder):
    """See the first lines."""
    from gatescan.core.table import blocks_viper

    assert items.begin is blocks_viper.begin, "no native code here"
    with open(folder + "/list.txt") as file:
        for line in file:
            table, overlay, delta, *keys = line.split()
            parts = [contents(folder, name) for name in (table, overlay, delta)]
            print(answers(*parts, [int(key) for key in keys]))


if __name__ == "__main__":
    main(sys.argv[1])
