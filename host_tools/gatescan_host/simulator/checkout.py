"""Where firmware, boards and the MicroPython interpreter are."""

import shutil
import sys
from pathlib import Path

import gatescan
from gatescan_host.errors import GatescanError


def firmware_folder() -> Path:
    """The folder with boot.py, main.py and the package `gatescan`."""
    folder = Path(gatescan.__file__).resolve().parents[1]
    if not (folder / "main.py").is_file():
        raise GatescanError(
            "The firmware's main.py is not beside the package: "
            "run from a checkout (`make install` sets it up)."
        )
    return folder


def board_folder(board: str) -> Path:
    """The folder of a board's files."""
    folder = firmware_folder().parent / "boards" / board
    if not (folder / "board.py").is_file():
        raise GatescanError(f"There is no board {board!r} in boards/: check the name.")
    return folder


def micropython() -> str:
    """The MicroPython unix port: beside this Python first, then on PATH."""
    beside = Path(sys.executable).parent / "micropython"
    found = str(beside) if beside.exists() else shutil.which("micropython")
    if found is None:
        raise GatescanError("MicroPython is missing: run `make install`.")
    return found
