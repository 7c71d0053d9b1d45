"""Buttons as timelines of pin levels."""

import unittest

from gatescan.drivers.buttons import EV_BACK, EV_BACK_LONG, EV_OK, EV_OK_LONG, Buttons
from gatescan.drivers.ticks import ticks_add

START = ticks_add(0, -1000)


class Pin:
    def __init__(self, level=1):
        self.level = level

    def value(self):
        return self.level


class TestButtons(unittest.TestCase):
    def setUp(self):
        self.build(1, 1)

    def build(self, ok, back):
        self.ok, self.back = Pin(ok), Pin(back)
        self.buttons = Buttons((self.ok, self.back))
        self.t = START

    def run_ms(self, ms, ok=1, back=1):
        self.ok.level, self.back.level = ok, back
        events = []
        for _ in range(0, ms, 10):
            event = self.buttons.tick(self.t)
            if event:
                events.append(event)
            self.t = ticks_add(self.t, 10)
        return events

    def test_a_button_that_is_down_since_the_start_is_jammed_until_it_comes_up(self):
        self.build(0, 1)
        self.assertEqual(self.buttons.jammed(), (True, False))
        self.assertEqual(self.run_ms(1000, ok=0), [])
        self.assertEqual(self.buttons.jammed(), (True, False))
        self.run_ms(100)
        self.assertEqual(self.buttons.jammed(), (False, False))

    def test_one_that_nobody_can_press_so_long_is_jammed(self):
        self.run_ms(100)
        self.run_ms(14_000, back=0)
        self.assertEqual(self.buttons.jammed(), (False, False))
        self.run_ms(2_000, back=0)
        self.assertEqual(self.buttons.jammed(), (False, True))

    def test_short_press_on_release(self):
        self.run_ms(100)
        self.assertEqual(self.run_ms(200, ok=0), [])
        self.assertEqual(self.run_ms(100), [EV_OK])
        self.run_ms(200, back=0)
        self.assertEqual(self.run_ms(100), [EV_BACK])

    def test_long_press_while_held_and_once(self):
        self.run_ms(100)
        self.assertEqual(self.run_ms(3000, ok=0), [EV_OK_LONG])
        self.assertEqual(self.run_ms(100), [])
        self.assertEqual(self.run_ms(1000, back=0), [EV_BACK_LONG])

    def test_bouncing_contacts_make_one_press(self):
        self.run_ms(100)
        events = []
        for k in range(20):
            events += self.run_ms(10, ok=k & 1)
        events += self.run_ms(100, ok=0)
        for k in range(20):
            events += self.run_ms(10, ok=k & 1)
        events += self.run_ms(100)
        self.assertEqual(events, [EV_OK])

    def test_a_glitch_is_nothing(self):
        self.run_ms(100)
        self.assertEqual(self.run_ms(20, ok=0) + self.run_ms(200), [])

    def test_held_at_power_on_does_not_count(self):
        self.build(0, 1)
        self.assertEqual(self.run_ms(2000, ok=0) + self.run_ms(100), [])
        self.run_ms(200, ok=0)
        self.assertEqual(self.run_ms(100), [EV_OK])

    def test_both_at_once_is_no_answer(self):
        self.run_ms(100)
        events = self.run_ms(100, ok=0) + self.run_ms(300, ok=0, back=0)
        events += self.run_ms(1500, ok=0) + self.run_ms(200)
        self.assertEqual(events, [])

    def test_two_releases_in_one_tick_come_one_after_the_other(self):
        # pressed together for less than the debounce of the second: both levels rise at once
        self.run_ms(100)
        self.run_ms(100, ok=0)
        self.assertEqual(self.run_ms(20, ok=0, back=0) + self.run_ms(100), [EV_OK])

    def test_a_jammed_button_is_told(self):
        self.run_ms(100)
        self.run_ms(14000, ok=0)
        self.assertFalse(self.buttons.stuck)
        self.run_ms(2000, ok=0)
        self.assertTrue(self.buttons.stuck)
        self.run_ms(100)
        self.assertFalse(self.buttons.stuck)
