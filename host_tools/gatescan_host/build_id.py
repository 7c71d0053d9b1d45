"""The build id: which sources a scanner runs, as 8 hex digits that it prints and reports.

Whoever puts firmware on a board (deploy, a preloaded flash image) adds the module that
`module_text` gives as `build_id.py`; the simulator passes the same id in its wiring. The id is
computed over sources, never over bytecode: another version of the compiler changes nothing.
"""

import hashlib
from pathlib import Path

from gatescan_host.simulator.checkout import board_folder, firmware_folder

MODULE = "build_id.py"  # what `gatescan/__init__.py` imports on the board
UNKNOWN = "unknown"  # the id of firmware that came without the module
_HEX_DIGITS = 8
_TOOLS = ("manifest.py",)  # beside a board's files, never on the board


def shipped_sources(board: str) -> dict[str, Path]:
    """Path on the board (`gatescan/app/start.py`) -> source file, sorted by path.

    The firmware and the files of `board` (a folder of boards/), without the build id's module.
    Raises GatescanError when there is no such board.
    """
    firmware, board_files = firmware_folder(), board_folder(board)
    found = {name: firmware / name for name in ("boot.py", "finder.py", "main.py", "unpack.py")}
    left_out = (firmware / "not_on_boards.txt").read_text(encoding="utf-8").splitlines()
    for path in (firmware / "gatescan").rglob("*.py"):
        name = path.relative_to(firmware).as_posix()
        if name not in left_out:
            found[name] = path
    for path in board_files.glob("*.py"):
        if path.name not in (*_TOOLS, MODULE):
            found[path.name] = path
    return dict(sorted(found.items()))


def build_id(board: str) -> str:
    """The id of this checkout's firmware for `board`: 8 hex digits of a SHA-256."""
    digest = hashlib.sha256()
    for name, path in shipped_sources(board).items():
        data = path.read_bytes()
        digest.update(f"{name}\0{len(data)}\0".encode())
        digest.update(data)
    return digest.hexdigest()[:_HEX_DIGITS]


def module_text(board: str) -> str:
    """The source of the module `build_id` that belongs on the board."""
    return f'BUILD_ID = "{build_id(board)}"\n'
