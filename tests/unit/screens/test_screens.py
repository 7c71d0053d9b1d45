"""Screens as data: every word and line fits, no doubt reads as clearance, signals differ."""

import unittest

from gatescan.core import codes, screens
from gatescan.core.screens import LANG_DA, LANG_EN, layout, signals
from gatescan.drivers.font6x8 import BOX_AT
from gatescan.drivers.text_plain import glyph_at

LANGS = (LANG_DA, LANG_EN)
SYSTEM = 30
STEPS = (
    ("Sæt plombe på", "genstanden"),
    ("Mærk type og ejer",),
    "Registrer på liste",
    ("Indsat underskriver", "listen"),
)


class TestWords(unittest.TestCase):
    def test_every_screen_fits_and_is_drawable(self):
        for lang in LANGS:
            shown = [screens.system_screen(i, lang) for i in range(SYSTEM)]
            shown += [screens.verdict_screen(v, (), "", (), lang) for v in range(10)]
            self.assertEqual(len(screens.strings(lang).SYSTEM), SYSTEM)
            for screen in shown:
                self.assertTrue(1 <= len(screen.big) <= 7, screen.big)
                self.assertTrue(len(screen.lines) <= layout.ROWS)
                self.assertIn(screen.light, signals.LIGHTS)
                self.assertIn(screen.tone, signals.TONES)
                for text in [screen.big] + list(screen.lines):
                    self.assertTrue(len(text) <= layout.COLUMNS, text)
                    for char in text:
                        self.assertNotEqual(glyph_at(ord(char)), BOX_AT, text)

    def test_words_of_clearance_and_refusal_start_differently(self):
        good = (codes.V_ALLOW, codes.V_ALLOW_AFTER)
        for lang in LANGS:
            words = screens.strings(lang).VERDICTS
            self.assertEqual(len(words), 10)
            self.assertEqual(len(set(words)), 10)
            for a in good:
                for b in range(10):
                    if b != a:
                        self.assertNotEqual(words[a][0], words[b][0], words[b])

    def test_only_allow_has_the_light_and_tone_of_allow(self):
        for verdict in range(-3, 14):
            screen = screens.verdict_screen(verdict, ("x",), "§ 1", (), LANG_DA)
            self.assertEqual(screen.light == "allow", verdict == codes.V_ALLOW)
            self.assertEqual(screen.tone == "allow", verdict == codes.V_ALLOW)
        for which in range(-1, SYSTEM + 3):
            screen = screens.system_screen(which, LANG_EN)
            self.assertNotEqual(screen.light, "allow")
            self.assertNotEqual(screen.tone, "allow")

    def test_a_doubtful_number_reads_as_inspect_by_hand(self):
        for verdict in (-1, 10, 255, 1 << 40):
            screen = screens.verdict_screen(verdict, (), "§ 30, stk. 1", (), LANG_EN)
            self.assertEqual(screen.big, "INSPECT")
        self.assertEqual(screens.system_screen(99, LANG_DA).big, "FEJL")
        self.assertEqual(screens.verdict_screen(1, (), "", (), 7).big, "✓ JA")

    def test_out_of_scope_says_that_it_is_no_clearance(self):
        for lang in LANGS:
            screen = screens.verdict_screen(0, ("x",), "§ 1", (), lang)
            self.assertIn(screens.strings(lang).NO_CLEARANCE, screen.lines)
            self.assertEqual(screen.light, "inspect")

    def test_extra_lines_of_system_screens(self):
        screen = screens.system_screen(screens.SCR_VISIT_OPEN, LANG_DA, ("inmate-7f3a",))
        self.assertEqual(screen.lines, ("Scan genstand", "inmate-7f3a"))
        screen = screens.system_screen(screens.SCR_FAULT, LANG_DA, ("y" * 40,) * 9)
        self.assertEqual(len(screen.lines), layout.ROWS)
        self.assertEqual(screen.lines[-1], "y" * 20 + "…")


class TestPages(unittest.TestCase):
    def page(self, n, rows=5):
        return screens.verdict_screen(2, ("Radio o.l.",), "§ 6, nr. 2", STEPS, LANG_DA, n, rows)

    def test_order_and_page_mark(self):
        self.assertEqual(
            self.page(0).lines,
            ("Radio o.l.", "Sæt plombe på", "genstanden", "Mærk type og ejer",
             "§ 6, nr. 2       1/2…"),
        )  # fmt: skip
        self.assertEqual(
            self.page(1).lines,
            ("Registrer på liste", "Indsat underskriver", "listen", "§ 6, nr. 2        2/2"),
        )
        self.assertEqual(self.page(9), self.page(1))

    def test_a_page_that_is_turned_makes_no_sound(self):
        self.assertEqual(self.page(0).tone, "after")
        self.assertEqual(self.page(1).tone, "silent")
        self.assertEqual(self.page(1).light, "after")

    def test_small_pages_keep_a_step_together(self):
        texts = []
        count = screens.verdict_pages(2, ("Radio o.l.",), "§ 6, nr. 2", STEPS, LANG_DA, 3)
        for n in range(count):
            lines = self.page(n, 3).lines
            self.assertTrue(len(lines) <= 3)
            texts.append(lines[:-1])
        self.assertIn(("Sæt plombe på", "genstanden"), texts)
        self.assertEqual(sum(len(t) for t in texts), 7)

    def test_one_page_shows_the_citation_as_it_is(self):
        screen = screens.verdict_screen(3, ("Ukendt mærke",), "§ 30, stk. 2, 2. pkt.", (), 0)
        self.assertEqual(screen.lines, ("Ukendt mærke", "§ 30, stk. 2, 2. pkt."))
        self.assertEqual(screens.verdict_screen(3, (), "", (), 0).lines, ())

    def test_long_citations_lose_spaces_before_letters(self):
        for citation, want in (
            ("§ 2, stk. 1, nr. 11", "§2, stk.1, nr.11 1/2…"),
            ("§ 30, stk. 2, 2. pkt.", "§30, stk.2, 2.pkt.  …"),
        ):
            screen = screens.verdict_screen(2, ("a",), citation, STEPS, LANG_DA)
            self.assertEqual(screen.lines[-1], want)

    def test_nothing_is_lost_whatever_the_shape(self):
        for blocks in range(7):
            for size in range(1, 7):
                for rows in (0, 2, 3, 4, 5, 9):
                    steps = tuple(
                        tuple("%d.%d" % (b, k) for k in range(size)) for b in range(blocks)
                    )
                    count = screens.verdict_pages(2, ("c",), "§ 1", steps, LANG_DA, rows)
                    seen = []
                    for n in range(count):
                        lines = screens.verdict_screen(2, ("c",), "§ 1", steps, 0, n, rows).lines
                        self.assertTrue(len(lines) <= max(2, min(rows, 5)))
                        seen += lines[:-1]
                    self.assertEqual(seen, ["c"] + [x for s in steps for x in s])


def rhythm(tone):
    """What is left of a tone without pitch: its sounds and pauses in ms."""
    return tuple((hz > 0, ms) for hz, ms in signals.TONES[tone])


class TestSignals(unittest.TestCase):
    def test_lights_differ_without_colour(self):
        """Any two: steady or not, or rate by half as much again, or duty by a quarter."""
        shapes = []
        for name, (_r, _g, _b, on, off) in signals.LIGHTS.items():
            if name != "off":
                shapes.append((name, 1000.0 / (on + off) if off else 0.0, on / (on + off)))
        for i, (name, rate, duty) in enumerate(shapes):
            for other, rate2, duty2 in shapes[:i]:
                apart = abs(duty - duty2) >= 0.25 or max(rate, rate2) >= 1.49 * min(rate, rate2)
                self.assertTrue(apart, (name, other))

    def test_no_light_flashes_at_3_hz_or_more(self):
        for name, entry in signals.LIGHTS.items():
            if entry[4]:
                self.assertTrue(entry[3] + entry[4] > 334, name)

    def test_only_allow_is_steady_and_lit(self):
        steady = [n for n, e in signals.LIGHTS.items() if e[4] == 0 and sum(e[:3])]
        self.assertEqual(steady, ["allow"])

    def test_tones_differ_by_rhythm_alone(self):
        names = list(signals.TONES)
        for i, name in enumerate(names):
            for other in names[:i]:
                self.assertNotEqual(rhythm(name), rhythm(other), (name, other))
                a, b = self.sounds(name), self.sounds(other)
                if a[0] == b[0]:  # as many pulses: then clearly longer, or more than one pitch
                    apart = max(a[1], b[1]) >= 1.5 * min(a[1], b[1]) or a[2] != b[2]
                    self.assertTrue(apart, (name, other))

    def test_pulses_of_the_verdicts(self):
        wanted = (("allow", 1), ("after", 2), ("inspect", 2), ("hold", 2), ("limit", 3))
        wanted += (("refuse", 5), ("report", 10), ("fault", 4))
        for tone, pulses in wanted:
            self.assertEqual(self.sounds(tone)[0], pulses, tone)

    def test_what_is_no_clearance_never_begins_like_it(self):
        first = signals.TONES["allow"][0]
        for name, steps in signals.TONES.items():
            if name not in ("allow", "silent"):
                self.assertNotEqual(steps[0], first, name)
                self.assertTrue(steps[0][0] < first[0], name)

    def test_every_refusal_is_loud(self):
        for verdict in (3, 6, 7, 8, 9):
            tone = screens.verdict_screen(verdict, (), "", (), LANG_DA).tone
            self.assertIn(tone, signals.LOUD_TONES)

    def test_verdicts_that_share_a_light_differ_in_word_and_not_in_danger(self):
        for light in ("allow", "after", "refuse", "report"):
            users = [
                v
                for v in range(10)
                if screens.verdict_screen(v, (), "", (), LANG_DA).light == light
            ]
            self.assertEqual(len(users), 1, light)

    @staticmethod
    def sounds(name):
        steps = [s for s in signals.TONES[name] if s[0]]
        return len(steps), sum(s[1] for s in steps), len({s[0] for s in steps})
