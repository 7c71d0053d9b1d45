"""The strict JSON reader."""

import unittest

from gatescan.core.law import strict_json as sj


class TestStrictJson(unittest.TestCase):
    def test_values(self):
        self.assertEqual(sj.loads(' "a\\u00e5\\n\\"" '), 'aå\n"')
        self.assertEqual(sj.loads("[1, -20, 0, true, false, null, []]"),
                         [1, -20, 0, True, False, None, []])
        self.assertEqual(sj.loads('{"b": 1, "a": {"c": []}}').pairs[0], ("b", 1))
        self.assertEqual(sj.loads('"\\ud83d\\ude00"'), "\U0001f600")
        self.assertIs(sj.loads("1.0"), sj.FRACTION)
        self.assertIs(sj.loads("1e400"), sj.FRACTION)
        self.assertIs(sj.loads("9" * 5000), sj.HUGE)
        self.assertEqual(sj.loads("-" + "9" * 18), -999999999999999999)

    def test_what_is_not_json_is_refused(self):
        for text in ("", " ", "{}x", "{} {}", "[1 2]", "[1,]", "{1: 2}", "{'a': 1}", '{"a" 1}',
                     '{"a": 1,}', '{"a"}', '{"a":1,"a":2}', "NaN", "Infinity", "-", "+1", "01",
                     "1.", ".5", "1e", "tru", "nul", '"', '"a\nb"', '"\\x"', '"\\u12"',
                     '"\\u12g4"', '"\\ud800"', '"\\udc00"', '"\\ud800\\u0041"',
                     "[" * 9 + "]" * 9, "[", "{",
                     '{"a":', "\x00", "[1,,2]", "/**/1", "\ufeff{}", "\u0660"):
            with self.subTest(text):
                self.assertRaises(sj.JsonError, sj.loads, text)

    def test_a_quoted_text_reads_back(self):
        for text in ("", "§ 2, stk. 1", 'a"\\b', "\n\t\x7f\x00", "\U0001f600"):
            self.assertEqual(sj.loads(sj.quote(text)), text)
