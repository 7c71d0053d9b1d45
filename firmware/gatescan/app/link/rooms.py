"""What answers on the link: loaded when a host is heard, gone again when it has been silent.

The code would take a fifth of a board's RAM, and a scanner hears from its host once a day.
"""

from gatescan.app import heap, rare
from gatescan.core.compat import TYPE_CHECKING, const

if TYPE_CHECKING:
    from gatescan.app.scanner import Scanner
    from gatescan.core.smp.router import Slices

_PAUSE_MS = const(1000)  # hosts that wait for the end of a merge ask less often
_QUIET_MS = const(10_000)  # hosts that ask again and again find the rooms open


class Rooms:
    """`open_line` loads the protocol, `find` a group, both in slices; `tick` closes all again.

    The session stays: it is the scanner's `auth`.
    """

    def __init__(self, scanner: "Scanner") -> None:
        self._scanner = scanner
        self._open: list[int] = []

    def open_line(self) -> "Slices":
        """What reads the frames of the link, and what answers them: FrameReader, Router."""
        from gatescan.app.link import loading

        if not self._scanner.tables.guests:
            rare.part()  # what scans have loaded comes again with the next one
        yield from loading.load(loading.LINE)
        return heap.low(loading.line, self._scanner, self.find)

    def find(self, group: int) -> "Slices":
        """Add the handlers of `group` to the router, if it is one of ours and not there yet."""
        from gatescan.app.link import loading

        if group in loading.GROUPS and group not in self._open:
            yield from loading.load(loading.GROUPS[group])
            heap.low(loading.add, self._scanner, group)
            self._open.append(group)

    def tick(self, now_ms: int) -> None:
        """Close the rooms when nobody has asked for a while and no table is being checked.

        When nobody has asked for a moment, an overlay is merged.
        """
        scanner = self._scanner
        server, tables = scanner.server, scanner.tables
        silent_ms = server.silent_ms(now_ms)
        if tables.slots.over and silent_ms >= _PAUSE_MS:
            tables.begin_merge()
        if server.is_open and silent_ms < _QUIET_MS:
            return
        if (server.is_open or (tables.guests and tables.merging is None)) and tables.rest():
            tables.guests = tables.merging is not None
            self._open = []
            scanner.router = None
            server.close()
            rare.part()
