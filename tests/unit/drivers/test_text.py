"""Text drawing: every pixel where the drawing has it, whatever the factor and the place."""

import unittest

from gatescan.drivers import text
from gatescan.drivers.font6x8 import BOX_AT, GLYPHS


def pixel(frame, x, y):
    return frame[(y >> 3) * 128 + x] >> (y & 7) & 1


class TestText(unittest.TestCase):
    def test_a_known_glyph(self):
        frame = bytearray(1024)
        text.draw(frame, "L", 0, 0)
        self.assertEqual(bytes(frame[:6]), b"\x7f\x40\x40\x40\x40\x00")

    def test_stretching_repeats_every_pixel(self):
        for wide in (1, 2, 3, 4):
            for tall in (1, 2, 3, 4):
                frame = bytearray(1024)
                end = text.draw(frame, "gÅ", 3, 2, wide, tall)
                self.assertEqual(end, 3 + 12 * wide)
                for k, char in enumerate("gÅ"):
                    at = text.glyph_at(ord(char))
                    for x in range(5 * wide):
                        for y in range(8 * tall):
                            self.assertEqual(
                                pixel(frame, 3 + 6 * wide * k + x, 16 + y),
                                GLYPHS[at + x // wide] >> (y // tall) & 1,
                                (wide, tall, x, y),
                            )

    def test_clipping_on_every_side_keeps_the_rest(self):
        whole = bytearray(1024)
        text.draw(whole, "W", 30, 3, 3, 2)
        for dx in range(-60, 140, 7):
            for page in range(-4, 10):
                frame = bytearray(1024)
                text.draw(frame, "W", dx, page, 3, 2)
                for x in range(0, 128, 3):
                    for y in range(0, 64, 5):
                        sx, sy = x - dx + 30, y - (page - 3) * 8
                        want = pixel(whole, sx, sy) if 30 <= sx < 45 and 24 <= sy < 40 else 0
                        self.assertEqual(pixel(frame, x, y), want)

    def test_unknown_characters_are_boxes(self):
        for char in ("中", "\x00", "\x7f", "€", "\n"):
            frame = bytearray(1024)
            text.draw(frame, char, 0, 0)
            self.assertEqual(bytes(frame[:5]), GLYPHS[BOX_AT : BOX_AT + 5])

    def test_danish_letters_and_signs_are_not_boxes(self):
        for char in "ÆØÅæøå§éÉ–…·✓✕✋‖":
            self.assertNotEqual(text.glyph_at(ord(char)), BOX_AT, char)

    def test_flipped_text_is_the_complement(self):
        a = bytearray(1024)
        b = bytearray(1024)
        for wide, tall in ((1, 1), (3, 3)):
            text.draw(a, "N", 10, 1, wide, tall)
            text.draw(b, "N", 10, 1, wide, tall, 0xFF)
            for row in range(tall):
                for x in range(10, 10 + 5 * wide):
                    self.assertEqual(a[(1 + row) * 128 + x] ^ b[(1 + row) * 128 + x], 0xFF)

    def test_fill_stays_on_the_panel(self):
        frame = bytearray(1024)
        text.fill(frame, 6, 9, 0xFF)
        self.assertEqual(bytes(frame), bytes(768) + b"\xff" * 256)
        text.fill(frame, -3, 20, 0)
        self.assertEqual(bytes(frame), bytes(1024))

    def test_glyphs_differ_from_each_other(self):
        seen = {}
        for code in list(range(32, 127)) + [ord(c) for c in "ÆØÅæøå§éÉ–…·→↑↓✓✕✋‖"]:
            at = text.glyph_at(code)
            columns = GLYPHS[at : at + 5]
            self.assertNotIn(columns, seen, chr(code))
            seen[columns] = code
