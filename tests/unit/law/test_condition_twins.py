"""Viper and bytecode give the same answer to any facts, sensible or not, under the whole order."""

import os
import random
import unittest

from gatescan.core.law import conditions, conditions_plain, facts
from gatescan.core.law.policy import Policy
from gatescan.core.table.reader import Table

_VECTORS = 300
_STRANGE = (
    None, True, False, -1, 0, 1, 2, 5, 40, 300, 1 << 31, 1 << 40, 2.5, "x", b"", b"\xff" * 5,
)  # fmt: skip


def demo_policy():
    path = os.getenv("GATESCAN_TEST_TABLE")
    if not path:
        raise AssertionError("GATESCAN_TEST_TABLE is not set: use tests/micropython/run.py")

    def read_at(offset, buffer):
        with open(path, "rb") as file:
            file.seek(offset)
            file.readinto(buffer)

    return Table(read_at, os.stat(path)[6]).policy()


def made_up(rng, policy):
    """A vector: some facts are as they may be, some unknown, now and then one is absurd."""
    vector = facts.defaults()
    for place in range(3):
        vector[place] = rng.randrange(policy._counts[place])
    for fact in range(3, facts.FACTS):
        dice = rng.random()
        if dice < 0.12:
            vector[fact] = rng.choice((None, True, False, 0, 1, 2, 3, 20100101))
        elif dice < 0.13:
            vector[fact] = rng.choice(_STRANGE)
    return vector


class TestConditionTwins(unittest.TestCase):
    def setUp(self):
        data = demo_policy()
        self.quick, self.plain = Policy(data), Policy(data)
        slow = self.plain._conditions
        slow.holds = lambda at: conditions_plain.holds(slow, at)
        slow.term = lambda number: conditions_plain.term(slow, number)
        plain = self.plain
        plain.fitting = lambda *where: conditions_plain.fitting(plain, *where)

    def test_both_say_the_same(self):
        if conditions.holds is conditions_plain.holds:
            self.skipTest("This interpreter has no viper; MicroPython runs this test.")
        seed = random.getrandbits(30)
        rng = random
        rng.seed(seed)
        verdicts = set()
        for number in range(_VECTORS):
            vector = made_up(rng, self.quick)
            wanted, got = self.plain.evaluate(vector), self.quick.evaluate(vector)
            self.assertEqual(got, wanted, (seed, number, vector))
            verdicts.add(wanted.verdict)
        self.assertTrue(len(verdicts) > 4, (seed, verdicts))

    def test_an_index_outside_the_order_raises(self):
        rows = len(self.quick.data) // self.quick._row_bytes
        with self.assertRaises((ValueError, IndexError)):
            self.quick.fitting(rows * self.quick._row_bytes, 0, self.quick._row_bytes)

    def test_a_conjunction_outside_the_order_raises(self):
        for at in (len(self.quick.data) + 100, len(self.quick.data) - 1):
            self.quick._conditions.begin(facts.defaults(), [])
            with self.assertRaises((ValueError, IndexError)):
                self.quick._conditions.holds(at)
