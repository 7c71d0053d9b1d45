"""Fixtures for every test: where shared material lies, and how random tests are seeded."""

import os
import random
from pathlib import Path

import pytest

import emulated_pico  # noqa: F401 - before anything that imports rp2040py
from demo_site import table_path

ROOT = Path(__file__).resolve().parents[1]


def pytest_addoption(parser: pytest.Parser) -> None:
    """Options of the hardware-in-loop suite: see tests/hil/README.md."""
    group = parser.getgroup("gatescan")
    group.addoption(
        "--target", default="sim", help="what tests/hil runs on: sim, emu, or a serial port"
    )
    group.addoption("--rig", help="its wiring: a name in tests/hil/rigs, or a .toml file")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """How many workers `make test` starts: of a real board there is one, and one person at it."""
    return 2 if config.getoption("--target") in ("sim", "emu") else 0


@pytest.fixture(scope="session")
def root() -> Path:
    return ROOT


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of shared vectors beside the checkout; the tests that read it skip without it."""
    folder = ROOT.parent / "shared"
    if not folder.is_dir():
        pytest.skip("no folder ../shared beside the checkout")
    return folder


@pytest.fixture
def rng(request: pytest.FixtureRequest) -> random.Random:
    """A seeded generator; GATESCAN_SEED repeats a run, the seed is printed on failure."""
    seed = int(os.environ.get("GATESCAN_SEED", random.SystemRandom().randrange(2**32)))
    print(f"seed {seed} for {request.node.nodeid}")
    return random.Random(seed)


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Unit tests find the demo table by its path; it is built when the first one needs it."""
    if "unit" in str(item.path.relative_to(ROOT)):
        table_path()
