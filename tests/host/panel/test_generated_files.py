"""The font module and the pins are what their sources say, and WIRING.md uses the same names."""

import csv
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
PICO = ROOT / "boards" / "rpi_pico"


@pytest.mark.parametrize("script", ["firmware/font/make_font.py", "boards/rpi_pico/make_pins.py"])
def test_generated_module_is_current(script: str) -> None:
    done = subprocess.run(
        [sys.executable, str(ROOT / script), "--check"], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_wiring_table_is_the_pin_list() -> None:
    with (PICO / "pins.csv").open(encoding="utf-8", newline="") as f:
        pins = [(r["name"], f"GP{r['gpio']}", r["pin"]) for r in csv.DictReader(f)]
    table = [
        tuple(cell.strip(" `") for cell in line.split("|")[1:4])
        for line in (PICO / "WIRING.md").read_text(encoding="utf-8").splitlines()
        if line.startswith("| `")
    ]
    assert table == pins


def test_gpio_numbers_match_the_physical_pins() -> None:
    """Pico datasheet, figure 2: GP0 to GP15 on the left side, GP16 to GP22 on the right."""
    # every third pin or so is GND: 3, 8, 13, 18 on the left, 23, 28 on the right
    grounds = (3, 8, 13, 18, 23, 28)
    pin_of = dict(enumerate(pin for pin in range(1, 30) if pin not in grounds))
    with (PICO / "pins.csv").open(encoding="utf-8", newline="") as f:
        for row in csv.DictReader(f):
            assert pin_of[int(row["gpio"])] == int(row["pin"]), row


def test_only_the_board_imports_machine() -> None:
    for path in (ROOT / "firmware" / "gatescan").rglob("*.py"):
        for line in path.read_text(encoding="utf-8").splitlines():
            words = line.split()
            if words[:1] in (["import"], ["from"]) and len(words) > 1:
                assert words[1].split(".")[0] != "machine", path
