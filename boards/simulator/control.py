"""The hand at the simulated scanner: presses buttons, breaks a task, asks for memory figures."""

import asyncio
import gc
import json
import sys

import board
import flash
from wire import trace

from gatescan.app import reading
from gatescan.core.compat import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Callable

    from parts import Pin
    from sim_readers import Readers
    from wire import Stream

    from gatescan.app.scanner import Scanner

_BUTTON = {"ok": 0, "back": 1}


async def serve(
    scanner: "Scanner",
    buttons: "tuple[Pin, Pin]",
    stream: "Stream",
    bench: "Callable[[], Readers]",
) -> None:
    """Carry out one JSON line after the other from `stream`, for ever.

    {"do": "press", "button": "ok"|"back", "ms": 120} · {"do": "kill", "task": NAME} ·
    {"do": "memory"} · {"do": "cut", "writes": N}: the power goes in the Nth write to flash ·
    {"do": "join", "on": true|false}: a wire from barcode_tx to barcode_rx ·
    {"do": "display", "plug": "in"|"out"|"stuck"}: stuck, it holds the bus ·
    {"do": "lay", "tag": {..}} · {"do": "take_away"}: all tags · {"do": "reader", "what": ..} ·
    {"do": "engine", "what": ..}: sim_readers.py says more of these four; one of them that cannot
    be carried out changes nothing and is told as the event "refused"
    """
    chunk = bytearray(256)
    line = b""
    while True:
        count = stream.readinto(chunk)
        if count == 0:
            sys.exit()  # whoever started this scanner is gone
        if count is None:
            await asyncio.sleep_ms(10)
            continue
        line += chunk[:count]
        while b"\n" in line:
            one, _, line = line.partition(b"\n")
            await _carry_out(json.loads(one), scanner, buttons, bench)


async def _carry_out(
    order: dict,
    scanner: "Scanner",
    buttons: "tuple[Pin, Pin]",
    bench: "Callable[[], Readers]",
) -> None:
    what = order["do"]
    if what == "press":
        pin = buttons[_BUTTON[order["button"]]]
        pin.level = 0
        await asyncio.sleep_ms(order.get("ms", 120))
        pin.level = 1
        await asyncio.sleep_ms(80)
    elif what == "kill":
        scanner.supervisor.kill(order["task"])
    elif what == "memory":
        reading.make_room()  # as the gate does when RAM is short
        gc.collect()
        trace.emit("memory", free=gc.mem_free(), used=gc.mem_alloc())
    elif what == "cut":
        flash.device.cut_in = order["writes"]
    elif what == "join":
        scanner.gate.barcode.uart.joined = order["on"]
    elif what == "display":
        board.i2c_display().unplug(order["plug"])
    else:
        import sim_readers

        try:
            sim_readers.obey(order, bench(), scanner.gate.barcode.uart)
        except (KeyError, ValueError, TypeError) as fault:
            trace.emit("refused", order=order, error=str(fault))
