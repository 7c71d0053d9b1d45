"""Tags read while memory is short: once more with room, then by hand, never not at all."""

import sys
import unittest

from gatescan.app import rare, reading
from gatescan.core import codes
from gatescan.core.judgement import COND_OK
from gatescan.core.tags import barcode
from gatescan.core.visit import Checkpoint

_GUEST = "gatescan.core.tags.digital_link"


class Short:
    """Work for which memory is too short some times."""

    def __init__(self, times):
        self.times = times
        self.asked = []

    def __call__(self, *arguments):
        self.asked.append(arguments)
        if len(self.asked) <= self.times:
            raise MemoryError
        return barcode.parse(b"5901234123457")


class TestReading(unittest.TestCase):
    def setUp(self):
        self.known = dict(sys.modules)
        self.residents = set(rare._residents)
        sys.modules.pop(_GUEST, None)
        reading._loaded = False
        rare.settle()
        __import__(_GUEST)

    def tearDown(self):
        rare._residents.clear()
        rare._residents.update(self.residents)
        sys.modules.update(self.known)

    def test_with_room_it_is_done_once_and_all_stays(self):
        work = Short(0)
        self.assertEqual(reading.tag_of(work, b"x").gtin, "05901234123457")
        self.assertEqual(work.asked, [(b"x",)])
        self.assertTrue(_GUEST in sys.modules)

    def test_what_earlier_tags_have_loaded_makes_room_for_this_one(self):
        work = Short(1)
        self.assertEqual(reading.tag_of(work, b"x").gtin, "05901234123457")
        self.assertEqual(work.asked, [(b"x",), (b"x",)])
        self.assertFalse(_GUEST in sys.modules)

    def test_a_tag_for_which_there_is_no_room_is_refused_with_the_reason(self):
        tag = reading.tag_of(Short(2), b"x")
        self.assertIsNone(tag.key)
        self.assertTrue("memory" in tag.error)

    def test_an_answer_for_which_there_is_no_room_is_that_a_person_looks(self):
        gate = Checkpoint(0, 4)
        gate.condition = COND_OK
        scan, short, backs = gate.scan, Short(2), []

        def failing(tag, seen=None):
            return scan(tag, seen) if tag.key is None else short(tag)

        gate.scan = failing
        gate.press_back = lambda: backs.append(1)
        (step,) = reading.steps(gate, barcode.parse(b"5901234123457"), None)
        self.assertEqual(step.judged.verdict, codes.V_MANUAL_INSPECTION)
        self.assertEqual((len(short.asked), backs), (2, [1]))

    def test_room_is_looked_for_after_a_tag_that_has_loaded_something_only(self):
        asked = []
        is_full, reading.heap.is_full = reading.heap.is_full, lambda: asked.append(1) or True
        gate = Checkpoint(0, 4)
        sys.modules.pop(_GUEST)

        def loading(data):
            __import__(_GUEST)
            return barcode.parse(data)

        try:
            for read, looks, stays in (
                (barcode.parse, 0, False), (loading, 1, False), (barcode.parse, 1, False),
            ):  # fmt: skip
                reading.steps(gate, reading.tag_of(read, b"5901234123457"), None)
                self.assertEqual((len(asked), _GUEST in sys.modules), (looks, stays))
        finally:
            reading.heap.is_full = is_full


if __name__ == "__main__":
    unittest.main()
