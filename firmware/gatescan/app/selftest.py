"""The scanner looks at each of its parts; loaded for that only (see rare.py).

What it says is what it can know. A part that answers is asked. A light or a sounder is only
driven, so a person looks and listens. A reader without a query is silent until something is
scanned: then it counts whether it was heard since the start and whether its line is held high.
"""

import gc
import os

from gatescan.app import storage
from gatescan.app.link.device_group import DEVICE_VISIT_OPEN
from gatescan.app.parts import note
from gatescan.app.runtime import mem_free
from gatescan.core.compat import TYPE_CHECKING, const
from gatescan.core.journal import chain, record
from gatescan.core.judgement import CONDITIONS
from gatescan.core.smp.message import G_DEVICE, SmpError
from gatescan.drivers.ticks import ticks_diff, ticks_ms

if TYPE_CHECKING:
    from typing import Any, Callable

    from gatescan.app.scanner import Scanner

    Finding = tuple[int, str, Any]

_PASS = const(0)
_FAIL = const(1)
_LOOK = const(2)
_PROBE = b"GATESCAN TEST"  # without an end: it can never become a scan
_PROBE_MS = const(60)  # the probe takes 14 ms at 9600 baud
_BYTE_MS = const(3)  # more than a byte takes at 9600 baud
_FILE = "selftest"
_FILE_BYTES = const(512)
_LEAST_FLASH_BYTES = const(49_152)  # two segments of the journal
_LEAST_ROOM = const(200)  # events
_LEAST_HEAP_BYTES = const(24_576)  # for verifying a table and an answer of the link
_LEAST_BLOCK_BYTES = const(4096)


def run(scanner: "Scanner", arguments: dict) -> dict:
    """`{"wire": true}` where a wire joins the reader's lines -> `{"parts": {name: finding}}`.

    A finding is [0 pass | 1 fail | 2 a person must look, code of the remedy or "", a figure or
    null]. Refused while a visit is open.
    """
    if scanner.checkpoint.visit_open:
        raise SmpError(G_DEVICE, DEVICE_VISIT_OPEN)
    gate = scanner.gate
    wire = _wire(gate.barcode.uart) if arguments.get("wire") else None
    answer = {
        "parts": {
            "display": _display(scanner),
            "light": (_LOOK, "look", None),
            "sounder": (_LOOK, "listen", None),
            "buttons": _buttons(scanner),
            "barcode": wire or _reader(scanner, "barcode", gate.barcode, True),
            "rfid": _reader(scanner, "rfid", gate.rfid, scanner.settings.on_line),
            "clock": _clock(scanner),
            "flash": _flash(scanner),
            "journal": _journal(scanner),
            "settings": _settings(scanner),
            "table": _table(scanner),
            "memory": _memory(),
            "link": _link(scanner),
            "tasks": _tasks(scanner),
            "start": _start(scanner),
        },
        "readers": {"barcode": gate.barcode.report(), "rfid": gate.rfid.report()},
    }
    note(scanner)  # the idle screen forgets what is well again
    return answer


def _display(scanner: "Scanner") -> "Finding":
    if scanner.panel.look_after_display():
        return _PASS, "", None
    return _FAIL, "display_silent", None


def _buttons(scanner: "Scanner") -> "Finding":
    for name, jammed in zip(("ok", "back"), scanner.gate.buttons.jammed()):
        if jammed:
            return _FAIL, "button_" + name, None
    return _LOOK, "press", None


def _reader(scanner: "Scanner", name: str, reader: "Any", on_line: bool) -> "Finding":
    heard = reader.heard
    if (on_line or not heard) and not _held(scanner.board.line_held, name):
        return _FAIL, name + "_unplugged", heard
    if reader.lost:
        return _FAIL, name + "_lost", heard
    return (_PASS, "", heard) if heard else (_LOOK, name + "_silent", 0)


def _held(line_held: "Callable[[str], bool]", name: str) -> bool:
    """Whether somebody drives the line at one moment at least: while a byte is sent it is low."""
    begun_ms = ticks_ms()
    while not line_held(name):
        if ticks_diff(ticks_ms(), begun_ms) > _BYTE_MS:
            return False
    return True


def _wire(uart: "Any") -> "Finding":
    """Whether what goes out of the line comes back: only with the wire, for an engine could take
    a text for a command."""
    chunk = bytearray(32)
    while uart.readinto(chunk):
        pass
    uart.write(_PROBE)
    heard = b""
    begun_ms = ticks_ms()
    while len(heard) < len(_PROBE) and ticks_diff(ticks_ms(), begun_ms) < _PROBE_MS:
        heard += bytes(chunk[: uart.readinto(chunk) or 0])
    return (_PASS, "", len(heard)) if heard == _PROBE else (_FAIL, "wire", len(heard))


def _clock(scanner: "Scanner") -> "Finding":
    clock = scanner.clock
    if clock.losses:
        return _FAIL, "clock_jumps", clock.losses
    return (_PASS, "", clock.utc()) if clock.is_set else (_FAIL, "clock_not_set", None)


def _flash(scanner: "Scanner") -> "Finding":
    """Write, read and erase a small file: its second half is what the first is not."""
    folder = scanner.board.storage_path().rstrip("/")
    path = folder + "/" + _FILE
    pattern = bytes(i * 7 & 0xFF for i in range(_FILE_BYTES // 2))
    pattern += bytes(byte ^ 0xFF for byte in pattern)
    try:
        with open(path, "wb") as file:
            file.write(pattern)
        with open(path, "rb") as file:
            same = file.read() == pattern
        os.remove(path)
    except OSError:
        storage.remove(path)
        free = storage.free_bytes(folder)
        return _FAIL, "flash_full" if free < _LEAST_FLASH_BYTES else "flash_fault", free
    free = storage.free_bytes(folder)
    if not same:
        return _FAIL, "flash_fault", free
    return (_FAIL, "flash_full", free) if free < _LEAST_FLASH_BYTES else (_PASS, "", free)


def _journal(scanner: "Scanner") -> "Finding":
    """Whether the newest event follows from the one before it, and how many more fit."""
    journal = scanner.journal
    head = journal.head
    count = min(head.seq + 1 - journal.first_seq, 2)
    events = memoryview(bytearray(count * record.RECORD_BYTES))
    try:
        whole = not count or journal.read(head.seq + 1 - count, events) == count
    except OSError:
        whole = False
    if whole and count:
        before, last = events[: record.RECORD_BYTES], events[-record.RECORD_BYTES :]
        whole = bytes(last[record.BODY_BYTES :]) == head.link
        if whole and count == 2:
            body = last[: record.BODY_BYTES]
            whole = chain.link(before[record.BODY_BYTES :], body) == head.link
    if not whole:
        return _FAIL, "journal_damaged", head.seq
    room = journal.room
    return (_FAIL, "journal_full", room) if room < _LEAST_ROOM else (_PASS, "", room)


def _settings(scanner: "Scanner") -> "Finding":
    settings = scanner.settings
    if settings.damaged:
        return _FAIL, "settings_damaged", 0
    if not settings.provisioned:
        return _FAIL, "settings_none", 0
    copies = settings.copies()
    return (_PASS, "", copies) if copies == 2 else (_FAIL, "settings_one", copies)


def _table(scanner: "Scanner") -> "Finding":
    slots = scanner.tables.slots
    scanner.update_condition()
    if slots.table is None or slots.manifest is None:
        return _FAIL, "table_none", None
    expires = slots.manifest.not_after
    if CONDITIONS[scanner.checkpoint.condition] == "expired":
        return _FAIL, "table_expired", expires
    return _PASS, "", expires


def _memory() -> "Finding":
    """Free heap, and the largest block of it: pieces too small to use are not free."""
    gc.collect()
    low, high = 0, mem_free()
    free = high
    while high - low > 1024:
        middle = (low + high) // 2
        try:
            bytearray(middle)
            low = middle
        except MemoryError:
            high = middle
        gc.collect()
    if free < _LEAST_HEAP_BYTES or low < _LEAST_BLOCK_BYTES:
        return _FAIL, "memory", low
    return _PASS, "", low


def _link(scanner: "Scanner") -> "Finding":
    if scanner.router.faults:
        return _FAIL, "link_fault", scanner.router.faults
    return _PASS, "", scanner.server.dropped


def _tasks(scanner: "Scanner") -> "Finding":
    restarts = scanner.supervisor.restarts
    return (_FAIL, "tasks", restarts) if restarts else (_PASS, "", 0)


def _start(scanner: "Scanner") -> "Finding":
    cause = scanner.board.reset_cause()
    return (_FAIL, "watchdog", cause) if cause == "watchdog" else (_PASS, "", cause)
