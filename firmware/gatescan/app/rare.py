"""Rooms that are entered once in a while: loaded, used, forgotten. Code costs a board RAM."""

import gc
import sys

from gatescan.core.compat import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Any

_residents: "set[str]" = set()  # modules that stay; empty until `settle`


def call(room: str, function: str, *arguments: "Any") -> "Any":
    """What `function` of the module gatescan.app.`room` returns; the module is dropped after it.

    Raises MemoryError where there is no room to load it, and whatever the function raises. Nothing
    of the module may stay in use: state belongs to rooms that stay.
    """
    name = "gatescan.app." + room
    known = name in sys.modules  # somebody else keeps it
    try:
        module = __import__(name, None, None, (function,))
        return getattr(module, function)(*arguments)
    finally:
        if not known:
            forget(name)
            gc.collect()


def settle(prefix: str = "") -> None:
    """The modules loaded by now, those of a prefix, stay; all others are guests until `part`."""
    _residents.update([name for name in sys.modules if name.startswith(prefix)])


def part(prefix: "str | tuple[str, ...]" = "gatescan.") -> None:
    """Forget all guests, those of a prefix or of several; nothing of them may be in use.

    They come again when they are needed.
    """
    if not _residents:
        return
    guests = [n for n in sys.modules if n not in _residents and n.startswith(prefix)]
    for name in guests:
        forget(name)
    if guests:
        gc.collect()


def forget(name: str) -> None:
    """Let go of one module, which comes again when it is needed."""
    sys.modules.pop(name, None)
    parent, _, leaf = name.rpartition(".")
    package = sys.modules.get(parent)
    if hasattr(package, leaf):
        delattr(package, leaf)  # the import has noted it there as well
