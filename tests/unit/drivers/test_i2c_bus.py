"""A bus that is held in the middle of a byte is let go."""

import unittest

from gatescan.drivers import i2c_bus


class Held:
    """SDA and SCL with a device that lets SDA go after `left` more clocks."""

    def __init__(self, left):
        self.left = left
        self.clocks = 0
        self.slept_us = 0
        self._scl = 1

    def sda(self):
        return 1 if self.left <= 0 else 0

    def scl(self, level):
        if level and not self._scl:
            self.left -= 1
            self.clocks += 1
        self._scl = level

    def sleep_us(self, us):
        self.slept_us += us


class TestFree(unittest.TestCase):
    def _free(self, bus):
        return i2c_bus.free(bus.sda, bus.scl, bus.sleep_us)

    def test_a_free_bus_is_left_alone(self):
        bus = Held(0)
        self.assertTrue(self._free(bus))
        self.assertEqual((bus.clocks, bus.slept_us), (0, 0))

    def test_it_clocks_as_long_as_the_device_holds(self):
        for left in range(1, 10):
            bus = Held(left)
            self.assertTrue(self._free(bus))
            self.assertEqual(bus.clocks, left)
            self.assertEqual(bus.slept_us, 10 * left)

    def test_a_short_circuit_ends(self):
        bus = Held(1000)
        self.assertFalse(self._free(bus))
        self.assertEqual(bus.clocks, 9)
