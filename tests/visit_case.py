"""A gate with the demonstration's table, for the unit tests of the guard's workflow."""

import unittest

from gatescan.core import judgement
from gatescan.core.law import citation
from gatescan.core.law.policy import Policy
from gatescan.core.tags import barcode, em4100
from gatescan.core.visit import Checkpoint
from table_on_disk import open_table

CARD_7F3A = 0x2A00C0FFE1
CARD_C21D = 0x2A00C0FFE2  # section 11: no radio
CARD_09BE = b"VF-CARD-09BE"  # remanded, restrictions unknown
SPREAD = b"009800895250"
VODKA = b"5901041003003"
RADIO = b"00000089002940"
RING = b"9520001001116"
PHONE = b"885909727827"
OWN_RADIO = 0x2A00D15C01  # of inmate-7f3a, sealed and labelled
PLAYER = 0x2A00D15C02  # of inmate-c21d
BROKEN_SEAL = b"VF-REG-0003"  # of inmate-7f3a


class WithGate:
    """Makes `gate` before every test; its screens are in `language`.

    No TestCase itself: MicroPython would open a table more for it, which the heap has no room for.
    """

    language = 0

    @classmethod
    def setUpClass(cls):
        cls.table = open_table()
        cls.policy = Policy(cls.table.policy())

    def setUp(self):
        self.gate = Checkpoint(self.language, 5)
        self.gate.use(self.table, self.policy)
        self.gate.condition = judgement.COND_OK


class VisitCase(WithGate, unittest.TestCase):
    """Scans and presses, and what is expected of the latest step of each."""

    def scan(self, code):
        tag = em4100.read(code) if isinstance(code, int) else barcode.parse(code)
        return self.gate.scan(tag)[-1]

    def ok(self):
        return self.gate.press_ok()[-1]

    def expect(self, code, verdict, first=None):
        step = self.scan(code)
        self.assertIsNotNone(step.judged, "no verdict")
        self.assertEqual(step.judged.verdict, verdict)
        if first is not None:
            self.assertEqual(citation.format(step.judged.outcome.citations[0]), first)
        return step
