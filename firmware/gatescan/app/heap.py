"""Keeps the heap quick: garbage is collected when nobody waits, and small holes are closed.

MicroPython looks for room from the first free block on, at every call of a larger function too.
After a collection that block is a hole far down among the program's own objects, and each search
passes all of them again: on a Pico a call then costs up to 0.2 ms more (py/gc.c, gc_alloc).
"""

import gc

from gatescan.app.runtime import mem_alloc, mem_free
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
_AMID_WORK_BYTES = const(24576)
_LOADING_BYTES = const(8192)
_SHORT = const(6)  # 41 kB of a Pico: an upload may come at any time
_FULL = const(16)
_BLOCK_BYTES = const(16)  # 32 where addresses have 64 bits
_MAX_HOLES = const(4000)  # 64 kB: bounds the time on any port


def tidy() -> None:
    """Collect garbage and close the holes it leaves; on a Pico about 45 ms."""
    gc.collect()
    # What fills the holes counts as used: else a heap with many of them collects at each scan.
    threshold(_AMID_WORK_BYTES + _BLOCK_BYTES * _close_holes(_room()))


def is_full() -> bool:
    """Whether less than a sixteenth of the heap, 15 kB of a Pico's, is free at the moment.

    Garbage counts as used. Takes a Pico 15 ms.
    """
    free = mem_free()
    return free * _FULL < free + mem_alloc()


def is_short() -> bool:
    """Whether, after a collection, less than a sixth of the heap is free."""
    free = mem_free()
    return bool(free * _SHORT < free + mem_alloc())


def seldom_amid_work() -> None:
    """From now on `tidy` collects, and MicroPython itself only after so much was used.

    A scan uses 6 kB. Much more, and what stays of it would lie strewn over the free room: after
    an upload its largest piece was then 6 kB of 55.
    """
    threshold(_AMID_WORK_BYTES)


def low(load: "Callable[..., Any]", *arguments: "Any") -> "Any":
    """What `load(*arguments)` returns: things that stay for long, packed low in the heap.

    Else they lie wherever the search for room has come to, and garbage beside them leaves holes.
    """
    gc.collect()
    before = threshold()
    threshold(_LOADING_BYTES)
    try:
        return load(*arguments)
    finally:
        threshold(before)


def _room() -> int:
    """Where the room that is free begins; 0 where there is none: then nothing is to be gained."""
    try:
        return int(addressof(bytearray(_ROOM_BYTES)))
    except MemoryError:
        return 0


def _close_holes(room: int) -> int:
    """Fill the holes below `room` and say how many; on a Pico about 15 ms.

    What fills them is garbage itself, 16 bytes a piece, and goes with the next collection.
    Nothing here may be larger than what MicroPython calls without the heap (44 bytes of state):
    the frame of a larger function lies in one of the holes, which is open again when it returns.
    """
    chain: Any = None
    filled = 0
    while filled < _MAX_HOLES and id(chain) < room:
        chain = (chain,)  # one block, the smallest there is
        filled += 1
    return filled
