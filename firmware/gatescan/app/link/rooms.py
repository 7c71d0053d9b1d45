"""What answers on the link: loaded when a host is heard, gone again when it has been silent.

The code would take a fifth of a board's RAM, and a scanner hears from its host once a day.
"""

import sys

from gatescan.app import heap, rare
from gatescan.app.link.server import BUFFER_BYTES
from gatescan.core.compat import TYPE_CHECKING, const
from gatescan.core.smp.message import G_DEVICE, G_IMAGE, G_JOURNAL, G_OS, G_TABLE

if TYPE_CHECKING:
    from typing import Any

    from gatescan.app.scanner import Scanner
    from gatescan.core.smp.message import Slices

# What is loaded for each, the innermost module first: an import within imports uses up the stack
# of a board (8 kB), and nobody looks at the readers before it ends.
LINE = "core.smp.crc16 core.smp.frame"
UPLOAD = (
    "core.trust.sha256 core.trust.lms core.trust.manifest core.trust.bundle core.trust.acceptance"
    " app.staging app.upload"
)
GROUPS = {
    G_OS: "app.link.iso_time app.link.os_group",
    G_IMAGE: UPLOAD + " app.link.image_group",
    G_TABLE: "app.parts core.trust.mac app.link.table_group",
    G_JOURNAL: "app.link.journal_group",
    G_DEVICE: "app.link.device_group",
}
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
        yield from load(LINE)
        return heap.low(self._open_line)

    def _open_line(self) -> "Any":
        from gatescan.core.smp.frame import FrameReader
        from gatescan.core.smp.message import Router

        router = self._scanner.router = Router(BUFFER_BYTES, self.find)
        self._scanner.auth.answer(router)
        return FrameReader(BUFFER_BYTES), router

    def find(self, group: int) -> "Slices":
        """Add the handlers of `group` to the router, if it is one of ours and not there yet."""
        if group in GROUPS and group not in self._open:
            yield from load(GROUPS[group])
            heap.low(self._add, group)
            self._open.append(group)

    def _add(self, group: int) -> None:
        scanner, auth = self._scanner, self._scanner.auth
        if group == G_OS:
            from gatescan.app.link.os_group import OsGroup

            OsGroup(scanner, auth)
        elif group == G_IMAGE:
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


def load(names: str) -> "Slices":
    """Import modules of this package that are not here yet, in the order of `names`."""
    for name in names.split():
        if "gatescan." + name not in sys.modules:
            heap.low(__import__, "gatescan." + name)
            yield
