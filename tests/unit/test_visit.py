"""The guard's workflow on a real table of the demo site, built by the host for this run."""

import os
import unittest

from gatescan.core import codes, judgement
from gatescan.core.journal import record
from gatescan.core.law import citation
from gatescan.core.law.policy import Policy
from gatescan.core.screens import (
    SCR_NO_VISIT,
    SCR_SCAN_AGAIN,
    SCR_SEAL_WRONG,
    SCR_STEPS_OPEN,
    system_screen,
)
from gatescan.core.table.reader import Table
from gatescan.core.tags import barcode, rfid
from gatescan.core.visit import NOT_LOGGED, Checkpoint

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


def open_table():
    path = os.getenv("GATESCAN_TEST_TABLE")
    if not path:
        raise AssertionError("GATESCAN_TEST_TABLE is not set: use tests/micropython/run.py")
    file = open(path, "rb")  # noqa: SIM115 - open as long as the table
    size = os.stat(path)[6]

    def read_at(offset, buf):
        file.seek(offset)
        if file.readinto(buf) != len(buf):
            raise OSError(5)

    return Table(read_at, size)


class VisitCase(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.table = open_table()
        cls.policy = Policy(cls.table.policy())

    def setUp(self):
        self.gate = Checkpoint(0, 5)
        self.gate.use(self.table, self.policy)
        self.gate.condition = judgement.COND_OK

    def scan(self, code):
        tag = rfid.em4100(code) if isinstance(code, int) else barcode.parse(code)
        return self.gate.scan(tag)[-1]

    def expect(self, code, verdict, first=None):
        step = self.scan(code)
        self.assertIsNotNone(step.judged, "no verdict")
        self.assertEqual(step.judged.verdict, verdict)
        if first is not None:
            self.assertEqual(citation.format(step.judged.outcome.citations[0]), first)
        return step


class TestItems(VisitCase):
    def test_verdicts_of_a_visit(self):
        self.assertEqual(self.scan(CARD_7F3A).kind, record.JK_VISIT_OPEN)
        self.expect(SPREAD, codes.V_ALLOW, "§ 1, stk. 1, 1. pkt.")
        self.expect(VODKA, codes.V_REFUSE_HANDOUT, "§ 2, stk. 1, nr. 3")
        self.expect(b"4006381333931", codes.V_MANUAL_INSPECTION, "§ 30, stk. 1")
        self.expect(b"GSC-CASH-500", codes.V_TO_ACCOUNT, "§ 22, stk. 2")
        self.expect(b"GSC-CAT-04", codes.V_REFUSE_HANDOUT, "§ 2, stk. 1, nr. 4")

    def test_cash_without_an_amount_is_counted_by_hand(self):
        self.scan(CARD_7F3A)
        self.expect(b"GSC-CAT-31", codes.V_MANUAL_INSPECTION, "§ 23, stk. 1")

    def test_another_inmates_item_is_refused_and_the_own_one_is_not(self):
        self.scan(CARD_7F3A)
        self.expect(OWN_RADIO, codes.V_ALLOW, "§ 6")
        self.expect(PLAYER, codes.V_REFUSE_HANDOUT, "§ 8, stk. 1")

    def test_without_a_visit_a_registered_item_is_anothers(self):
        self.expect(OWN_RADIO, codes.V_REFUSE_HANDOUT, "§ 8, stk. 1")

    def test_a_broken_seal_is_looked_at(self):
        self.scan(CARD_7F3A)
        self.expect(BROKEN_SEAL, codes.V_MANUAL_INSPECTION)

    def test_an_individual_decision_bites_its_inmate_only(self):
        self.scan(CARD_C21D)
        self.expect(RADIO, codes.V_REFUSE_HANDOUT, "§ 11")
        self.scan(CARD_7F3A)
        self.expect(RADIO, codes.V_ALLOW_AFTER, "§ 6")

    def test_without_a_visit_card_nothing_is_cleared_for_an_inmate(self):
        for code in (SPREAD, RADIO, RING, b"GSC-CAT-33"):
            step = self.expect(code, codes.V_MANUAL_INSPECTION, "§ 30, stk. 1")
            self.assertEqual(step.screen, system_screen(SCR_NO_VISIT, 0))
        self.expect(VODKA, codes.V_REFUSE_HANDOUT, "§ 2, stk. 1, nr. 3")
        self.scan(b"GSC-FOR-VISITOR")
        self.expect(PHONE, codes.V_OUT_OF_SCOPE)

    def test_unknown_restrictions_hold_for_police_or_court(self):
        self.scan(CARD_09BE)
        step = self.expect(SPREAD, codes.V_HOLD_FOR_DECISION, "§ 1, stk. 2, 2. pkt.")
        self.assertEqual(step.judged.outcome.authority, codes.A_POLICE_OR_COURT)

    def test_the_visitors_own_thing_is_out_of_scope_once(self):
        self.scan(CARD_7F3A)
        self.scan(b"GSC-FOR-VISITOR")
        self.expect(PHONE, codes.V_OUT_OF_SCOPE)
        self.expect(PHONE, codes.V_REFUSE_HANDOUT)

    def test_for_whom_does_not_outlive_an_unreadable_tag(self):
        self.scan(CARD_7F3A)
        self.scan(b"GSC-FOR-VISITOR")
        self.scan(b"5901041003004")
        self.expect(PHONE, codes.V_REFUSE_HANDOUT)

    def test_the_sheet_takes_back_for_whom(self):
        self.scan(CARD_7F3A)
        self.scan(b"GSC-FOR-STAFF")
        self.scan(b"GSC-FOR-INMATE")
        self.expect(PHONE, codes.V_REFUSE_HANDOUT)


class TestDoubt(VisitCase):
    def test_no_condition_but_ok_lets_anything_through(self):
        self.scan(CARD_7F3A)
        for condition in range(1, len(judgement.CONDITIONS)):
            self.gate.condition = condition
            self.expect(SPREAD, codes.V_MANUAL_INSPECTION, "§ 30, stk. 1")
            self.expect(RADIO, codes.V_MANUAL_INSPECTION)
            self.expect(VODKA, codes.V_REFUSE_HANDOUT)
            self.scan(b"GSC-FOR-VISITOR")
            self.expect(PHONE, codes.V_MANUAL_INSPECTION)

    def test_without_a_table_every_tag_is_looked_at(self):
        self.gate.use(None, None)
        for code in (SPREAD, VODKA, CARD_7F3A, b"VF-000123", b"GSC-END"):
            step = self.expect(code, codes.V_MANUAL_INSPECTION)
            self.assertEqual(step.judged.outcome.citations, (), "no order is there to be cited")

    def test_an_unreadable_tag_is_looked_at_and_logged_as_such(self):
        for code in (b"", b"\x00", b"5901041003004", b"]d201095060001343" + b"52", b"x" * 600):
            step = self.expect(code, codes.V_MANUAL_INSPECTION)
            self.assertEqual(step.kind, record.JK_TAG_REFUSED)

    def test_a_new_table_ends_the_visit(self):
        self.scan(CARD_7F3A)
        self.gate.use(self.table, self.policy)
        self.assertFalse(self.gate.visit_open)


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
        step = self.gate.press_ok()
        self.assertEqual((step.kind, step.detail), (record.JK_DONE, codes.O_LABEL))
        self.assertEqual(step.screen, system_screen(SCR_SCAN_AGAIN, 0))
        step = self.expect(RADIO, codes.V_ALLOW, "§ 6")
        self.assertTrue(step.judged.flags & record.JF_SEALED)

    def test_the_second_scan_counts_once(self):
        self.scan(RADIO)
        self.seal()
        self.gate.press_ok()
        self.expect(RADIO, codes.V_ALLOW)
        self.expect(RADIO, codes.V_ALLOW_AFTER)

    def test_ok_on_another_screen_confirms_nothing(self):
        for interruption in (b"GSC-END", b"GSC-FOR-VISITOR", b"VF-000127"):
            self.gate.press_back()
            self.scan(RADIO)
            self.seal(b"VF-00012" + {b"GSC-END": b"3", b"GSC-FOR-VISITOR": b"4"}.get(
                interruption, b"5"))
            self.scan(interruption)
            self.assertEqual(self.gate.press_ok().kind, NOT_LOGGED)  # back to the label's screen
            self.assertEqual(self.gate.press_ok().kind, record.JK_DONE)

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
            step = self.gate.press_ok()
            self.assertEqual(step.kind, NOT_LOGGED)
        self.expect(RADIO, codes.V_ALLOW_AFTER)

    def test_a_seal_serves_once(self):
        self.scan(RADIO)
        self.seal()
        self.gate.press_ok()
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
        self.gate.press_ok()
        self.expect(b"3243480007191", codes.V_ALLOW_AFTER, "§ 6")  # a calculator

    def test_back_drops_what_was_begun(self):
        self.scan(RADIO)
        self.seal()
        self.gate.press_ok()
        self.gate.press_back()
        self.expect(RADIO, codes.V_ALLOW_AFTER)

    def test_registering_is_confirmed_after_it_was_read(self):
        self.expect(RING, codes.V_ALLOW_AFTER, "§ 31, stk. 2")
        self.assertEqual(self.gate.press_ok().kind, NOT_LOGGED)
        step = self.gate.press_ok()
        self.assertEqual((step.kind, step.detail), (record.JK_DONE, codes.O_REGISTER))
        self.expect(RING, codes.V_ALLOW, "§ 31, stk. 2")

    def test_a_visit_does_not_end_over_an_open_item(self):
        self.scan(RADIO)
        self.assertEqual(self.scan(b"GSC-END").screen, system_screen(SCR_STEPS_OPEN, 0))
        self.assertTrue(self.gate.visit_open)
        self.gate.press_back()
        self.assertEqual(self.scan(b"GSC-END").kind, record.JK_VISIT_END)


class TestVisits(VisitCase):
    def test_the_next_card_ends_the_visit_before(self):
        self.scan(CARD_7F3A)
        steps = self.gate.scan(rfid.em4100(CARD_C21D))
        self.assertEqual([s.kind for s in steps], [record.JK_VISIT_END, record.JK_VISIT_OPEN])

    def test_an_item_left_open_is_not_judged_under_the_next_inmate(self):
        self.scan(CARD_7F3A)
        self.expect(RADIO, codes.V_ALLOW_AFTER)
        self.assertEqual(self.scan(CARD_C21D).kind, record.JK_VISIT_OPEN)
        self.expect(RADIO, codes.V_REFUSE_HANDOUT, "§ 11")

    def test_duties_of_a_visit_cut_short_stand_on_the_next_screen(self):
        self.scan(CARD_7F3A)
        self.scan(VODKA)
        lines = list(self.scan(CARD_C21D).screen.lines)
        self.assertIn("Gennemgå genstanden", lines)
        while True:
            screen = self.gate.press_ok().screen
            if screen == self.gate.idle_screen():
                break
            lines.extend(screen.lines)
        for line in ("Orienter indsat", "mundtligt", "Skriv notat:", "klagevejledning"):
            self.assertIn(line, lines)

    def test_the_same_card_again_changes_nothing(self):
        self.scan(CARD_7F3A)
        self.scan(VODKA)
        self.assertEqual(self.scan(CARD_7F3A).kind, NOT_LOGGED)
        self.assertTrue(self.gate.visit_open)

    def test_an_end_without_a_visit_is_none(self):
        step = self.scan(b"GSC-END")
        self.assertEqual((step.kind, step.screen), (NOT_LOGGED, self.gate.idle_screen()))

    def test_the_end_names_the_duties_of_the_hand_over(self):
        self.scan(CARD_7F3A)
        self.scan(SPREAD)
        self.scan(VODKA)
        lines = self.scan(b"GSC-END").screen.lines
        self.assertIn("Gennemgå genstanden", lines)

    def test_ids_reach_the_journal_only_as_keyed_hashes(self):
        step = self.scan(CARD_7F3A)
        self.assertEqual(record.tag_gtin(step.tag), 0)
        self.assertFalse(b"\x2a\x00\xc0\xff\xe1" in step.tag)
        self.assertEqual(record.tag_gtin(self.scan(SPREAD).tag), 9800895250)

    def test_buttons_without_anything_begun_are_harmless(self):
        self.assertIsNone(self.gate.press_ok())
        self.assertEqual(self.gate.press_back().kind, NOT_LOGGED)
