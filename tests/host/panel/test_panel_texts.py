"""Every text of the order fits the panel in glyphs that exist; letters are large enough."""

import json
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from gatescan.core import screens
from gatescan.core.screens import layout
from gatescan.drivers.display import compose
from gatescan.drivers.font6x8 import BOX_AT
from gatescan.drivers.text_plain import glyph_at

ROOT = Path(__file__).resolve().parents[3]
PROVISIONS = ROOT / "host_tools/gatescan_host/rules/law/provisions.json"


@pytest.fixture(scope="module")
def provisions() -> dict[str, Any]:
    return json.loads(PROVISIONS.read_text(encoding="utf-8"))


def displays(node: Any) -> Iterator[tuple[str, tuple[str, ...]]]:
    """(language, lines) of every `display` in the file."""
    if isinstance(node, dict):
        for lang, lines in node.get("display", {}).items():
            if lang in ("da", "en"):
                yield lang, tuple(lines)
        for value in node.values():
            yield from displays(value)
    elif isinstance(node, list):
        for value in node:
            yield from displays(value)


def test_all_texts_of_the_order_fit_and_have_glyphs(provisions: dict[str, Any]) -> None:
    texts = list(displays(provisions))
    assert len(texts) > 150
    for lang, lines in texts:
        assert 1 <= len(lines) <= 3, lines
        for line in lines:
            assert len(line) <= layout.COLUMNS, (lang, line)
            assert layout.clip(line) == line
            for char in line:
                assert glyph_at(ord(char)) != BOX_AT, (lang, line, char)


def test_all_citations_fit_and_stay_whole_beside_a_page_mark(provisions: dict[str, Any]) -> None:
    cited = set(provisions["citation_index"])
    cited |= {c["citation"] for c in provisions["categories"] + provisions["obligations"]}
    for citation in cited:
        assert all(glyph_at(ord(char)) != BOX_AT for char in citation), citation
    fitting = {c for c in cited if len(c) <= layout.COLUMNS}
    assert len(fitting) > 100
    for citation in fitting:
        steps = tuple(f"step {i}" for i in range(9))
        for page in range(3):
            foot = screens.verdict_screen(2, ("x",), citation, steps, 0, page).lines[-1]
            assert len(foot) <= layout.COLUMNS
            whole = foot.startswith((citation, layout.squeeze(citation)))
            assert whole, (citation, foot)


def test_no_combination_of_texts_is_lost_or_raises(provisions: dict[str, Any]) -> None:
    steps = [tuple(o["display"]["da"]) for o in provisions["obligations"]]
    for category in provisions["categories"]:
        for rows in (3, 5):
            lines = tuple(category["display"]["da"])
            args = (2, lines, category["citation"], tuple(steps), 0)
            seen: list[str] = []
            for page in range(screens.verdict_pages(*args, rows)):
                shown = screens.verdict_screen(*args, page, rows).lines
                assert len(shown) <= rows
                seen.extend(shown[:-1])
                compose(bytearray(1024), screens.verdict_screen(*args, page, rows))
            assert seen == list(lines) + [line for step in steps for line in step]


# Panels: millimetres a pixel (vendors' drawings: active area / 128)
PITCH_MM = {"0.96 inch": 21.74 / 128, "1.3 inch": 29.42 / 128, "2.42 inch": 55.01 / 128}
MINIMUM_ARCMIN = 16  # ISO 9241-3


def arcmin(pixels: int, pitch_mm: float, distance_mm: float) -> float:
    return math.degrees(math.atan(pixels * pitch_mm / distance_mm)) * 60


def test_the_word_is_readable_at_arms_length_on_every_panel() -> None:
    for panel, pitch in PITCH_MM.items():
        assert arcmin(21, pitch, 700) >= MINIMUM_ARCMIN, panel
        assert arcmin(28, pitch, 700) >= 23, panel


def test_lines_are_readable_in_the_hand_with_the_page_size_for_the_panel() -> None:
    """Five small lines need the 2.42 inch panel; smaller ones take pages of three, tall."""
    assert arcmin(7, PITCH_MM["2.42 inch"], 400) >= MINIMUM_ARCMIN
    for panel in ("0.96 inch", "1.3 inch"):
        assert arcmin(7, PITCH_MM[panel], 400) < MINIMUM_ARCMIN, "then pages of five would do"
        assert arcmin(14, PITCH_MM[panel], 400) >= MINIMUM_ARCMIN


def test_pages_of_three_show_category_and_steps_in_tall_letters() -> None:
    """Only the foot, which names the provision, may be small."""
    frame = bytearray(1024)
    screen = screens.verdict_screen(2, ("HHHH",), "§ 6", ("HHHH",), 0, 0, 3)
    compose(frame, screen)
    tall = bytes.fromhex("ffc0c0c0ff")  # the left of an H is 14 rows high: 8 in the first band
    assert frame[3 * 128 + 1] == 0xFF
    assert frame[4 * 128 + 1] == 0x3F
    assert frame[5 * 128 + 1] == 0xFF
    assert frame[6 * 128 + 1] == 0x3F
    assert bytes(frame[3 * 128 + 1 : 3 * 128 + 6]) == tall
