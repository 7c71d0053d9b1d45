"""One deployment from the open prompt on: compare, copy, verify. Interrupted, it can go on.

While anything is out of date, main.py is a placeholder that starts nothing. So wherever the
cable is pulled, the board holds the old firmware, or the new one, or says that it holds neither.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

from gatescan_host.deploy import plan as planning
from gatescan_host.deploy.boards import Target
from gatescan_host.deploy.device import Board
from gatescan_host.deploy.image import Image
from gatescan_host.errors import GatescanError

PLACEHOLDER = b'print("Gatescan is only half copied: run gatescan deploy again.")\n'

Progress = Callable[[int, int], None]


class Compared(NamedTuple):
    """What a board holds and what is to be done."""

    board: Board
    files: dict[str, bytes]
    plan: planning.Plan
    old_pack: bool  # whether there is one that must go

    @property
    def copy_bytes(self) -> int:
        """How much will be sent."""
        return sum(len(self.files[path]) for path in self.plan.copy)

    def report(self) -> dict[str, Any]:
        """The plan for scripts."""
        return {
            "copy": list(self.plan.copy),
            "remove": list(self.plan.remove),
            "unchanged": len(self.plan.same),
            "copy_bytes": self.copy_bytes,
            "files": len(self.files),
            "bytes": sum(len(content) for content in self.files.values()),
        }


def compare(board: Board, image: Image, target: Target) -> Compared:
    """What must be done to `board`; changes nothing on it.

    Raises GatescanError when it is another kind of board, its MicroPython does not fit, or its
    flash has no room.
    """
    facts = board.facts()
    files = image.files
    facts.refuse_unfit(image.modules, target)
    present = board.files(planning.root_names((*files, *image.modules)))
    plan = planning.make(files, present)
    needed = planning.room_bytes(files, present, plan, facts.block_bytes)
    free = facts.free_blocks * facts.block_bytes
    if needed > free:
        raise GatescanError(
            f"The firmware needs {_kilobytes(needed)} kB more flash and {_kilobytes(free)} kB are "
            "free: remove from the board what is not Gatescan's, or a table (`mpremote fs rm`). "
            "Nothing was copied."
        )
    return Compared(board, files, plan, planning.PACK in present)


def carry_out(compared: Compared, progress: Progress | None = None) -> None:
    """Do what was planned; `progress` gets (bytes sent, bytes of all).

    Raises GatescanError in the middle when cable, power or flash fail; then deploying again
    copies what is missing.
    """
    board, files, plan = compared.board, compared.files, compared.plan
    if not plan.changes:
        return
    done = 0
    total = sum(len(files[path]) for path in {*plan.copy, planning.START})

    def sent(count: int) -> None:
        nonlocal done
        done += count
        if progress is not None:
            progress(done, total)

    board.put(planning.START, PLACEHOLDER)
    for path in plan.remove:
        if path != planning.ASIDE:  # it has just become the placeholder
            board.remove(path)
    for path in plan.copy:
        if path == planning.PACK and compared.old_pack:
            board.remove(path)  # beside a large table there is no room for two
        if path != planning.START:
            board.put(path, files[path], sent)
    board.put(planning.START, files[planning.START], sent)


def _kilobytes(count: int) -> int:
    return -(-count // 1024)
