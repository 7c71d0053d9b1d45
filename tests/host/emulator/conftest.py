"""A bare chip for tests of one block, and a stock image that runs a given program."""

from collections.abc import Callable
from pathlib import Path

import pytest

from emulated_pico import registers, stock, version
from emulated_pico.machine import EmulatedPico
from emulated_pico.parts import Parts


@pytest.fixture(scope="session", autouse=True)
def right_version() -> None:
    version.require()


@pytest.fixture
def chip() -> registers.RP2040:
    """An RP2040 without program: registers are written, time is let run by `clock.tick`."""
    return registers.RP2040()


@pytest.fixture
def uf2() -> Path:
    return stock.image()


@pytest.fixture
def running(uf2: Path) -> Callable[..., EmulatedPico]:
    """A board that has been switched on with `program` as its main.py."""

    def switch_on(program: str, **parts: bool) -> EmulatedPico:
        # What is printed before the host has found the port is lost, as on a real board.
        source = f"import time\ntime.sleep_ms(100)\n{program}\nprint('done')\n"
        board = EmulatedPico(uf2, files={"main.py": source.encode()}, parts=Parts(**parts))
        board.power_on()
        return board

    return switch_on
