"""Which RFID readers a scanner may be told to have: host and firmware say the same."""

import itertools
from pathlib import Path

import pytest

from gatescan.app.settings import READERS, Settings, SettingsError
from gatescan_host.errors import GatescanError
from gatescan_host.link.provisioning import Reader, wired
from sim import rig


def _taken(folder: Path, readers: str) -> bool:
    try:
        Settings(str(folder), bytes(8)).provision(bytes(32), bytes(56), "vestre", "da", readers)
    except SettingsError:
        return False
    return Settings(str(folder), bytes(8)).readers == tuple(readers.split(","))


def test_the_same_names() -> None:
    assert tuple(Reader) == READERS


@pytest.mark.parametrize("count", range(1, 5))
def test_the_host_refuses_with_a_sentence_what_the_scanner_would(
    tmp_path: Path, count: int
) -> None:
    for readers in itertools.permutations(Reader, count):
        told = ",".join(readers)
        try:
            assert wired(readers) == told
            refused = False
        except GatescanError as refusal:
            assert rig.is_sentence(str(refusal))
            refused = True
        assert refused != _taken(tmp_path, told), told


def test_a_reader_named_twice_is_one() -> None:
    assert wired([Reader.PN532, Reader.PN532]) == "pn532"
