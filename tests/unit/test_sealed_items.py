"""Items whose seals the table knows: seven things a look at a seal can find, on the demo table."""

import unittest

from gatescan.core import codes, compat, judgement
from gatescan.core.journal import record
from gatescan.core.journal.names import SEAL_OUTCOMES
from gatescan.core.screens import SCR_SEAL_CHECK, SCR_SEAL_FOUND, strings, system_screen
from gatescan.core.seals.look import SealRead
from gatescan.core.tags import barcode, chip_ids, em4100
from made_seals import UID as CHIP
from made_seals import Counters, aes, tapped_demo
from visit_case import CARD_7F3A, WithGate

RADIO = b"]d20109520001001079217F3A-1"  # of inmate-7f3a, seal VF-000201
PLAYER = bytes.fromhex("04D15C0A0B0C80")  # of inmate-7f3a, seal CHIP
FREE_CHIP = bytes.fromhex("04A1B2C3D4E581")


class TestSealedItems(WithGate, unittest.TestCase):
    language = 1

    @classmethod
    def setUpClass(cls):
        compat.aes = aes
        super().setUpClass()

    def setUp(self):
        super().setUp()
        counters = Counters()
        self.gate.counters = lambda: counters
        self.gate.scan(em4100.read(CARD_7F3A))

    def scan(self, raw, seen=None):
        tag = chip_ids.iso14443a(raw) if len(raw) == 7 else barcode.parse(raw)
        return self.gate.scan(tag, seen)

    def waits(self, item):
        """The item is scanned and nothing is said of it yet."""
        (step,) = self.scan(item)
        self.assertEqual(step.judged.verdict, codes.V_MANUAL_INSPECTION)
        self.assertEqual(step.screen, system_screen(SCR_SEAL_CHECK, 1))

    def found(self, steps, outcome, verdict):
        looked, judged = steps
        self.assertEqual(looked.kind, record.JK_SEAL_CHECK)
        self.assertEqual(SEAL_OUTCOMES[looked.detail], outcome)
        self.assertEqual(judged.kind, record.JK_SCAN)
        self.assertEqual(judged.judged.verdict, verdict)
        return judged

    def test_intact(self):
        self.waits(RADIO)
        step = self.found(self.scan(b"VF-000201"), "intact", codes.V_ALLOW)
        self.assertIn(strings(1).SEAL_INTACT, step.screen.lines)
        self.assertTrue(step.judged.flags & record.JF_SEALED)

    def test_each_other_finding_is_a_broken_seal_with_a_screen_of_its_own(self):
        shown = []
        for seal, outcome in (
            (None, "missing"),
            (b"VF-000123", "wrong_seal"),
            (b"VF-999999", "wrong_seal"),
            (CHIP, "reused_elsewhere"),
        ):
            self.waits(RADIO)
            steps = self.gate.press_ok() if seal is None else self.scan(seal)
            step = self.found(steps, outcome, codes.V_MANUAL_INSPECTION)
            which = SCR_SEAL_FOUND + SEAL_OUTCOMES.index(outcome)
            self.assertEqual(step.screen.big, system_screen(which, 1).big)
            self.assertFalse(step.judged.flags & record.JF_SEALED)
            shown.append(step.screen)
            (verdict,) = self.gate.press_ok()  # what applies
            self.assertEqual(verdict.screen.big, strings(1).VERDICTS[codes.V_MANUAL_INSPECTION])
        self.assertEqual(len({screen.lines for screen in shown}), 3)

    def test_an_nfc_seal_proves_itself(self):
        for ctr, status, outcome, verdict in (
            (6, b"CC", "intact", codes.V_ALLOW),
            (6, b"CC", "cloned_or_replayed", codes.V_MANUAL_INSPECTION),
            (7, b"OC", "opened", codes.V_MANUAL_INSPECTION),
            (8, b"CC", "intact", codes.V_ALLOW),
        ):
            self.waits(PLAYER)
            self.found(self.scan(CHIP, tapped_demo(ctr, status)), outcome, verdict)

    def test_unreadable_asks_again(self):
        self.waits(PLAYER)
        (step,) = self.scan(CHIP)
        self.assertEqual((step.kind, step.judged), (record.JK_SEAL_CHECK, None))
        self.assertEqual(step.screen, system_screen(SCR_SEAL_FOUND + codes.SO_UNREADABLE, 1))
        self.found(self.scan(CHIP, tapped_demo(6)), "intact", codes.V_ALLOW)

    def test_a_look_for_which_memory_ran_out_can_be_done_again(self):
        counters = self.gate.counters

        def short():
            self.gate.counters = counters
            raise MemoryError

        self.gate.counters = short
        self.waits(PLAYER)
        with self.assertRaises(MemoryError):
            self.scan(CHIP, tapped_demo(6))
        self.found(self.scan(CHIP, tapped_demo(6)), "intact", codes.V_ALLOW)

    def test_another_thing_scanned_meanwhile_is_that_thing(self):
        self.waits(RADIO)
        (step,) = self.scan(b"]E05901041003003")
        self.assertEqual(step.judged.verdict, codes.V_REFUSE_HANDOUT)
        (step,) = self.scan(b"VF-000201")
        self.assertIsNone(step.judged, "nothing waits for a seal any more")

    def test_back_drops_the_question(self):
        self.waits(RADIO)
        self.gate.press_back()
        self.assertEqual(self.gate.press_ok(), [])

    def test_the_condition_holds_behind_an_intact_seal(self):
        self.gate.condition = judgement.COND_CLOCK
        self.waits(RADIO)
        self.found(self.scan(b"VF-000201"), "intact", codes.V_MANUAL_INSPECTION)

    def test_a_fresh_chip_seals_an_item(self):
        self.waits(RADIO)
        self.gate.press_ok()  # no seal there
        self.gate.press_ok()  # what applies
        (step,) = self.gate.press_ok()  # it is sealed anew
        (step,) = self.scan(CHIP, tapped_demo(6))
        self.assertEqual(SEAL_OUTCOMES[step.detail], "reused_elsewhere")
        (step,) = self.scan(FREE_CHIP)
        self.assertEqual(SEAL_OUTCOMES[step.detail], "unreadable")
        (step,) = self.scan(FREE_CHIP, tapped_demo(1, b"OO", FREE_CHIP))
        self.assertEqual(SEAL_OUTCOMES[step.detail], "opened")
        (step,) = self.scan(FREE_CHIP, tapped_demo(2, b"CC", FREE_CHIP))
        self.assertEqual(step.kind, record.JK_SEALED)

    def test_a_chip_without_a_number_of_its_own_may_hold_a_product(self):
        link = b"\xd1\x01\x1eU\x04id.gs1.org/01/05901041003003"
        link = link[:2] + bytes((len(link) - 4,)) + link[3:]
        random_id = chip_ids.iso14443a(b"\x08\x01\x02\x03")
        (step,) = self.gate.scan(random_id, SealRead(b"\x08\x01\x02\x03", link, None))
        self.assertEqual(step.judged.verdict, codes.V_REFUSE_HANDOUT)
        (step,) = self.gate.scan(random_id)
        self.assertEqual(step.kind, record.JK_TAG_REFUSED)
