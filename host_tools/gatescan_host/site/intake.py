"""How item lists are taken in: strict or lenient, and who is told how far it is."""

from collections.abc import Callable
from dataclasses import dataclass

from gatescan_host.site.left_out import LeftOut

# (what is read, rows so far, done, total): done and total in bytes; total None = not known
Moved = Callable[[str, int, int, int | None], None]


def unseen(what: str, rows: int, done: int, total: int | None) -> None:
    """A `Moved` that nobody watches."""


@dataclass(frozen=True)
class Intake:
    """`left_out` takes the codes that name no product; without it they are mistakes."""

    left_out: LeftOut | None = None
    moved: Moved = unseen
