"""The control pty: JSON lines from a script, carried out at the simulated scanner."""

import json
import os
import re
import select
import threading
from typing import Any

from gatescan_host.errors import GatescanError
from gatescan_host.simulator.scanner import SimulatedScanner

TASKS = ("panel", "link", "barcode", "rfid", "buttons", "tables", "control")
_BUTTONS = ("ok", "back")
_FAULTS = {
    "engine": ("mute", "unplug", "plug", "restart", "reset", "setup_code", "damage"),
    "reader": ("unplug", "plug", "hang", "mute", "flip"),
}
_NUMBERS = ("count", "bit", "address", "value")
_LONGEST_PRESS_MS = 10_000
_LONGEST = 4096


class Hand:
    """{"do": "press", "button": "ok"} · {"do": "present", "uid": "10 hex digits"} ·
    {"do": "lay", "tag": {"kind": "type2", "uid": "14 hex digits", ..}} · {"do": "take_away"} ·
    {"do": "engine"|"reader", "what": "mute", "count": 3} · {"do": "power_cut"} ·
    {"do": "power_on"} · {"do": "kill", "task": NAME} · {"do": "memory"} · {"do": "quit"}.
    Every line is answered with {"ok": true} or {"ok": false, "error": ...}."""

    def __init__(self, scanner: SimulatedScanner, stop: threading.Event) -> None:
        self._scanner = scanner
        self._stop = stop

    def start(self) -> None:
        """Listen in a thread, until the program ends."""
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        master = self._scanner.control_master
        line = b""
        while not self._stop.is_set():
            if not select.select([master], [], [], 0.2)[0]:
                continue
            try:
                line += os.read(master, _LONGEST)
            except OSError:
                return  # the scanner was closed
            while b"\n" in line or b"\r" in line:
                one, _, line = line.replace(b"\r", b"\n").partition(b"\n")
                if one.strip():
                    os.write(master, json.dumps(self._obey(one)).encode() + b"\r\n")
            line = line[-_LONGEST:]

    def _obey(self, line: bytes) -> dict[str, Any]:
        try:
            order = _order(line)
            what = order["do"]
            if what == "press":
                self._press(order["button"], _number(order, "ms", 120))
            elif what == "kill":
                if order["task"] not in TASKS:
                    raise ValueError(f"there is no task {order['task']!r}")
                self._scanner.order({"do": "kill", "task": order["task"]})
            elif what == "memory":
                self._scanner.order({"do": "memory"})
            elif what == "present":
                self._scanner.present(_uid(order["uid"]))
            elif what == "lay":
                if not isinstance(order["tag"], dict):
                    raise ValueError('a tag is an object: write {"kind": ..}')
                self._scanner.lay(**order["tag"])
            elif what == "take_away":
                self._scanner.take_away()
            elif what in _FAULTS:
                if order["what"] not in _FAULTS[what]:
                    raise ValueError(f"faults of the {what} are {', '.join(_FAULTS[what])}")
                numbers = {name: _number(order, name) for name in _NUMBERS if name in order}
                self._scanner.fault(what, order["what"], **numbers)
            elif what == "power_cut":
                self._scanner.power_cut()
            elif what == "power_on":
                self._scanner.power_on(wait=False)
            elif what == "quit":
                self._stop.set()
            else:
                return {"ok": False, "error": f"unknown order {what!r}"}
        except KeyError as missing:
            return {"ok": False, "error": f"The order has no {missing}: write it."}
        except (ValueError, TypeError, OverflowError) as fault:
            return {"ok": False, "error": f"not an order: {fault}"}
        except GatescanError as refusal:
            return {"ok": False, "error": str(refusal)}
        return {"ok": True}

    def _press(self, button: str, ms: int) -> None:
        if button not in _BUTTONS or not 0 < ms <= _LONGEST_PRESS_MS:
            raise ValueError(f"press ok or back for 1 to {_LONGEST_PRESS_MS} ms")
        self._scanner.press(button, ms)


def _order(line: bytes) -> dict[str, Any]:
    try:
        order = json.loads(line)
    except ValueError:
        raise ValueError('the line is no JSON: write {"do": ..}') from None
    if not isinstance(order, dict):
        raise ValueError('the line is no JSON object: write {"do": ..}')
    return order


def _number(order: dict[str, Any], name: str, otherwise: int = 0) -> int:
    value = order.get(name, otherwise)
    if type(value) is not int:
        raise ValueError(f"{name} is a whole number")
    return value


def _uid(value: object) -> str:
    if not isinstance(value, str) or not re.fullmatch(r"[0-9A-Fa-f]{10}", value):
        raise ValueError("a uid has 10 hex digits")
    return value
