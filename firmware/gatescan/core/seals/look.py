"""One look at a seal: is it the seal that it should be, and does it prove itself?

What a seal can tell differs. A numbered or barcoded one says only which number it has: whether it
is whole a person must see. NTAG 213 TT tells whether it was opened, but can be copied. NTAG 424
DNA proves itself, and as TagTamper whether it was opened. Where the table knows how a seal proves
itself, nothing less will do.
"""

from collections import namedtuple

from gatescan.core import codes
from gatescan.core.compat import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Protocol

    from gatescan.core.table.reader import Table
    from gatescan.core.table.records import TagRecord

    class Counters(Protocol):
        """The highest counters seen of seals, kept over a loss of power."""

        def last(self, __uid: bytes) -> int:
            """The highest counter seen of a seal, -1 for none."""

        def note(self, __uid: bytes, __ctr: int) -> bool:
            """Keep a counter; False when that failed."""


# uid: of the chip; ndef: its NDEF message, None when it was not read; status: the answer to
# READ_TT_STATUS of an NTAG 213 TT, None without
SealRead = namedtuple("SealRead", ("uid", "ndef", "status"))


def look(
    table: "Table",
    entry: "TagRecord",
    expected: int,
    used: bool,
    seen: "SealRead | None",
    counters: "Callable[[], Counters] | None",
) -> int:
    """SO_* of the seal whose tag record is `entry`.

    `expected`: the number of the seal that the item has in the table, 0 for a fresh one that is
    to be put on; `used`: it was put on another item lately; `seen`: what a reader found in it.
    """
    number = entry.arg
    record = table.seal(number) if number else None
    bound = isinstance(record, tuple) and bool(record.flags & codes.SB_BOUND)
    if number != expected and (expected or bound or used):
        return codes.SO_REUSED if bound or used else codes.SO_WRONG
    if not number:
        return codes.SO_INTACT  # a number is all there is
    if not isinstance(record, tuple):
        return codes.SO_UNREADABLE
    if record.kind == codes.SK_NUMBERED:
        return codes.SO_INTACT
    if seen is None:
        return codes.SO_UNREADABLE  # its number in print proves nothing
    from gatescan.core.seals.proof import proved

    return proved(record, seen, counters() if counters is not None else None)
