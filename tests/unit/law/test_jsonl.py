"""One line of `rules eval` on a small made-up order that covers visits only."""

import unittest

from gatescan.core.law import jsonl
from gatescan.core.law.policy import Policy
from unit.law.tiny_policy import TINY

_VISIT = '"institution":"open_prison","channel":"visit"'


class TestLine(unittest.TestCase):
    def setUp(self):
        self.policy = Policy(TINY)

    def answer(self, line):
        return jsonl.evaluate_line(self.policy, line)

    def facts(self, text):
        return self.answer('{"id":1,"facts":{' + _VISIT + "," + text + "}}")

    def test_an_answer(self):
        self.assertEqual(self.answer(
            '{"id":"å\\n","why":7,"facts":{' + _VISIT + ',"category":"tv","item_name":"x"}}'), (
            '{"id": "å\\u000a", "verdict": "allow_after", "authority": null, '
            '"obligations": ["SEAL"], "cit": ["§ 6"], "session": ["EXAMINE"]}', True))

    def test_null_and_absent_facts_have_their_defaults(self):
        plain = self.facts('"category":"tv"')
        self.assertTrue(plain[1])
        self.assertEqual(self.facts('"category":"tv","sealed":null,"policy":null,"power":null'),
                         plain)

    def test_a_line_that_cannot_be_evaluated_says_why(self):
        line, ok = self.answer("nonsense")
        self.assertFalse(ok)
        self.assertEqual(line, (
            '{"id": null, "verdict": "manual_inspection", "authority": null, "obligations": [], '
            '"cit": ["§ 30, stk. 1"], "session": [], '
            '"error": "The line is not JSON: a value was expected at character 1."}'))

    def test_wrong_facts(self):
        for text, said in (
                ('"category":"tvv"', "category has no code"),
                ('"category":7', "must be a code in quotes"),
                ('"sealed":false', "category is missing"),
                ('"category":"tv","sealed":1', "sealed must be true or false"),
                ('"category":"tv","sealed":true,"seal_broken":true', "sealed and seal_broken"),
                ('"category":"cash","amount_dkk":-1', "must not be negative"),
                ('"category":"cash","amount_dkk":true', "must be a whole number"),
                ('"category":"cash","amount_dkk":1.0', "must be a whole number"),
                ('"category":"cash","amount_dkk":' + "9" * 19, "more than 18 digits"),
                ('"category":"tv","colour":"red"', "There is no fact"),
                ('"category":"tv","policy.cash_limit":5', "There is no fact"),
                ('"category":"tv","policy":{"x":1}', "There is no fact"),
                ('"category":"tv","policy":[]', "policy must be an object"),
                ('"category":"tv","policy":{"house_ban":"tv"}', "a list of category codes"),
                ('"category":"tv","policy":{"house_ban":["x"]}', "has no code"),
                ('"category":"tv","permission":{"status":"granted"}', "needs by"),
                ('"category":"tv","transitional":{"permit_date":"2007-02-29"}', "YYYY-MM-DD"),
                ('"category":"tv","transitional":{"permit_date":"2007-2-2"}', "YYYY-MM-DD"),
                ('"category":"tv","bulky":true', "no rule for the fact bulky"),
                ('"category":"tv","item_name":3', "item_name must be a text")):
            line, ok = self.facts(text)
            self.assertFalse(ok, text)
            self.assertIn(said, line)
            self.assertIn('"id": 1, "verdict": "manual_inspection"', line)

    def test_a_channel_without_rules_is_never_allowed(self):
        line, ok = self.answer(
            '{"facts":{"institution":"open_prison","channel":"mail","category":"general"}}')
        self.assertFalse(ok)
        self.assertIn("no rules for the channel mail yet", line)

    def test_huge_lines_and_odd_ids(self):
        self.assertFalse(self.answer(" " * 65537)[1])
        for name in ("1.5", "true", "[]", "{}", "9" * 19):
            line, ok = self.answer('{"id":%s,"facts":{}}' % name)
            self.assertFalse(ok)
            self.assertIn('{"id": null', line)
