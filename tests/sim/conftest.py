"""Gates for the tests: one that a module shares, fresh ones from an equipped flash image."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from host_side import own_home as own_home
from sim import rig


@pytest.fixture(scope="session")
def equipped(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Flash, identity and device key of a scanner with the demo table, switched off."""
    folder = tmp_path_factory.mktemp("equipped")
    gate = rig.Gate(folder, rig.simulator(folder))
    gate.scanner.power_on()
    try:
        gate.equip(rig.table())
    finally:
        gate.close()
    return folder


def _copy(equipped: Path, folder: Path) -> rig.Gate:
    rig.copy_of(equipped, folder)
    scanner = rig.simulator(folder, rtc_utc=int(time.time()))
    scanner.power_on()
    return rig.Gate(folder, scanner)


@pytest.fixture(scope="module")
def shared_gate(equipped: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[rig.Gate]:
    """An equipped gate for all tests of a module; they leave keys and table as they were."""
    gate = _copy(equipped, tmp_path_factory.mktemp("gate"))
    yield gate
    gate.close()


@pytest.fixture
def gate(equipped: Path, tmp_path: Path) -> Iterator[rig.Gate]:
    """An equipped gate for one test."""
    gate = _copy(equipped, tmp_path / "gate")
    yield gate
    gate.close()


@pytest.fixture
def flash_gate(equipped: Path, tmp_path: Path) -> Iterator[rig.Gate]:
    """An equipped gate that is switched off: its flash may be worked on."""
    rig.copy_of(equipped, tmp_path / "gate")
    gate = rig.Gate(tmp_path / "gate", rig.simulator(tmp_path / "gate"))
    yield gate
    gate.close()


@pytest.fixture
def new_gate(tmp_path: Path) -> Iterator[rig.Gate]:
    """A gate with a factory-new scanner."""
    gate = rig.Gate(tmp_path / "new", rig.simulator(tmp_path / "new"))
    gate.scanner.power_on()
    yield gate
    gate.close()


@pytest.fixture
def extra_gate(
    equipped: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[..., rig.Gate]]:
    """Makes further equipped gates, with any option of SimulatedScanner."""
    made: list[rig.Gate] = []

    def make(**options: object) -> rig.Gate:
        folder = tmp_path_factory.mktemp("extra")
        rig.copy_of(equipped, folder)
        scanner = rig.simulator(folder, **options)
        made.append(rig.Gate(folder, scanner))
        scanner.power_on()
        return made[-1]

    yield make
    for gate in made:
        gate.close()
