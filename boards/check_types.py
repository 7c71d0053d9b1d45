"""Check a board's types against its port's stubs: `python boards/check_types.py [BOARD ...]`.

One mypy run a board, apart from the host's: the stubs of two ports define the same modules, and
they shadow Python's own. A port's stubs are looked for among the installed packages, then in
build/stubs, where `make types` puts those that cannot be installed beside the others.
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from importlib.metadata import Distribution, PackageNotFoundError
from pathlib import Path

BOARDS = Path(__file__).resolve().parent
ROOT = BOARDS.parent
STUBS = {"esp32_s3": "micropython-esp32-stubs", "rpi_pico": "micropython-rp2-stubs"}
_SHARED_STUBS = "micropython-stdlib-stubs"  # brings the _mpy_shed that every port's stubs import
_TARGET = ROOT / "build" / "stubs"
_TOOLS = {"manifest.py"}  # in MicroPython's manifest language, not in Python


def distribution(name: str) -> Distribution:
    """The installed package `name`, or the one in build/stubs. Raises PackageNotFoundError."""
    for where in (sys.path, [str(_TARGET)]):
        for found in Distribution.discover(name=name, path=where):
            return found
    raise PackageNotFoundError(name)


def _stub_files(board: str) -> Iterator[tuple[Path, Path]]:
    """(installed file, place relative to the search path) of the stubs that `board` needs."""
    for name in (STUBS[board], _SHARED_STUBS):
        for file in distribution(name).files or ():
            # The stdlib stubs' own `stdlib` folder would replace Python's: not for us.
            if file.suffix == ".pyi" and file.parts[0] != "stdlib":
                yield Path(str(file.locate())), Path(*file.parts)


def check(board: str, folder: Path | None = None) -> tuple[int, str]:
    """(mypy's exit code, its output) for the files of `board`, or of a copy of them in `folder`.

    Raises PackageNotFoundError where the stubs are not installed.
    """
    folder = folder or BOARDS / board
    sources = sorted(path.name for path in folder.glob("*.py") if path.name not in _TOOLS)
    with tempfile.TemporaryDirectory(prefix="stubs-") as stubs:
        for installed, place in _stub_files(board):
            target = Path(stubs, place)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.symlink_to(installed)
        command = [
            sys.executable, "-m", "mypy", "--config-file", str(BOARDS / "mypy.ini"),
            "--cache-dir", str(ROOT / ".mypy_cache" / board), *sources,
        ]  # fmt: skip
        search = os.pathsep.join((stubs, str(ROOT / "firmware")))
        done = subprocess.run(
            command, cwd=folder, env=dict(os.environ, MYPYPATH=search),
            capture_output=True, text=True, timeout=300,
        )  # fmt: skip
    return done.returncode, done.stdout + done.stderr


def main() -> int:
    """Check the boards named, or all; the exit code is 1 when one has a fault."""
    code = 0
    for board in sys.argv[1:] or sorted(STUBS):
        try:
            returned, text = check(board)
        except PackageNotFoundError as missing:
            returned, text = 1, f"the stubs {missing.name} are not installed: run `make types`\n"
        print(f"{board}: {text}", end="")
        code = code or returned
    return code


if __name__ == "__main__":
    sys.exit(main())
