"""From power-on to running tasks, with a moment in which a person or a tool can stop it."""

import asyncio

import board

from gatescan import BUILD_ID, __version__
from gatescan.app import heap, rare, storage
from gatescan.app.runtime import mem_free, print_exception, sleep_ms
from gatescan.app.scanner import Scanner
from gatescan.core.compat import TYPE_CHECKING, const
from gatescan.drivers.ticks import ticks_diff, ticks_ms

if TYPE_CHECKING:
    from typing import Any

_VERIFY_PAUSE_MS = const(2)  # between two slices: readers and link come first
_IDLE_PAUSE_MS = const(100)


def main() -> None:
    """Run the scanner for ever; returns only when it was stopped in the stop window."""
    print("Gatescan", __version__, "on", board.NAME, "build", BUILD_ID)
    folder = board.storage_path()
    if storage.size(folder + "maintenance") >= 0 and rare.call("maintenance", "due", folder):
        print("maintenance: the prompt is open until the next restart")
        return
    scanner = Scanner(board)
    if not rare.call("bring_up", "bring_up", scanner):
        print("stopped in the start window")
        return
    # Leaving that room has collected: `free` would else tell how long ago that was.
    print("ready, device", scanner.settings.device_id, "free", mem_free())
    asyncio.run(_run(scanner))


async def _run(scanner: Scanner) -> None:
    heap.seldom_amid_work()
    asyncio.get_event_loop().set_exception_handler(_unhandled)
    start = scanner.supervisor.start
    start("panel", lambda: scanner.panel.serve(scanner.checkpoint.idle_screen))
    start("link", scanner.server.serve)
    start("barcode", scanner.gate.serve_barcode)
    start("rfid", scanner.gate.serve_rfid)
    start("buttons", scanner.gate.serve_buttons)
    start("tables", lambda: _serve_tables(scanner))
    background = getattr(board, "background", None)
    if background is not None:
        for name, function in background(scanner):
            start(name, function)
    while True:
        await asyncio.sleep(3600)


async def _serve_tables(scanner: Scanner) -> None:
    """Verify tables slice by slice, watch the clock, keep the condition and the journal ready."""
    shown = scanner.checkpoint.condition
    ticked_ms = ticks_ms()
    while True:
        busy = scanner.tables.step()
        now_ms = ticks_ms()
        if busy and ticks_diff(now_ms, ticked_ms) < _IDLE_PAUSE_MS:
            await sleep_ms(_VERIFY_PAUSE_MS)
            continue
        ticked_ms = now_ms
        scanner.tick(now_ms)
        if scanner.checkpoint.condition != shown and not scanner.panel.unread:
            shown = scanner.checkpoint.condition
            if not scanner.checkpoint.visit_open:
                scanner.panel.show_idle(scanner.checkpoint.idle_screen())
        scanner.upkeep.step()
        await sleep_ms(_VERIFY_PAUSE_MS if busy else _IDLE_PAUSE_MS)


def _unhandled(loop: "Any", context: "dict[str, Any]") -> None:
    """A supervisor itself has died, so a task would stay dead unseen: the whole board restarts."""
    try:
        print_exception(context["exception"])
    finally:
        board.reset()
