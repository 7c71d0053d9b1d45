"""What answers on the link: loaded when a host is heard, gone again when it has been silent.

The code would take a fifth of a board's RAM, and a scanner hears from its host once a day.
"""

from gatescan.app import heap, rare
from gatescan.app.link.server import BUFFER_BYTES
from gatescan.core.compat import TYPE_CHECKING, const
from gatescan.core.smp.message import G_DEVICE, G_IMAGE, G_JOURNAL, G_OS, G_TABLE

if TYPE_CHECKING:
    from gatescan.app.scanner import Scanner
    from gatescan.core.smp.frame import FrameReader
    from gatescan.core.smp.message import Router

_QUIET_MS = const(10_000)  # hosts that ask again and again find the rooms open


class Rooms:
    """`open_line` loads the protocol, `find` a group; `tick` closes all after a while.

    The session stays: it is the scanner's `auth`.
    """

    def __init__(self, scanner: "Scanner") -> None:
        self._scanner = scanner
        self._open: list[int] = []

    def open_line(self) -> "tuple[FrameReader, Router]":
        """What reads the frames of the link, and what answers them."""
        return heap.low(self._load_line)

    def _load_line(self) -> "tuple[FrameReader, Router]":
        from gatescan.core.smp.frame import FrameReader
        from gatescan.core.smp.message import Router

        router = self._scanner.router = Router(BUFFER_BYTES, self.find)
        self._scanner.auth.answer(router)
        return FrameReader(BUFFER_BYTES), router

    def find(self, group: int) -> None:
        """Add the handlers of `group` to the router, if it is one of ours and not there yet."""
        if group not in self._open:
            heap.low(self._load, group)

    def _load(self, group: int) -> None:
        scanner, auth = self._scanner, self._scanner.auth
        if group == G_OS:
            from gatescan.app.link.os_group import OsGroup

            OsGroup(scanner, auth)
        elif group == G_IMAGE:
            # As in tables.py: the innermost import first, for the stack's sake.
            from gatescan.core.trust import sha256  # noqa: F401, I001
            from gatescan.app.link.image_group import ImageGroup

            ImageGroup(scanner)
        elif group == G_TABLE:
            from gatescan.app.link.table_group import TableGroup

            TableGroup(scanner, auth)
        elif group == G_JOURNAL:
            from gatescan.app.link.journal_group import JournalGroup

            JournalGroup(scanner, auth)
        elif group == G_DEVICE:
            from gatescan.app.link.device_group import DeviceGroup

            DeviceGroup(scanner, auth)
        else:
            return
        self._open.append(group)

    def tick(self, now_ms: int) -> None:
        """Close the rooms when nobody has asked for a while and no table is being checked."""
        scanner = self._scanner
        if not scanner.server.is_open or scanner.server.silent_ms(now_ms) < _QUIET_MS:
            return
        if scanner.tables.rest():
            self._open = []
            scanner.router = None
            scanner.server.close()
            rare.part()
