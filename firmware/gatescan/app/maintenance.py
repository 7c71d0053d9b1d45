"""The prompt of a scanner for a host that holds its key: asked for on the link, once.

A note in the flash outlives the restart that the request brings; the start removes it and ends
in MicroPython's prompt. The start after that is a scanner again.
"""

from gatescan.app import storage
from gatescan.core.compat import TYPE_CHECKING
from gatescan.core.journal import record

if TYPE_CHECKING:
    from typing import Any

    from gatescan.app.scanner import Scanner

_NOTE = "maintenance"


def ask(scanner: "Scanner", arguments: "dict[str, Any]") -> "dict[str, Any]":
    """Log it, leave the note and restart after the answer; the caller has checked the session."""
    scanner.log(record.JK_MAINTENANCE)
    with open(scanner.board.storage_path() + _NOTE, "wb") as file:
        file.write(b"\n")
    scanner.server.after_answer = scanner.reset
    return {}


def due(folder: str) -> bool:
    """Whether this start was asked to end in the prompt; true once.

    False as well where the note cannot be removed: every start from then on would end there.
    """
    path = folder + _NOTE
    if storage.size(path) < 0:
        return False
    storage.remove(path)
    return storage.size(path) < 0
