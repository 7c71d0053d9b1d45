"""The guard's workflow on a real table of the demo site: items, doubts, visits."""

from gatescan.core import codes, judgement
from gatescan.core.answers import NOT_LOGGED
from gatescan.core.journal import record
from gatescan.core.screens import SCR_NO_VISIT, system_screen
from gatescan.core.tags import em4100
from table_on_disk import command
from visit_case import (
    BROKEN_SEAL,
    CARD_09BE,
    CARD_7F3A,
    CARD_C21D,
    OWN_RADIO,
    PHONE,
    PLAYER,
    RADIO,
    RING,
    SPREAD,
    VODKA,
    VisitCase,
)


class TestItems(VisitCase):
    def test_verdicts_of_a_visit(self):
        self.assertEqual(self.scan(CARD_7F3A).kind, record.JK_VISIT_OPEN)
        self.expect(SPREAD, codes.V_ALLOW, "§ 1, stk. 1, 1. pkt.")
        self.expect(VODKA, codes.V_REFUSE_HANDOUT, "§ 2, stk. 1, nr. 3")
        self.expect(b"4006381333931", codes.V_MANUAL_INSPECTION, "§ 30, stk. 1")
        self.expect(command("DKK500"), codes.V_TO_ACCOUNT, "§ 22, stk. 2")
        self.expect(command("CAT04"), codes.V_REFUSE_HANDOUT, "§ 2, stk. 1, nr. 4")

    def test_cash_without_an_amount_is_counted_by_hand(self):
        self.scan(CARD_7F3A)
        self.expect(command("CAT31"), codes.V_MANUAL_INSPECTION, "§ 23, stk. 1")

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
        for code in (SPREAD, RADIO, RING, command("CAT33")):
            step = self.expect(code, codes.V_MANUAL_INSPECTION, "§ 30, stk. 1")
            self.assertEqual(step.screen, system_screen(SCR_NO_VISIT, 0))
        self.expect(VODKA, codes.V_REFUSE_HANDOUT, "§ 2, stk. 1, nr. 3")
        self.scan(command("VISITOR"))
        self.expect(PHONE, codes.V_OUT_OF_SCOPE)

    def test_unknown_restrictions_hold_for_police_or_court(self):
        self.scan(CARD_09BE)
        step = self.expect(SPREAD, codes.V_HOLD_FOR_DECISION, "§ 1, stk. 2, 2. pkt.")
        self.assertEqual(step.judged.outcome.authority, codes.A_POLICE_OR_COURT)

    def test_the_visitors_own_thing_is_out_of_scope_once(self):
        self.scan(CARD_7F3A)
        self.scan(command("VISITOR"))
        self.expect(PHONE, codes.V_OUT_OF_SCOPE)
        self.expect(PHONE, codes.V_REFUSE_HANDOUT)

    def test_for_whom_does_not_outlive_an_unreadable_tag(self):
        self.scan(CARD_7F3A)
        self.scan(command("VISITOR"))
        self.scan(b"5901041003004")
        self.expect(PHONE, codes.V_REFUSE_HANDOUT)

    def test_the_sheet_takes_back_for_whom(self):
        self.scan(CARD_7F3A)
        self.scan(command("STAFF"))
        self.scan(command("INMATE"))
        self.expect(PHONE, codes.V_REFUSE_HANDOUT)


class TestDoubt(VisitCase):
    def test_no_condition_but_ok_lets_anything_through(self):
        self.scan(CARD_7F3A)
        for condition in range(1, len(judgement.CONDITIONS)):
            self.gate.condition = condition
            self.expect(SPREAD, codes.V_MANUAL_INSPECTION, "§ 30, stk. 1")
            self.expect(RADIO, codes.V_MANUAL_INSPECTION)
            self.expect(VODKA, codes.V_REFUSE_HANDOUT)
            self.scan(command("VISITOR"))
            self.expect(PHONE, codes.V_MANUAL_INSPECTION)

    def test_without_a_table_every_tag_is_looked_at(self):
        self.gate.use(None, None)
        for code in (SPREAD, VODKA, CARD_7F3A, b"VF-000123", command("END")):
            step = self.expect(code, codes.V_MANUAL_INSPECTION)
            self.assertEqual(step.judged.outcome.citations, (), "no order is there to be cited")

    def test_an_unreadable_tag_is_looked_at_and_logged_as_such(self):
        for code in (b"", b"\x00", b"5901041003004", b"]d20109506000134353", b"x" * 600):
            step = self.expect(code, codes.V_MANUAL_INSPECTION)
            self.assertEqual(step.kind, record.JK_TAG_REFUSED)

    def test_a_new_table_ends_the_visit(self):
        self.scan(CARD_7F3A)
        self.gate.use(self.table, self.policy)
        self.assertFalse(self.gate.visit_open)


class TestVisits(VisitCase):
    def test_the_next_card_ends_the_visit_before(self):
        self.scan(CARD_7F3A)
        steps = self.gate.scan(em4100.read(CARD_C21D))
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
            screen = self.ok().screen
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
        step = self.scan(command("END"))
        self.assertEqual((step.kind, step.screen), (NOT_LOGGED, self.gate.idle_screen()))

    def test_the_end_names_the_duties_of_the_hand_over(self):
        self.scan(CARD_7F3A)
        self.scan(SPREAD)
        self.scan(VODKA)
        lines = self.scan(command("END")).screen.lines
        self.assertIn("Gennemgå genstanden", lines)

    def test_ids_reach_the_journal_only_as_keyed_hashes(self):
        step = self.scan(CARD_7F3A)
        self.assertEqual(record.tag_gtin(step.tag), 0)
        self.assertFalse(b"\x2a\x00\xc0\xff\xe1" in step.tag)
        self.assertEqual(record.tag_gtin(self.scan(SPREAD).tag), 9800895250)

    def test_buttons_without_anything_begun_are_harmless(self):
        self.assertEqual(self.gate.press_ok(), [])
        self.assertEqual(self.gate.press_back().kind, NOT_LOGGED)
