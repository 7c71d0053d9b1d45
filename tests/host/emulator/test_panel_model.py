"""The panel's model against the firmware's own driver, and the text read back from pixels."""

import random
from pathlib import Path

import pytest

from emulated_pico.models import panel_text
from emulated_pico.models.ssd1306 import HEIGHT, WIDTH, Ssd1306Memory
from gatescan.core.screens import Screen
from gatescan.drivers.display import Display
from gatescan.drivers.ssd1306 import Ssd1306


class Wire:
    """Carries the driver's transfers to the model."""

    def __init__(self) -> None:
        self.chip = Ssd1306Memory()
        self.plugged = True

    def writeto(self, addr: int, buf: bytes | bytearray) -> int:
        if addr != 0x3C or not self.plugged:
            raise OSError(5)
        self.chip.begin()
        for value in buf:
            self.chip.write(value)
        return len(buf)

    def pixels(self) -> list[list[int]]:
        return [[self.chip.pixel(x, y) for x in range(WIDTH)] for y in range(HEIGHT)]


@pytest.fixture
def wire() -> Wire:
    return Wire()


@pytest.mark.parametrize("light", ["ok", "stop"])
@pytest.mark.parametrize(
    ("big", "lines"),
    [
        ("OK", ("Udlevér nu", "§ 12, stk. 3")),
        ("MANUEL", ("Ingen regler her:", "undersøg i hånden")),
        ("STOP", ("en", "to", "tre", "fire")),
        ("FORSEGLES", ("Æble, ØL & ål: 100 %", "(a) [b] {c} |d|", "x = y * 2 / 3 - 1")),
        ("", ("kun linjer", 'anden "linje"')),
        ("1", ()),
    ],
)
def test_text_is_read_back_as_it_was_drawn(
    wire: Wire, big: str, lines: tuple[str, ...], light: str
) -> None:
    assert Display(Ssd1306(wire)).show(Screen(big, lines, light, "silent"))
    assert panel_text.read(wire.pixels()) == [line for line in (big, *lines) if line]


def test_any_text_of_the_font_is_read_back(wire: Wire, rng: random.Random) -> None:
    display = Display(Ssd1306(wire))
    # Characters whose picture another one has too cannot be told apart from it.
    letters = sorted(set(panel_text.glyphs().values()) - {panel_text.UNREADABLE, " "})
    for _ in range(60):
        lines = tuple(
            "".join(rng.choices(letters, k=rng.randint(2, 20))) for _ in range(rng.randint(1, 5))
        )
        big = "".join(rng.choices("ABCDEFGHIJKLMNOPQRSTUVWXYZÆØÅ", k=rng.randint(2, 7)))
        display.show(Screen(big, lines, "ok", "silent"))
        shown = panel_text.read(wire.pixels())
        assert shown[0] == big
        for line, found in zip(lines, shown[1:], strict=True):
            # A line may begin with a glyph that is another one moved to the side, such as ( and [.
            assert found[1:] == line[1:], (line, found)


def test_what_is_no_text_is_told(wire: Wire) -> None:
    driver = Ssd1306(wire)
    driver.buffer[10:20] = bytes(range(0x91, 0x9B))
    driver.show()
    assert panel_text.read(wire.pixels()) == [panel_text.UNREADABLE]


def test_the_panel_is_dark_until_it_is_lit_and_then_shows_no_noise(wire: Wire) -> None:
    assert not any(map(any, wire.pixels()))
    noise = bytes(wire.chip.memory)
    assert any(noise), "the memory is noise after power-on"
    driver = Ssd1306(wire)
    driver.buffer[0] = 0x01
    assert driver.show()
    pixels = wire.pixels()
    assert pixels[0][0] == 1
    assert sum(map(sum, pixels)) == 1
    driver.power(False)
    assert not any(map(any, wire.pixels()))


def test_contrast_inverse_and_orientation(wire: Wire) -> None:
    driver = Ssd1306(wire)
    driver.show()
    driver.contrast(17)
    assert wire.chip.contrast == 17
    driver.invert(True)
    assert all(map(all, wire.pixels()))
    driver.invert(False)
    driver.buffer[0] = 0x01
    driver.show()
    wire.writeto(0x3C, bytes((0x00, 0xA0, 0xC0)))  # mounted the other way round
    assert wire.pixels()[HEIGHT - 1][WIDTH - 1] == 1


def test_a_window_is_filled_and_begins_anew(wire: Wire) -> None:
    driver = Ssd1306(wire)
    driver.show()
    before = wire.chip.pictures
    # columns 3 to 5 of pages 2 and 3, then nine bytes: the last three start over
    wire.writeto(0x3C, bytes((0x00, 0x21, 3, 5, 0x22, 2, 3)))
    wire.writeto(0x3C, bytes((0x40, 1, 2, 3, 4, 5, 6, 7, 8, 9)))
    rows = [bytes(wire.chip.memory[page * WIDTH + 2 : page * WIDTH + 7]) for page in (2, 3)]
    assert rows == [bytes((0, 7, 8, 9, 0)), bytes((0, 4, 5, 6, 0))]
    assert wire.chip.pictures == before + 1


def test_page_mode_and_single_byte_controls(wire: Wire) -> None:
    """How other drivers talk to the panel: a control byte before every command."""
    wire.writeto(0x3C, bytes((0x80, 0x20, 0x80, 0x02)))
    wire.writeto(0x3C, bytes((0x80, 0xB5, 0x80, 0x04, 0x80, 0x11, 0x40, 0xAA, 0xBB)))
    assert bytes(wire.chip.memory[5 * WIDTH + 20 : 5 * WIDTH + 22]) == b"\xaa\xbb"


def test_a_picture_can_be_kept(tmp_path: Path) -> None:
    from PIL import Image

    from emulated_pico.models.panel import Panel
    from emulated_pico.models.timebase import Timebase

    panel = Panel(0, Timebase(), present=True)
    panel.png(tmp_path / "panel.png")
    with Image.open(tmp_path / "panel.png") as image:
        assert image.size == (512, 256)
        assert image.getextrema() == (0, 0), "no power, no picture"
