"""Writes package.json, the list of files that `mpremote mip install` brings to a board.

firmware/package.json makes a Raspberry Pi Pico a scanner; every other board has its own beside
its board.py. mip installs into the board's folder lib, but a board starts main.py in its root:
therefore the targets begin with "../", and main.py is the last.

Usage: python firmware/make_package.py [--check]
"""

import json
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
BOARDS = HERE.parent / "boards"
STANDARD = "rpi_pico"
_HOST_ONLY = ("manifest.py",)  # beside a board's modules
_ROOT = ("boot.py", "build_id.py", "finder.py", "main.py", "unpack.py")
_NO_PACKAGE = ("simulator",)


def targets() -> dict[str, Path]:
    """Board -> its package.json, for every board that has a board.py."""
    found = {}
    for folder in sorted(BOARDS.iterdir()):
        if (folder / "board.py").is_file() and folder.name not in _NO_PACKAGE:
            home = HERE if folder.name == STANDARD else folder
            found[folder.name] = home / "package.json"
    return found


def package_text(board: str = STANDARD) -> str:
    """The text of a board's package.json for the files that are here now."""
    up = "" if board == STANDARD else "../../firmware/"
    beside = f"../boards/{board}/" if board == STANDARD else ""
    names = {name: up + name for name in _ROOT}
    left_out = (HERE / "not_on_boards.txt").read_text(encoding="utf-8").splitlines()
    for path in (HERE / "gatescan").rglob("*.py"):
        name = path.relative_to(HERE).as_posix()
        if name not in left_out:
            names[name] = up + name
    for path in (BOARDS / board).glob("*.py"):
        if path.name not in _HOST_ONLY:
            names[path.name] = beside + path.name
    version: dict[str, str] = {}
    exec((HERE / "gatescan" / "__init__.py").read_text(), version)  # noqa: S102 - our own file
    package = {
        "urls": [
            [f"../{name}", names[name]]
            for name in sorted(names, key=lambda name: (name == "main.py", name))
        ],
        "deps": [],
        "version": version["__version__"],
    }
    return json.dumps(package, indent=1) + "\n"


def main() -> int:
    """Write every package.json, or with --check say which is not current (exit 1 if any)."""
    old = 0
    for board, path in targets().items():
        text = package_text(board)
        if path.is_file() and path.read_text() == text:
            continue
        if "--check" in sys.argv[1:]:
            print(f"{path.relative_to(HERE.parent)} is not current: "
                  "run python firmware/make_package.py")  # fmt: skip
            old = 1
        else:
            path.write_text(text)
    return old


if __name__ == "__main__":
    sys.exit(main())
