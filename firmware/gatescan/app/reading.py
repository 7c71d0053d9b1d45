"""Tags while memory is short: what those of late have loaded goes, then a person looks.

Each kind of tag is read by code of its own, which is loaded with the first of them.
"""

import sys

from gatescan.app import heap, rare
from gatescan.core.compat import TYPE_CHECKING
from gatescan.core.tags.scheme import refused

if TYPE_CHECKING:
    from typing import Any, Callable

    from gatescan.core.answers import Step
    from gatescan.core.seals.look import SealRead
    from gatescan.core.tags.scheme import Tag
    from gatescan.core.visit import Checkpoint

_ROOMS = ("gatescan.core.tags.", "gatescan.core.seals.")
_loaded = False  # by tags, since it was last looked whether there is room
FULL = "The scanner had no memory left to read the tag: inspect the item by hand."


def make_room() -> None:
    """Forget what the tags of late have loaded; it comes again when it is needed."""
    rare.part(_ROOMS)


def tag_of(read: "Callable[..., Tag]", *arguments: "Any") -> "Tag":
    """The tag that `read(*arguments)` returns; refused where memory is too short."""
    try:
        return again(read, *arguments)
    except MemoryError:
        return refused(FULL)


def again(work: "Callable[..., Any]", *arguments: "Any") -> "Any":
    """What `work(*arguments)` returns; where memory runs out it is done once more with more room.

    Raises MemoryError where that is too little as well.
    """
    global _loaded
    count = len(sys.modules)
    try:
        found = work(*arguments)
    except MemoryError:
        make_room()
        found = work(*arguments)
    _loaded = _loaded or len(sys.modules) != count
    return found


def steps(checkpoint: "Checkpoint", tag: "Tag", seen: "SealRead | None") -> "list[Step]":
    """What follows from one tag; where memory is too short, that a person has to look."""
    try:
        found = again(checkpoint.scan, tag, seen)
    except MemoryError:
        checkpoint.press_back()  # nothing that was begun counts on
        found = checkpoint.scan(refused(FULL))
    _leave_room()
    return found


def _leave_room() -> None:
    """For logging and showing the answer, where reading the tag has loaded something.

    Not after each tag: asking how much is free passes the whole heap, 15 ms on a Pico.
    """
    global _loaded
    if _loaded and heap.is_full():
        make_room()
    _loaded = False
