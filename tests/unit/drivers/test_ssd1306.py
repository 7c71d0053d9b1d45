"""The panel driver against a model that understands the commands."""

import unittest

from gatescan.core.screens import LANG_DA, verdict_screen
from gatescan.drivers.display import Display, compose
from gatescan.drivers.ssd1306 import Ssd1306
from unit.drivers.ssd1306_model import Ssd1306Model


class TestSsd1306(unittest.TestCase):
    def setUp(self):
        self.model = Ssd1306Model()
        self.panel = Ssd1306(self.model)

    def test_the_picture_arrives_and_only_then_the_panel_lights(self):
        for i in range(1024):
            self.panel.buffer[i] = i * 7 & 0xFF
        self.assertTrue(self.panel.show())
        self.assertEqual(bytes(self.model.memory), bytes(self.panel.buffer))
        self.assertTrue(self.model.on)
        self.assertTrue(self.model.charge_pump)

    def test_a_panel_that_was_away_comes_back(self):
        self.model.away = True
        self.assertFalse(self.panel.show())
        self.model.away = False
        self.panel.buffer[5] = 0x55
        self.assertTrue(self.panel.show())
        self.model.away = True
        self.assertFalse(self.panel.show())
        self.model.power_cycle()
        self.model.away = False
        self.assertTrue(self.panel.show())
        self.assertTrue(self.model.on)
        self.assertEqual(self.model.memory[5], 0x55)
        self.assertEqual(self.panel.errors, 2)

    def test_a_loss_of_power_that_nobody_saw(self):
        """The panel acknowledges, but is dark, without charge pump and in another mode."""
        self.panel.buffer[700] = 0x55
        self.panel.show()
        self.model.power_cycle()
        self.assertTrue(self.panel.show())
        self.assertTrue(self.model.on and self.model.charge_pump and self.model.horizontal)
        self.assertEqual(bytes(self.model.memory), bytes(self.panel.buffer))

    def test_a_panel_in_use_is_not_switched_off_by_the_next_picture(self):
        self.panel.show()
        sent = []
        take = self.model.writeto
        self.model.writeto = lambda addr, buf: sent.append(bytes(buf)) or take(addr, buf)
        self.panel.show()
        self.assertFalse(b"\x00\xae" in [data[:2] for data in sent])

    def test_a_bus_that_was_opened_anew(self):
        self.assertFalse(self.panel.answers)
        self.panel.show()
        self.assertTrue(self.panel.answers)
        self.model.away = True
        self.panel.show()
        self.assertFalse(self.panel.answers)
        other = Ssd1306Model()
        self.panel.reopen(other)
        self.panel.buffer[3] = 9
        self.assertTrue(self.panel.show())
        self.assertEqual((other.memory[3], other.on), (9, True))

    def test_a_disturbed_pointer_heals_with_the_next_picture(self):
        self.panel.show()
        self.model.column, self.model.page = 77, 3
        self.panel.buffer[0] = 1
        self.panel.show()
        self.assertEqual(bytes(self.model.memory), bytes(self.panel.buffer))

    def test_settings_survive_a_power_cut_of_the_panel(self):
        self.panel.show()
        self.assertTrue(self.panel.contrast(300))
        self.assertTrue(self.panel.invert(True))
        self.assertEqual((self.model.contrast, self.model.inverse), (255, True))
        self.model.away = True
        self.panel.show()
        self.model.power_cycle()
        self.model.away = False
        self.panel.show()
        self.assertEqual((self.model.contrast, self.model.inverse), (255, True))

    def test_power(self):
        self.assertTrue(self.panel.power(True))
        self.assertTrue(self.model.on)
        self.assertTrue(self.panel.power(False))
        self.assertFalse(self.model.on)

    def test_a_screen_reaches_the_glass(self):
        screen = verdict_screen(8, ("Mobiltelefon o.l.",), "§ 2, stk. 1, nr. 11", (), LANG_DA)
        self.assertTrue(Display(self.panel).show(screen))
        frame = bytearray(1024)
        compose(frame, screen)
        self.assertEqual(self.model.memory, frame)
        self.assertEqual(frame[0], 0xFF)  # a refusal stands on a lit bar
        self.assertNotEqual(sum(frame[512:]), 0)
