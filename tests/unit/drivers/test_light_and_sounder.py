"""Light and sounder as timelines: the pattern on the wire, ticks that wrap, floors that hold."""

import unittest

from gatescan.core.screens.signals import LIGHTS, LOUD_TONES, TONES
from gatescan.drivers.light import Light
from gatescan.drivers.sounder import VOLUME_MAX, Sounder
from gatescan.drivers.ticks import ticks_add, ticks_diff

START = ticks_add(0, -700)  # so that every timeline wraps


class Pixel:
    def __init__(self):
        self.colour = None
        self.shown = None
        self.writes = 0

    def __setitem__(self, index, colour):
        assert index == 0
        self.colour = colour

    def write(self):
        self.shown = self.colour
        self.writes += 1


class Pwm:
    def __init__(self):
        self.hz = 0
        self.duty = None

    def freq(self, hz):
        self.hz = hz

    def duty_u16(self, duty):
        self.duty = duty


def runs_of_light(name, ms, step=10):
    """(lit, ms) runs."""
    pixel = Pixel()
    light = Light(pixel)
    light.show(name, START)
    runs = []
    for t in range(0, ms, step):
        light.tick(ticks_add(START, t))
        lit = pixel.shown != (0, 0, 0)
        if runs and runs[-1][0] == lit:
            runs[-1][1] += step
        else:
            runs.append([lit, step])
    return runs, pixel.writes


def runs_of_tone(name, volume=VOLUME_MAX, step=10):
    pwm = Pwm()
    sounder = Sounder(pwm, volume)
    sounder.play(name, START)
    runs = []
    t = 0
    while sounder.busy:
        hz = pwm.hz if pwm.duty else 0
        if runs and runs[-1][0] == hz:
            runs[-1][1] += step
        else:
            runs.append([hz, step])
        t += step
        sounder.tick(ticks_add(START, t))
    return [tuple(r) for r in runs], pwm.duty


class TestLight(unittest.TestCase):
    def test_patterns_follow_the_table(self):
        for name, entry in LIGHTS.items():
            runs, writes = runs_of_light(name, 8000)
            if entry[4] == 0:
                self.assertEqual(len(runs), 1, name)
                self.assertEqual(writes, 2, name)
            else:
                for lit, ms in runs[:-1]:
                    want = entry[3] if lit else entry[4]
                    self.assertTrue(want <= ms < want + 10, (name, lit, ms))
                self.assertEqual(writes, len(runs) + 1)

    def test_an_unknown_name_is_a_fault_and_never_green(self):
        light = Light(Pixel())
        light.show("nonsense", 0)
        self.assertEqual(light.name, "fault")

    def test_it_starts_dark(self):
        pixel = Pixel()
        Light(pixel)
        self.assertEqual(pixel.shown, (0, 0, 0))


class TestSounder(unittest.TestCase):
    def test_tones_follow_the_table(self):
        for name, steps in TONES.items():
            runs, last = runs_of_tone(name)
            merged = []
            for hz, ms in steps:
                if merged and merged[-1][0] == hz:
                    merged[-1] = (hz, merged[-1][1] + ms)
                else:
                    merged.append((hz, ms))
            self.assertEqual(len(runs), len(merged), name)
            for (hz, ms), (want_hz, want_ms) in zip(runs, merged):
                self.assertEqual(hz, want_hz)
                self.assertTrue(want_ms <= ms <= want_ms + 20, (name, ms, want_ms))
            self.assertEqual(last, 0, name)

    def test_volume_zero_silences_allow_but_no_refusal(self):
        for name in TONES:
            runs, _ = runs_of_tone(name, 0)
            heard = any(hz for hz, _ in runs)
            self.assertEqual(heard, name in LOUD_TONES, name)

    def test_a_late_program_delays_pulses_but_skips_none(self):
        pwm = Pwm()
        sounder = Sounder(pwm)
        sounder.play("refuse", 0)
        pulses = 0
        t = 0
        was = 0
        while sounder.busy:
            if pwm.duty and not was:
                pulses += 1
            was = pwm.duty
            t = ticks_add(t, 400)
            sounder.tick(t)
        self.assertEqual(pulses, 5)

    def test_the_newest_answer_is_heard(self):
        pwm = Pwm()
        sounder = Sounder(pwm)
        sounder.play("report", 0)
        sounder.tick(50)
        sounder.play("allow", 60)
        self.assertEqual(pwm.hz, TONES["allow"][0][0])
        sounder.tick(60 + TONES["allow"][0][1])
        self.assertFalse(sounder.busy)
        self.assertEqual(pwm.duty, 0)

    def test_unknown_and_silent(self):
        pwm = Pwm()
        sounder = Sounder(pwm)
        sounder.play("nonsense", 0)
        self.assertEqual(sounder.name, "fault")
        sounder.play("silent", 0)
        self.assertEqual(pwm.duty, 0)
        self.assertFalse(sounder.busy)
        self.assertEqual(ticks_diff(ticks_add(5, 7), 5), 7)
