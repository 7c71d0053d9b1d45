"""The folders that the start knows by heart are those of the tree."""

from pathlib import Path

import pytest

from gatescan import finder

PACKAGE = Path(finder.__file__).resolve().parent


def test_every_folder_with_modules_is_known_and_no_other():
    there = {
        "/" + folder.relative_to(PACKAGE).as_posix()
        for folder in PACKAGE.rglob("*")
        if folder.is_dir() and any(folder.glob("*.py"))
    }
    assert set(finder._FOLDERS) == there


def test_answers_are_those_of_a_file_system():
    finding = finder._Finder()
    assert finding.stat("/app")[0] == 0x4000
    assert finding.stat("/app/start.mpy")[0] == 0x8000
    for absent in ("/app/start.py", "/app/start", "/nothing"):
        with pytest.raises(OSError):
            finding.stat(absent)
