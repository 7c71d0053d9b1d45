"""The commands that the boards' pages tell a technician to type are there."""

import re
from pathlib import Path
from typing import Any

import pytest
import typer.main

from host.boards.recorded import BOARDS

PAGES = sorted(BOARDS.rglob("*.md"))
TYPED = re.compile(r"`gatescan ([a-z]+)([^`]*)`")


@pytest.fixture(scope="module")
def commands() -> dict[str, Any]:
    from gatescan_host.cli.main import app

    return typer.main.get_command(app).commands  # type: ignore[attr-defined]


@pytest.mark.parametrize("page", PAGES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_every_command_and_option_exists(page: Path, commands: dict[str, Any]) -> None:
    for name, rest in TYPED.findall(page.read_text(encoding="utf-8")):
        assert name in commands, f"there is no `gatescan {name}`"
        command, words = commands[name], rest.split()
        if hasattr(command, "commands"):
            assert words and words[0] in command.commands, f"gatescan {name} {rest}"
            command = command.commands[words[0]]
        options = {option for one in command.params for option in one.opts}
        unknown = {word for word in words if word.startswith("--")} - options
        assert not unknown, f"`gatescan {name}` knows no {', '.join(unknown)}"


def test_the_first_board_page_uses_the_tools_made_for_it() -> None:
    text = (BOARDS / "rpi_pico" / "WIRING.md").read_text(encoding="utf-8")
    assert {"deploy", "doctor", "selftest"} <= {name for name, _ in TYPED.findall(text)}


@pytest.mark.parametrize("page", PAGES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_files_named_on_the_page_are_there(page: Path) -> None:
    """Whole paths in back quotes, from the checkout's root; elsewhere is what ends in a slash."""
    root = BOARDS.parent
    for path in re.findall(r"`((?:boards|tests|host_tools|firmware)/[A-Za-z0-9_./]+)`",
                           page.read_text(encoding="utf-8")):  # fmt: skip
        assert (root / path).exists(), f"{page.name} names {path}, which is not there"


@pytest.mark.parametrize("name", ["rpi_pico", "esp32_s3"])
def test_a_board_that_never_ran_on_silicon_says_so(name: str) -> None:
    """In the first lines, where nobody can miss it; goes with the first board that runs."""
    page = {"rpi_pico": "WIRING.md", "esp32_s3": "README.md"}[name]
    top = (BOARDS / name / page).read_text(encoding="utf-8")[:300].lower()
    assert "not yet run on silicon" in top or "nobody has wired this up yet" in top
