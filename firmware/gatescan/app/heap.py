"""Keeps the heap quick: garbage is collected when nobody waits, and small holes are closed.

MicroPython looks for room from the first free block on, at every call of a larger function too.
After a collection that block is a hole far down among the program's own objects, and each search
passes all of them again: on a Pico a call then costs up to 0.2 ms more (py/gc.c, gc_alloc).
"""

import gc

from gatescan.core.compat import TYPE_CHECKING, const

try:
    from gc import threshold  # type: ignore[attr-defined]

    from uctypes import addressof  # type: ignore[import-not-found]
except ImportError:

    def addressof(__data: bytearray) -> int:
        """CPython has no such heap: there are no holes to close."""
        return 0

    def threshold(__amount: int = -1) -> int:
        """CPython collects by counting references."""
        return -1


if TYPE_CHECKING:
    from typing import Any, Callable

_ROOM_BYTES = const(4096)  # a hole of this size is no hole but the room that is free
_MAX_HOLES = const(4000)  # 64 kB: bounds the time on any port


def tidy() -> None:
    """Collect garbage and close the holes it leaves; on a Pico about 45 ms."""
    gc.collect()
    _close_holes()


def seldom_amid_work() -> None:
    """From now on `tidy` collects, and MicroPython itself only after three quarters were used."""
    threshold(gc.mem_free() * 3 // 4)  # type: ignore[attr-defined]


def _close_holes() -> None:
    """Fill the holes below the free room; on a Pico about 15 ms after a collection.

    What fills them is garbage itself, 16 bytes a piece, and goes with the next collection.
    """
    try:
        room = addressof(bytearray(_ROOM_BYTES))
    except MemoryError:
        return  # no such room is left: nothing to gain
    chain: Any = None
    for _ in range(_MAX_HOLES):
        if id(chain) >= room:
            return
        chain = (chain,)  # one block, the smallest there is


def undisturbed(work: "Callable[..., Any]", *arguments: "Any") -> "Any":
    """What `work(*arguments)` returns; garbage is collected before it, and in it only in need."""
    tidy()
    if not hasattr(gc, "threshold"):  # CPython, where the application is only tested
        return work(*arguments)
    before = threshold()
    threshold(-1)
    try:
        return work(*arguments)
    finally:
        threshold(before)
