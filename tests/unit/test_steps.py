"""Sealing, labelling and the other steps before an item may be handed out, on the demo table."""

from gatescan.core import codes
from gatescan.core.answers import NOT_LOGGED
from gatescan.core.journal import record
from gatescan.core.screens import SCR_SCAN_AGAIN, SCR_SEAL_WRONG, SCR_STEPS_OPEN, system_screen
from table_on_disk import command
from visit_case import BROKEN_SEAL, CARD_7F3A, RADIO, RING, VisitCase


class TestSealing(VisitCase):
    def setUp(self):
        super().setUp()
        self.scan(CARD_7F3A)

    def seal(self, number=b"VF-000123"):
        step = self.scan(number)
        self.assertEqual(step.kind, record.JK_SEALED)
        return step

    def test_seal_label_and_second_scan(self):
        step = self.expect(RADIO, codes.V_ALLOW_AFTER, "§ 6")
        self.assertEqual(
            sorted(step.judged.outcome.obligations), sorted((codes.O_SEAL, codes.O_LABEL))
        )
        self.seal()
        step = self.ok()
        self.assertEqual((step.kind, step.detail), (record.JK_DONE, codes.O_LABEL))
        self.assertEqual(step.screen, system_screen(SCR_SCAN_AGAIN, 0))
        step = self.expect(RADIO, codes.V_ALLOW, "§ 6")
        self.assertTrue(step.judged.flags & record.JF_SEALED)

    def test_the_second_scan_counts_once(self):
        self.scan(RADIO)
        self.seal()
        self.ok()
        self.expect(RADIO, codes.V_ALLOW)
        self.expect(RADIO, codes.V_ALLOW_AFTER)

    def test_ok_on_another_screen_confirms_nothing(self):
        for interruption in (command("END"), command("VISITOR"), b"VF-000127"):
            self.gate.press_back()
            self.scan(RADIO)
            self.seal(b"VF-00012" + {command("END"): b"3", command("VISITOR"): b"4"}.get(
                interruption, b"5"))
            self.scan(interruption)
            self.assertEqual(self.ok().kind, NOT_LOGGED)  # back to the label's screen
            self.assertEqual(self.ok().kind, record.JK_DONE)

    def test_a_broken_seal_is_replaced_after_a_person_looked(self):
        self.expect(BROKEN_SEAL, codes.V_MANUAL_INSPECTION)
        self.seal()
        self.expect(BROKEN_SEAL, codes.V_ALLOW, "§ 6")

    def test_half_done_is_not_done(self):
        self.scan(RADIO)
        self.seal()
        self.expect(RADIO, codes.V_ALLOW_AFTER)

    def test_ok_never_replaces_the_seal(self):
        self.scan(RADIO)
        for _ in range(5):
            step = self.ok()
            self.assertEqual(step.kind, NOT_LOGGED)
        self.expect(RADIO, codes.V_ALLOW_AFTER)

    def test_a_seal_serves_once(self):
        self.scan(RADIO)
        self.seal()
        self.ok()
        self.scan(RADIO)
        self.expect(RADIO, codes.V_ALLOW_AFTER)
        step = self.scan(b"VF-000123")
        self.assertEqual((step.kind, step.screen), (NOT_LOGGED, system_screen(SCR_SEAL_WRONG, 0)))
        self.seal(b"VF-000124")

    def test_a_seal_without_an_item_is_wrong(self):
        self.assertEqual(self.scan(b"VF-000125").screen, system_screen(SCR_SEAL_WRONG, 0))

    def test_sealing_one_radio_says_nothing_of_another_item(self):
        self.scan(RADIO)
        self.seal()
        self.ok()
        self.expect(b"3243480007191", codes.V_ALLOW_AFTER, "§ 6")  # a calculator

    def test_back_drops_what_was_begun(self):
        self.scan(RADIO)
        self.seal()
        self.ok()
        self.gate.press_back()
        self.expect(RADIO, codes.V_ALLOW_AFTER)

    def test_registering_is_confirmed_after_it_was_read(self):
        self.expect(RING, codes.V_ALLOW_AFTER, "§ 31, stk. 2")
        self.assertEqual(self.ok().kind, NOT_LOGGED)
        step = self.ok()
        self.assertEqual((step.kind, step.detail), (record.JK_DONE, codes.O_REGISTER))
        self.expect(RING, codes.V_ALLOW, "§ 31, stk. 2")

    def test_a_visit_does_not_end_over_an_open_item(self):
        self.scan(RADIO)
        self.assertEqual(self.scan(command("END")).screen, system_screen(SCR_STEPS_OPEN, 0))
        self.assertTrue(self.gate.visit_open)
        self.gate.press_back()
        self.assertEqual(self.scan(command("END")).kind, record.JK_VISIT_END)
