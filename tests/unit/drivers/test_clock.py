"""The clock: right arithmetic, and no time rather than a wrong one."""

import unittest

from gatescan.drivers.clock import Clock, parts_of, utc_of
from gatescan.drivers.ticks import ticks_add

NOW_UTC = 1795262400  # 2026-11-21 12:00:00
START = ticks_add(0, -500)


class Rtc:
    def __init__(self, when):
        self.when = when

    def datetime(self, when=None):
        if when is None:
            return self.when
        self.when = when
        return None


POWER_ON = (2021, 1, 1, 4, 0, 0, 0, 0)  # what the RP2040 shows after a loss of power


class TestArithmetic(unittest.TestCase):
    def test_known_moments(self):
        for utc_s, parts in (
            (0, (1970, 1, 1, 3, 0, 0, 0, 0)),
            (951782400, (2000, 2, 29, 1, 0, 0, 0, 0)),
            (1609459200, POWER_ON),
            (1772323199, (2026, 2, 28, 5, 23, 59, 59, 0)),
            (NOW_UTC, (2026, 11, 21, 5, 12, 0, 0, 0)),
            (4107542400, (2100, 3, 1, 0, 0, 0, 0, 0)),
        ):
            self.assertEqual(parts_of(utc_s), parts)
            self.assertEqual(utc_of(parts), utc_s)

    def test_every_day_of_a_century_round_trips(self):
        before = (0, 0, 0)
        for day in range(0, 47482, 13):
            utc_s = day * 86400 + 86399
            parts = parts_of(utc_s)
            self.assertEqual(utc_of(parts), utc_s)
            self.assertTrue(parts[:3] > before)
            before = parts[:3]


class TestClock(unittest.TestCase):
    def test_a_restarted_clock_is_not_set(self):
        clock = Clock(Rtc(POWER_ON))
        self.assertFalse(clock.is_set)
        self.assertEqual(clock.utc(), 0)

    def test_a_clock_that_ran_on_is_believed(self):
        clock = Clock(Rtc(parts_of(NOW_UTC)))
        self.assertTrue(clock.is_set)
        self.assertEqual(clock.utc(), NOW_UTC)

    def test_setting(self):
        clock = Clock(Rtc(POWER_ON))
        self.assertFalse(clock.set_utc(1609459200, START))
        self.assertFalse(clock.set_utc(5000000000, START))
        self.assertFalse(clock.is_set)
        self.assertTrue(clock.set_utc(NOW_UTC, START))
        self.assertEqual(clock.utc(), NOW_UTC)

    def test_running_time_is_no_loss(self):
        rtc = Rtc(POWER_ON)
        clock = Clock(rtc)
        clock.set_utc(NOW_UTC, START)
        for minute in range(1, 300):
            rtc.when = parts_of(NOW_UTC + minute * 60 + minute % 3 - 1)
            clock.tick(ticks_add(START, minute * 60000))
        self.assertTrue(clock.is_set)

    def test_a_jump_is_a_loss_until_set_again(self):
        for jump in (-3600, 3600, 1609459200 - NOW_UTC):
            rtc = Rtc(POWER_ON)
            clock = Clock(rtc)
            clock.set_utc(NOW_UTC, START)
            rtc.when = parts_of(NOW_UTC + 1 + jump)
            clock.tick(ticks_add(START, 1000))
            self.assertFalse(clock.is_set)
            self.assertEqual((clock.utc(), clock.losses), (0, 1))
            rtc.when = parts_of(NOW_UTC + 2)
            clock.tick(ticks_add(START, 2000))
            self.assertFalse(clock.is_set)
            self.assertTrue(clock.set_utc(NOW_UTC + 3, ticks_add(START, 3000)))
            rtc.when = parts_of(NOW_UTC + 4)
            clock.tick(ticks_add(START, 4000))
            self.assertEqual(clock.utc(), NOW_UTC + 4)
