"""The engine on a small made-up order, the same on CPython and MicroPython."""

import struct
import unittest
from binascii import crc32

from gatescan.core import codes
from gatescan.core.law import citation, facts
from gatescan.core.law.policy import Policy, PolicyError
from unit.law.tiny_policy import TINY

_ALCOHOL = 3
_TV = 19


def ask(policy, category=codes.C_GENERAL, institution=codes.I_OPEN_PRISON, **changes):
    vector = facts.defaults()
    vector[facts.F_INSTITUTION] = institution
    vector[facts.F_CHANNEL] = codes.CH_VISIT
    vector[facts.F_CATEGORY] = category
    for name, value in changes.items():
        vector[getattr(facts, name)] = value
    return policy.evaluate(vector)


def cited(outcome):
    return [citation.format(packed) for packed in outcome.citations]


class TestPolicy(unittest.TestCase):
    def setUp(self):
        self.policy = Policy(TINY)

    def test_head(self):
        self.assertEqual(self.policy.order_id, "tiny")
        self.assertEqual(self.policy.valid_from, 20200101)
        self.assertEqual(self.policy.valid_to, 20291231)

    def test_nothing_bites(self):
        outcome = ask(self.policy)
        self.assertEqual(outcome.verdict, codes.V_ALLOW)
        self.assertEqual(cited(outcome), ["§ 1, stk. 1, 1. pkt."])
        self.assertEqual(outcome.session, (codes.O_EXAMINE,))

    def test_a_rule_that_stands_alone_gives_way(self):
        outcome = ask(self.policy, _TV)
        self.assertEqual(outcome.verdict, codes.V_ALLOW_AFTER)
        self.assertEqual(cited(outcome), ["§ 6"])
        self.assertEqual(outcome.obligations, (codes.O_SEAL,))

    def test_the_most_restrictive_wins_and_the_first_is_cited_first(self):
        outcome = ask(self.policy, _ALCOHOL, F_ORDER11=True)
        self.assertEqual(outcome.verdict, codes.V_REFUSE_HANDOUT)
        self.assertEqual(cited(outcome), ["§ 9", "§ 11"])

    def test_scope_ends_the_search(self):
        outcome = ask(self.policy, _ALCOHOL, F_FOR_WHOM=1)
        self.assertEqual(outcome.verdict, codes.V_OUT_OF_SCOPE)
        self.assertEqual(outcome.session, ())

    def test_a_mark_keeps_a_duty_away(self):
        self.assertEqual(ask(self.policy, F_ORDER11=True).obligations, (codes.O_STORE_REG,))
        self.assertEqual(ask(self.policy, _ALCOHOL).obligations,
                         (codes.O_STORE_REG, codes.O_OFFER_SEND))

    def test_switches_have_the_order_s_default_until_the_institution_says_otherwise(self):
        pension = ask(self.policy, _ALCOHOL, codes.I_PENSION)
        self.assertEqual(pension.verdict, codes.V_ALLOW)
        own = ask(self.policy, _ALCOHOL, F_POLICY_HOUSE_BAN=facts.NO_CATEGORY)
        self.assertEqual(own.verdict, codes.V_ALLOW)
        self.assertEqual(ask(self.policy, _ALCOHOL, F_POLICY_HOUSE_BAN=1 << _ALCOHOL).verdict,
                         codes.V_REFUSE_HANDOUT)

    def test_sums_and_limits(self):
        for amount, held, verdict in ((1000, 2000, codes.V_ALLOW),
                                      (1000, 2001, codes.V_LIMIT_EXCEEDED),
                                      (1001, 0, codes.V_LIMIT_EXCEEDED), (None, 9, codes.V_ALLOW),
                                      (1 << 80, 0, codes.V_LIMIT_EXCEEDED)):
            outcome = ask(self.policy, codes.C_CASH, F_AMOUNT_DKK=amount, F_HELD_DKK=held)
            self.assertEqual(outcome.verdict, verdict)

    def test_unknown_is_never_allowed_where_it_matters(self):
        self.assertEqual(ask(self.policy, codes.C_CASH, F_AMOUNT_DKK=5, F_HELD_DKK=None).verdict,
                         codes.V_MANUAL_INSPECTION)
        self.assertEqual(ask(self.policy, F_POWER=None).verdict, codes.V_MANUAL_INSPECTION)
        self.assertEqual(ask(self.policy, F_FOR_WHOM=None).verdict, codes.V_MANUAL_INSPECTION)
        held = ask(self.policy, F_ORDER11=None)
        self.assertEqual(held.verdict, codes.V_HOLD_FOR_DECISION)
        self.assertEqual(held.authority, codes.A_HEAD_OF_INSTITUTION)
        self.assertEqual(held.obligations, (codes.O_ASK_HEAD,))
        self.assertEqual(cited(held), ["§ 11"])
        self.assertEqual(ask(self.policy, F_GROUND=None, F_REGISTERED_TO=2).verdict, codes.V_ALLOW)

    def test_a_hold_names_who_decides(self):
        outcome = ask(self.policy, F_REGISTERED_TO=2, F_GROUND=0)
        self.assertEqual(outcome.authority, codes.A_HEAD_OF_INSTITUTION)
        self.assertEqual(outcome.obligations, (codes.O_ASK_HEAD,))

    def test_nonsense_is_inspected_by_hand(self):
        for changes in ({"F_ORDER11": 3}, {"F_ORDER11": "x"}, {"F_HELD_DKK": 1.5}, {"F_POWER": -1},
                        {"F_HELD_DKK": -1}, {"F_POLICY_HOUSE_BAN": b""},
                        {"F_FOR_WHOM": 1.5}):
            outcome = ask(self.policy, codes.C_CASH, F_AMOUNT_DKK=1, **changes)
            self.assertEqual(outcome, self.policy.unsure)
        for place in (-1, 34, None, "x", 1.0, True):
            self.assertEqual(ask(self.policy, place), self.policy.unsure)
        self.assertEqual(self.policy.evaluate([]), self.policy.unsure)
        self.assertEqual(cited(self.policy.unsure), ["§ 30, stk. 1"])

    def test_one_evaluation_leaves_nothing_to_the_next(self):
        first = ask(self.policy)
        ask(self.policy, _ALCOHOL, F_ORDER11=True)
        ask(self.policy, _TV, F_POWER=-1)
        self.assertEqual(ask(self.policy), first)

    def test_damaged_bytes_are_refused(self):
        for at in range(len(TINY)):
            data = bytearray(TINY)
            data[at] ^= 0x10
            self.assertRaises(PolicyError, Policy, bytes(data))
        for size in (0, 3, 80, len(TINY) - 1):
            self.assertRaises(PolicyError, Policy, TINY[:size])
        self.assertRaises(PolicyError, Policy, TINY + b"\0")

    def test_an_order_with_a_good_checksum_that_contradicts_itself(self):
        end = len(TINY) - 4
        refused = 0
        for at in range(end):
            for flip in (0x80, 0xFF):
                data = bytearray(TINY)
                data[at] ^= flip
                data[end:] = struct.pack(">I", crc32(data[:end]))
                try:
                    Policy(bytes(data))
                except PolicyError:
                    refused += 1
        self.assertTrue(refused > 50, refused)
