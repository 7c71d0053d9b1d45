"""The start of the scanner, from its parts to the idle screen. A rare room.

Meanwhile there is a moment in which a person or a tool can stop it.
"""

import time

import gatescan
from gatescan.app import parts, rare
from gatescan.app.runtime import mem_free
from gatescan.core.compat import TYPE_CHECKING, const
from gatescan.core.journal import record
from gatescan.core.journal.segments import SEGMENT_RECORDS
from gatescan.drivers.ticks import ticks_diff, ticks_ms

if TYPE_CHECKING:
    from typing import Iterator

    from gatescan.app.scanner import Scanner

# The journal keeps the cause of a start as its position here plus 1: never renumber.
RESET_CAUSES = ("power_on", "watchdog", "reset")
_RECALL_RECORDS = const(20)  # read at a time
_WATCHDOG_MS = const(8000)
_STOP_WINDOW_MS = const(300)
_STOP = b"\x03"  # Ctrl-C


def bring_up(scanner: "Scanner") -> bool:
    """Open the stored table, log the start, show that the scanner is ready.

    False when somebody has stopped it instead.
    """
    opening = scanner.tables.opening()
    if _stopped(scanner, opening):
        return False
    cause = scanner.board.reset_cause()
    scanner.log(
        record.JK_BOOT,
        verdict=1 + RESET_CAUSES.index(cause) if cause in RESET_CAUSES else 0,
    )
    for _ in opening:
        pass
    scanner.adopt()
    _recall_seals(scanner)
    if scanner.settings.provisioned:
        scanner.panel.guard(scanner.board.watchdog(_WATCHDOG_MS))
    scanner.panel.show_idle(scanner.checkpoint.idle_screen())
    parts.announce(scanner)
    rare.part()
    if scanner.board.observe is not None:
        scanner.board.observe(
            "ready",
            firmware=gatescan.__version__,
            board=scanner.board.NAME,
            device=scanner.settings.device_id,
            condition=scanner.checkpoint.condition_name,
            heap_free=mem_free(),
        )
    return True


def _recall_seals(scanner: "Scanner") -> None:
    """Seals used before the power went are used: the last segment of the journal knows."""
    buffer = bytearray(_RECALL_RECORDS * record.RECORD_BYTES)
    seq = max(scanner.journal.first_seq, scanner.journal.head.seq - SEGMENT_RECORDS)
    while True:
        count = scanner.journal.read(seq, buffer)
        for i in range(count):
            event = record.unpack(buffer, i * record.RECORD_BYTES)
            if event.kind == record.JK_SEALED:
                scanner.checkpoint.recall_seal(event.tag)
        if not count:
            return
        seq += count


def _stopped(scanner: "Scanner", opening: "Iterator[None]") -> bool:
    """Whether somebody wants the prompt instead of the scanner; `opening` goes on meanwhile.

    BACK held at power-on always stops: whoever can do that holds the device. Ctrl-C on the link
    stops only a scanner that has no keys yet, for a power cycle must not open one that has.
    """
    factory_new = not scanner.settings.provisioned and not scanner.settings.damaged
    chunk = bytearray(16)
    begun_ms = ticks_ms()
    window_ms = getattr(scanner.board, "STOP_WINDOW_MS", _STOP_WINDOW_MS)
    try:
        while ticks_diff(ticks_ms(), begun_ms) < window_ms:
            if not scanner.button_pins[1].value():
                return True
            if factory_new:
                count = scanner.stream.readinto(chunk)
                if count and _STOP in bytes(chunk[:count]):
                    return True
            if next(opening, scanner) is scanner:  # over
                time.sleep(0.01)
    except KeyboardInterrupt:
        return factory_new
    return False
