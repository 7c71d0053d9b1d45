"""Text drawing: every pixel where the drawing has it, whatever the factor and the place."""

import unittest

from gatescan.drivers import text, text_plain
from gatescan.drivers.font6x8 import BOX_AT, EXTRA_AT, FIRST, GLYPHS
from gatescan.drivers.text_plain import glyph_at

try:
    from gatescan.drivers import text_viper
except (ImportError, SyntaxError, ValueError, AttributeError):
    text_viper = None  # CPython has no viper


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
                    at = glyph_at(ord(char))
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
            self.assertNotEqual(glyph_at(ord(char)), BOX_AT, char)

    def test_flipped_text_is_the_complement(self):
        a = bytearray(1024)
        b = bytearray(1024)
        for wide, tall in ((1, 1), (3, 3)):
            text.draw(a, "N", 10, 1, wide, tall)
            text.draw(b, "N", 10, 1, wide, tall, 0xFF)
            for row in range(tall):
                for x in range(10, 10 + 5 * wide):
                    self.assertEqual(a[(1 + row) * 128 + x] ^ b[(1 + row) * 128 + x], 0xFF)

    def test_the_font_lies_as_the_viper_code_takes_it(self):
        self.assertEqual((FIRST, BOX_AT, EXTRA_AT), (32, 95 * 5, 480))

    def test_viper_and_bytecode_draw_the_same(self):
        if text_viper is None:
            self.skipTest("This interpreter has no viper; MicroPython runs this test.")
        texts = ("", "MANUEL", "Ærø §2–…", "✕ NEJ", "中€\x00\x7f\n𝄞!", "W" * 30)
        for words in texts:
            raw = words.encode()
            for wide in (1, 2, 3, 4):
                for tall in (1, 2, 3, 4):
                    for x, page, flip in ((1, 0, 0), (-40, -1, 0xFF), (90, 6, 0), (300, 9, 0xFF)):
                        style = wide | tall << 4 | flip << 8
                        a, b = bytearray(b"\x5a" * 1024), bytearray(b"\x5a" * 1024)
                        ends = []
                        for draw, frame in ((text_plain.draw_text, a), (text_viper.draw_text, b)):
                            ends.append(
                                draw(frame, GLYPHS, len(GLYPHS), raw, len(raw), x, page, style)
                            )
                        self.assertEqual(ends[0], ends[1], (words, wide, tall, x))
                        self.assertEqual(bytes(a), bytes(b), (words, wide, tall, x, page))

    def test_fill_stays_on_the_panel(self):
        frame = bytearray(1024)
        text.fill(frame, 6, 9, 0xFF)
        self.assertEqual(bytes(frame), bytes(768) + b"\xff" * 256)
        text.fill(frame, -3, 20, 0)
        self.assertEqual(bytes(frame), bytes(1024))

    def test_glyphs_differ_from_each_other(self):
        seen = {}
        for code in list(range(32, 127)) + [ord(c) for c in "ÆØÅæøå§éÉ–…·→↑↓✓✕✋‖"]:
            at = glyph_at(code)
            columns = GLYPHS[at : at + 5]
            self.assertNotIn(columns, seen, chr(code))
            seen[columns] = code
