"""How the code of the link is loaded: a module at a time, so that readers are looked at meanwhile.

The innermost comes first: an import within imports uses up the stack of a board (8 kB), too.
"""

import sys

from gatescan.app import heap, rare
from gatescan.app.link.server import BUFFER_BYTES
from gatescan.core.compat import TYPE_CHECKING
from gatescan.core.smp.message import G_DEVICE, G_IMAGE, G_JOURNAL, G_OS, G_TABLE

if TYPE_CHECKING:
    from typing import Callable

    from gatescan.app.scanner import Scanner
    from gatescan.core.smp.frame import FrameReader
    from gatescan.core.smp.router import Router, Slices

LINE = "core.smp.cbor core.smp.crc16 core.smp.frame core.smp.router"
UPLOAD = (
    "core.trust.sha256 core.trust.lms core.trust.manifest core.trust.bundle core.trust.acceptance"
    " app.slot_record app.staging app.upload"
)
REPAIR = (
    "core.trust.sha256 core.trust.manifest core.trust.acceptance core.table.verify app.fixes"
    " app.mending"
)
OVERLAY = (
    "core.table.walk core.table.writer core.table.derived core.table.ops core.table.overlay"
)
MERGE = (
    "core.trust.sha256 core.smp.cbor core.table.walk core.table.writer core.table.derived"
    " core.table.merge app.slot_record"
)
OPENING = "core.table.codes core.table.directory core.table.site core.table.layers"
# What a check loads as it goes: a table is opened, tried and opened for use.
CHECK = OPENING + " core.table.verify app.slot_record app.overlaying app.taking"
GROUPS = {
    G_OS: "app.link.iso_time app.link.os_group",
    G_IMAGE: UPLOAD + " app.link.image_group",
    G_TABLE: "app.parts core.trust.mac app.link.table_group",
    G_JOURNAL: "app.link.journal_group",
    G_DEVICE: "app.link.device_group",
}


def load(names: str, low: bool = True) -> "Slices":
    """Import modules of this package that are not here yet, in the order of `names`.

    `low`: packed low in the heap, which takes twice as long; not for a while beside the gate.
    """
    for name in names.split():
        if "gatescan." + name not in sys.modules:
            if low:
                heap.low(__import__, "gatescan." + name)
            else:
                __import__("gatescan." + name)
            yield


def forget(names: str) -> None:
    """Let go of modules as `load` names them; nothing of them may be in use."""
    for name in names.split():
        rare.forget("gatescan." + name)


def line(scanner: "Scanner", find: "Callable[[int], Slices]") -> "tuple[FrameReader, Router]":
    """What reads frames and what answers them; `find` adds groups to it."""
    from gatescan.core.smp.frame import FrameReader
    from gatescan.core.smp.router import Router

    router = scanner.router = Router(BUFFER_BYTES, find)
    scanner.auth.answer(router)
    return FrameReader(BUFFER_BYTES), router


def add(scanner: "Scanner", group: int) -> None:
    """Add the handlers of `group`, one of GROUPS, to the scanner's router."""
    auth = scanner.auth
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
