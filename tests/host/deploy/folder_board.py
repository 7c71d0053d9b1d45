"""A board made of a folder: runs on CPython what `gatescan deploy` sends to a real prompt."""

import contextlib
import io
from pathlib import Path

from gatescan_host.deploy.device import Board
from gatescan_host.deploy.prompt import BoardFault


class CableOut(Exception):
    """The cable was pulled."""


class FolderPrompt:
    """A prompt whose flash is `root`. `commands_left`: the cable is pulled after so many."""

    def __init__(self, root: Path, commands_left: int | None = None) -> None:
        self._globals: dict = {"__name__": "__main__"}
        self._root = str(root) + "/"
        self.commands_left = commands_left
        self.commands = 0
        self.copied: list[str] = []

    def run(self, code: str) -> str:
        """What `code` prints; a fault as mpremote reports it."""
        if self.commands == self.commands_left:
            raise CableOut
        self.commands += 1
        if code.startswith("finish("):
            self.copied.append(code.split("'")[1])
        printed = io.StringIO()
        try:
            with contextlib.redirect_stdout(printed):
                exec(compile(code, "<prompt>", "exec"), self._globals)
        except Exception as fault:
            number = f"[Errno {fault.errno}] " if isinstance(fault, OSError) else ""
            raise BoardFault(f"{type(fault).__name__}: {number}{fault}") from None
        self._globals["ROOT"] = self._root
        return printed.getvalue()


def board(root: Path, commands_left: int | None = None) -> Board:
    """The board whose flash is the folder `root`."""
    return Board(FolderPrompt(root, commands_left))


def contents(root: Path) -> dict[str, bytes]:
    """Path -> content of everything in the flash."""
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in sorted(root.rglob("*"))
        if path.is_file()
    }


def fill(root: Path, files: dict[str, bytes]) -> Path:
    """Make `root` hold `files`."""
    for name, content in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(content)
    return root
