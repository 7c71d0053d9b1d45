"""WIRING.md's tables, the pins' list and the boards' own headers say the same."""

import subprocess
import sys

import pytest

from host.boards.recorded import BOARDS, PORTS, make_pins

# Pico datasheet, figure 2: GP0 to GP15 down the left side, GP16 to GP28 up the right one.
_PICO_GROUNDS = (3, 8, 13, 18, 23, 28)
PICO_HEADER = dict(enumerate(str(p) for p in range(1, 30) if p not in _PICO_GROUNDS))
PICO_HEADER |= {26: "31", 27: "32", 28: "34"}  # RUN and AGND lie between
# ESP32-S3-DevKitC-1 v1.1 user guide, header blocks J1 and J3: GPIO -> number
_J1 = (None, None, None, 4, 5, 6, 7, 15, 16, 17, 18, 8, 3, 46, 9, 10, 11, 12, 13, 14)
_J3 = (None, 43, 44, 1, 2, 42, 41, 40, 39, 38, 37, 36, 35, 0, 45, 48, 47, 21, 20, 19)
DEVKIT_HEADER = {
    gpio: f"{block}-{at}"
    for block, places in (("J1", _J1), ("J3", _J3))
    for at, gpio in enumerate(places, 1)
    if gpio is not None
}
HEADERS = {"rpi_pico": PICO_HEADER, "esp32_s3": DEVKIT_HEADER}
PREFIX = {"rpi_pico": "GP", "esp32_s3": "GPIO"}


def wiring(name: str) -> str:
    return (BOARDS / name / "WIRING.md").read_text(encoding="utf-8")


def section(text: str, title: str) -> list[str]:
    """The lines below `## title`, up to the next heading of that rank."""
    lines = text.splitlines()
    start = lines.index(f"## {title}") + 1
    end = next((i for i in range(start, len(lines)) if lines[i].startswith("## ")), len(lines))
    return lines[start:end]


def rows(name: str) -> list[dict[str, str]]:
    return make_pins().rows_of(BOARDS / name / "pins.csv")


@pytest.mark.parametrize("name", sorted(PORTS))
def test_the_wiring_table_is_the_pin_list(name: str) -> None:
    table = [
        tuple(cell.strip(" `") for cell in line.split("|")[1:4])
        for line in section(wiring(name), "Wiring table")
        if line.startswith("| `")
    ]
    assert table == [(r["name"], PREFIX[name] + r["gpio"], r["pin"]) for r in rows(name)]


@pytest.mark.parametrize("name", sorted(PORTS))
def test_gpios_are_where_the_board_has_them(name: str) -> None:
    for row in rows(name):
        assert HEADERS[name][int(row["gpio"])] == row["pin"], row


@pytest.mark.parametrize("name", sorted(PORTS))
def test_the_pages_use_no_other_name_of_a_pin(name: str) -> None:
    """A name in back quotes that looks like a pin's is one of the list, and next to its number."""
    known = {row["name"]: row for row in rows(name)}
    families = {known_name.split("_")[0] for known_name in known}
    words = wiring(name).split("`")[1::2]
    for word in words:
        if word.split("_")[0] in families and word.replace("_", "").isalpha():
            assert word in known, word
    assert set(known) <= set(words)


def test_both_boards_have_the_same_signals() -> None:
    names = {board: {row["name"] for row in rows(board)} for board in PORTS}
    assert names["rpi_pico"] == names["esp32_s3"]


def test_pins_modules_are_current() -> None:
    done = subprocess.run(
        [sys.executable, str(BOARDS / "make_pins.py"), "--check"],
        capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("line", "word"),
    [
        ("b,2,3,in,up,\n", "b twice"),
        ("c,1,3,in,up,\n", "gpio"),
        ("c,2,2,in,up,\n", "pin"),
        ("c,2,3,inn,up,\n", "direction"),
        ("c,2,3,in,down,\n", "pull"),
    ],
)
def test_a_wrong_pin_list_is_refused(tmp_path, line: str, word: str) -> None:
    source = tmp_path / "pins.csv"
    source.write_text("name,gpio,pin,direction,pull,note\na,0,1,in,up,\nb,1,2,in,up,\n" + line)
    with pytest.raises(ValueError, match=word):
        make_pins().rows_of(source)


def test_the_sketch_shows_each_pin_where_it_is() -> None:
    sketch = [line.split() for line in wiring("rpi_pico").splitlines() if "─┤" in line]
    assert len(sketch) == 20
    for row in rows("rpi_pico"):
        (line,) = (words for words in sketch if row["name"] in words)
        at = line.index(f"GP{row['gpio']}")
        assert row["pin"] in line[at - 1 : at + 2], line


def test_the_first_board_takes_fifteen_minutes() -> None:
    """The sum of the column; what the steps take on silicon nobody has measured."""
    steps = section(wiring("rpi_pico"), "First board in 15 minutes")
    cells = [line.split("|")[1:3] for line in steps if line.startswith("| ")]
    minutes = [int(minute) for step, minute in cells if step.strip().isdigit()]
    assert len(minutes) == 9
    assert sum(minutes) <= 15
