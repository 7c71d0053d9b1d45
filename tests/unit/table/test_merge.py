"""Deltas written by hand as FORMAT.md says: the overlay made of one, its answers, the merge."""

import random
import struct
import unittest

from gatescan.core.table.format import (
    M_ITEM,
    M_NONE,
    M_OVERLAY_ITEM,
    M_OVERLAY_RANGE,
    MISS,
    TableError,
)
from gatescan.core.table.merge import merge
from gatescan.core.table.overlay import make_overlay
from gatescan.core.table.reader import Table
from hand_table import Block, binary, file, item_sections, page, source

GONE = 64
CLASSES = b"".join(struct.pack("<BBH", n + 1, 0, 0) for n in range(8))
WIDER = CLASSES + struct.pack("<BBH", 20, 0, 1)
OLD = [(5, 1), (6, 1), (100, 2), (590123412345, 3), (590123412399, 3), (9999999999998, 0)]
# one item goes, one changes its class, new ones stand alone, in a run, at both ends
NEW = [
    (1, 0), (5, 1), (100, 7), (101, 2), (590123412345, 3), (590123412346, 3), (590123412350, 4),
    (590123512345, 4), (590124412399, 8), (9999999999998, 0), (9999999999999, 0),
]  # fmt: skip
CHANGES = [
    (1, 0), (6, GONE), (100, 7), (101, 2), (590123412346, 3), (590123412350, 4),
    (590123412399, GONE), (590123512345, 4), (590124412399, 8), (9999999999999, 0),
]  # fmt: skip


def head(data):
    return data[: 16 + 20 * data[6]]


STEP = (1000).to_bytes(6, "big") + b"\x05"
RANGES = [(12, 3, 1, page(12, 0, [STEP])), (13, 3, 1, page(13, 0, [STEP[:6]]))]


def table(items, classes, extra=()):
    count = len(classes) // 4
    return file([(2, 1, count, classes)] + item_sections(items) + list(extra))


def delta(ops, changes, new):
    """A delta that replaces CLASSES and brings RANGES, and the overlay that must come of it."""
    replaced = [(2, 1, 9, WIDER)] + RANGES + [(19, 1, 1, head(new))]
    overlay = file(replaced + item_sections(changes, 17)[1:], b"GSO1")
    parts = [(18, 1, len(changes), ops), (20, 1, 1, head(overlay))]
    return file(parts + replaced, b"GSD1"), overlay


def place(value, end):
    """Truncated binary."""
    bits = 0
    while 1 << bits < end:
        bits += 1
    short = (1 << bits) - end
    return binary(value, bits - 1) if value < short else binary(value + short, bits)


def run(first, second):
    """A new item behind another one, as it would stand in a block."""
    return Block(*first).bits_of(*second)[0]


def packed(bits):
    text = "".join(bits)
    text += "0" * (-len(text) % 8)
    return bytes(int(text[n : n + 8], 2) for n in range(0, len(text), 8))


def made(function, *args):
    out = bytearray()
    for _ in function(*args, out.extend):
        pass
    return bytes(out)


class TestDelta(unittest.TestCase):
    def setUp(self):
        self.old = table(OLD, CLASSES)
        self.new = table(NEW, WIDER, RANGES)
        self.base = Table(*source(self.old), True)

    def test_operations_by_hand(self):
        bits = ["0", "00", place(1, 5), "00", binary(0, 4), "0"]  # 1, before the first item
        bits += ["10", "01"]  # one passed over, then 6 goes
        bits += ["11", "00", binary(7, 4)]  # 100 gets class 7
        # 101: behind 100, whose class was 2; alone
        bits += ["0", "00", place(0, 590123412345 - 101), "1", "0"]
        # 590123412346 behind the next item, of its class; then one in 4, class 4
        bits += ["0", "01", place(0, 53), "1", "100"]
        bits += [run((590123412346, 3), (590123412350, 4))]
        bits += ["10", "00"]  # 590123412399 goes
        room = 9999999999998 - 590123412399 - 1
        bits += ["0", "00", place(99945, room), "00", binary(4, 4), "100"]
        bits += [run((590123512345, 4), (590124412399, 8))]
        bits += ["0", "01", place(0, 1), "1", "0"]  # behind the last item, of its class
        ops = struct.pack("<IBB", len(CHANGES), 4, 1) + packed(bits)
        data, overlay = delta(ops, CHANGES, self.new)
        self.assertEqual(made(make_overlay, self.base, source(data)), overlay)

    def test_answers_are_those_of_the_new_table(self):
        _, overlay = delta(b"", CHANGES, self.new)
        t = Table(*source(self.old), True, source(overlay))
        new = Table(*source(self.new), True)
        for key in sorted({k + d for k, _ in OLD + NEW for d in (-1, 0, 1)} | {999, 10**12}):
            self.assertEqual(t.lookup(key), new.lookup(key), key)
        for key, matched in (
            (5, M_ITEM), (6, M_NONE), (101, M_OVERLAY_ITEM), (590123412399, M_OVERLAY_RANGE),
            (-1, M_NONE),
        ):  # fmt: skip
            t.lookup(key)
            self.assertEqual(t.matched, matched, key)
        self.assertEqual(t.class_of(8), (20, 1))
        for _ in t.verify():
            pass

    def test_merge_is_the_new_table(self):
        _, overlay = delta(b"", CHANGES, self.new)
        t = Table(*source(self.old), True, source(overlay))
        self.assertEqual(made(merge, t), self.new)

    def test_merge_of_many(self):
        seed = random.getrandbits(30)
        random.seed(seed)
        old, key = {}, 0
        for _ in range(300):
            key += random.choice((1, 1, 2, 30, random.randrange(1, 10**9)))
            old[key] = random.randrange(8)
        new = dict(old)
        for known in list(old):
            chance = random.randrange(10)
            if chance == 0:
                del new[known]
            elif chance == 1:
                new[known] = random.randrange(8)
            elif chance == 2:
                new[known + 1] = random.randrange(8)
        both = set(old) | set(new)
        changes = sorted((k, new.get(k, GONE)) for k in both if old.get(k) != new.get(k))
        before = table(sorted(old.items()), CLASSES)
        after = table(sorted(new.items()), WIDER, RANGES)
        _, overlay = delta(b"", changes, after)
        t = Table(*source(before), True, source(overlay))
        self.assertEqual(made(merge, t), after, seed)

    def test_what_does_not_fit_is_refused(self):
        for ops in (
            b"", bytes(6), struct.pack("<IBB", 1, 4, 1) + b"\xbf" * 9,  # beyond the last item
            struct.pack("<IBB", 1, 7, 1) + bytes(9), struct.pack("<IBB", 1, 4, 25) + bytes(9),
            struct.pack("<IBB", 1 << 30, 4, 1) + bytes(9),
        ):  # fmt: skip
            data, _ = delta(ops, CHANGES, self.new)
            with self.assertRaises(TableError):
                made(make_overlay, self.base, source(data))
        self.assertEqual(self.base.lookup(101), MISS)


if __name__ == "__main__":
    unittest.main()
