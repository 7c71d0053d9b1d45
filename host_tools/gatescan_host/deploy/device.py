"""A board at its prompt: what it is, which of our files it holds, and how they get there."""

import base64
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple, Protocol

from gatescan_host.deploy import on_board
from gatescan_host.deploy.boards import OLDEST_MICROPYTHON, Target
from gatescan_host.deploy.compile import bytecode
from gatescan_host.deploy.plan import ASIDE, PACKAGE, OnBoard, digest
from gatescan_host.deploy.prompt import BoardFault
from gatescan_host.errors import GatescanError

_MAINTENANCE = "maintenance"  # the note of app/maintenance.py
_CHUNK_BYTES = 1536  # 2,048 characters in base64: small beside a board's heap
_FULL = ("ENOSPC", "OSError: 28", "[Errno 28]")


class Runs(Protocol):
    """What `Board` asks of a prompt."""

    def run(self, code: str) -> str:
        """What `code` prints on the board; raises BoardFault where it raises."""


class Facts(NamedTuple):
    """What a board says of itself; `bytecode` is sys.implementation._mpy."""

    bytecode: int
    micropython: tuple[int, int]
    block_bytes: int
    free_blocks: int
    machine: str

    def refuse_unfit(self, files: dict[str, bytes], wanted: Target) -> None:
        """Raise GatescanError when `files`, compiled for `wanted`, would not run here."""
        if wanted.chip not in self.machine:
            raise GatescanError(
                f"This board is {self.machine!r}, not {wanted.name}: choose its --board, or put "
                "the right MicroPython on it. Nothing was copied."
            )
        if self.micropython < OLDEST_MICROPYTHON:
            raise GatescanError(
                f"The board's MicroPython is {_dotted(self.micropython)}: put "
                f"{_dotted(OLDEST_MICROPYTHON)} or newer on it. Nothing was copied."
            )
        version, own = self.bytecode & 0xFF, (self.bytecode >> 8 & 3, self.bytecode >> 10 & 0x0F)
        for path, content in files.items():
            if not path.endswith(".mpy"):
                continue
            needed = bytecode(content)
            if needed.version != version or needed.native not in (None, own):
                raise GatescanError(
                    f"The board's MicroPython {_dotted(self.micropython)} does not load bytecode "
                    f"of format {needed.version}: update MicroPython or mpy-cross. "
                    "Nothing was copied."
                )


class Board:
    """File work on the board behind `prompt`."""

    def __init__(self, prompt: Runs) -> None:
        self._prompt = prompt
        self._run(Path(on_board.__file__).read_text(encoding="utf-8"))

    def end_maintenance(self) -> None:
        """See to it that the next start is a scanner's, should its note still be there.

        Who knocks while the board restarts can get the prompt before the note is looked at.
        """
        self._run(f"forget({_MAINTENANCE!r})")

    def facts(self) -> Facts:
        """What this board is."""
        fields = self._run("facts()").strip().split(" ", 5)
        try:
            mpy, major, minor, block_bytes, free_blocks = (int(field) for field in fields[:5])
            return Facts(mpy, (major, minor), block_bytes, free_blocks, fields[5])
        except (ValueError, IndexError):
            raise _puzzled() from None

    def files(self, names: tuple[str, ...]) -> dict[str, OnBoard]:
        """Every file of the package, and those of `names` in the root, hashed by the board."""
        found = {}
        for line in self._run(f"report({PACKAGE!r}, {names!r})").splitlines():
            fields = line.strip().split(" ", 2)
            if len(fields) != 3 or not fields[0].isdecimal():
                raise _puzzled()
            found[fields[2]] = OnBoard(int(fields[0]), fields[1])
        return found

    def put(
        self, path: str, content: bytes, sent: Callable[[int], None] = lambda count: None
    ) -> None:
        """Write a file so that `path` holds all of the old or all of the new content.

        `sent` is told the bytes of each part. Raises GatescanError when the flash is full or
        holds something else afterwards than was sent.
        """
        self._run(f"begin({ASIDE!r})")
        for at in range(0, len(content), _CHUNK_BYTES):
            part = content[at : at + _CHUNK_BYTES]
            self._run(f"more({base64.b64encode(part).decode()!r})")
            sent(len(part))
        wanted = digest(content)
        if self._run(f"finish({path!r}, {wanted!r})").strip() != wanted:
            raise GatescanError(
                f"The board stored {path} wrongly: deploy again; if it happens again, its flash "
                "is worn out."
            )

    def remove(self, path: str) -> None:
        """Delete one file, and its folder if that is empty then."""
        self._run(f"remove({path!r})")

    def _run(self, code: str) -> str:
        try:
            return self._prompt.run(code)
        except BoardFault as fault:
            if any(mark in fault.text for mark in _FULL):
                raise GatescanError(
                    "The board's flash is full: remove from it what is not Gatescan's, or a table "
                    "(`mpremote fs rm`), and deploy again; it goes on where it stopped."
                ) from None
            if "MemoryError" in fault.text:
                raise GatescanError(
                    "The board ran out of memory: plug it in anew and deploy again."
                ) from None
            raise


def _dotted(version: tuple[int, int]) -> str:
    return f"{version[0]}.{version[1]}"


def _puzzled() -> GatescanError:
    return GatescanError("The board's answer makes no sense: plug it in anew and deploy again.")
