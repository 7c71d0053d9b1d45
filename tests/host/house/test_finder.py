"""The folders that the start knows by heart are those of the tree."""

import pytest

import finder
from gatescan_host.simulator.checkout import firmware_folder


def test_every_folder_with_modules_is_known_and_no_other():
    package = firmware_folder() / "gatescan"
    there = {
        "/" + folder.relative_to(package).as_posix()
        for folder in package.rglob("*")
        if folder.is_dir() and any(folder.glob("*.py"))
    }
    assert set(finder._FOLDERS.split()) == {"/gatescan", *there}


def test_answers_are_those_of_a_file_system():
    finding = finder._Pack()
    assert finding.stat("/app")[0] == finding.stat("/gatescan")[0] == 0x4000
    assert finding.stat("/app/start.mpy")[0] == 0x8000
    for absent in ("/app/start.py", "/app/start", "/nothing", "/link", "/", "/nothing.mpy"):
        with pytest.raises(OSError):
            finding.stat(absent)
