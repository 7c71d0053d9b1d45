"""The simulated scanner in a terminal: its screen, light, tone and buttons, live."""

import contextlib
import os
import select
import sys
import termios
import threading
import tty

from rich.console import Console, Group
from rich.live import Live
from rich.panel import Panel
from rich.text import Text

from gatescan_host.errors import GatescanError
from gatescan_host.simulator.picture import to_lines
from gatescan_host.simulator.scanner import SimulatedScanner

_FRAMES_PER_S = 15
_HELP = "type a code + Enter = scan · o = OK · b = BACK · u = power off/on · q = quit"


def run_view(scanner: SimulatedScanner, stop: threading.Event) -> None:
    """Draw until `stop` is set; typed codes go to the barcode engine."""
    keyboard = sys.stdin.fileno() if sys.stdin.isatty() else None
    before = termios.tcgetattr(keyboard) if keyboard is not None else None
    if keyboard is not None:
        tty.setcbreak(keyboard)
    typed = ""
    try:
        with Live(console=Console(), refresh_per_second=_FRAMES_PER_S) as live:
            while not stop.is_set():
                live.update(_picture(scanner, typed))
                for key in _keys(keyboard):
                    with contextlib.suppress(GatescanError):  # nothing to press without power
                        typed = _press(scanner, stop, typed, key)
    finally:
        if keyboard is not None and before is not None:
            termios.tcsetattr(keyboard, termios.TCSADRAIN, before)


def _keys(keyboard: int | None) -> str:
    if keyboard is None:
        threading.Event().wait(1 / _FRAMES_PER_S)
        return ""
    if not select.select([keyboard], [], [], 1 / _FRAMES_PER_S)[0]:
        return ""
    return os.read(keyboard, 64).decode(errors="ignore")


def _press(scanner: SimulatedScanner, stop: threading.Event, typed: str, key: str) -> str:
    """Carry out one key; returns what has been typed of a code."""
    if key in "\r\n":
        if typed:
            scanner.barcode(typed)
        return ""
    if key in "\b\x7f":
        return typed[:-1]
    if typed or key.isdigit() or key.isupper():
        return typed + key
    if key == "o":
        scanner.press("ok")
    elif key == "b":
        scanner.press("back")
    elif key == "u":
        if scanner.powered:
            scanner.power_cut()
        else:
            scanner.power_on(wait=False)
    elif key == "q":
        stop.set()
    return typed


def _picture(scanner: SimulatedScanner, typed: str) -> Group:
    red, green, blue = (min(255, value * 2) for value in scanner.light)
    lamp = Text("  ●●●  ", style=f"bold rgb({red},{green},{blue})" if scanner.powered else "dim")
    tone = f"♪ {scanner.hz} Hz" if scanner.hz else "♪ silent"
    screen = Text("\n".join(to_lines(scanner.frame)), style="bold bright_cyan")
    state = Text.assemble(
        "light", lamp, f"  tone {tone:<12}", "  [ OK ] [ BACK ]",
        "" if scanner.powered else "   POWER OFF",
    )  # fmt: skip
    paths = Text(
        f"link {scanner.ports.link}   barcode {scanner.ports.barcode}   "
        f"rfid {scanner.ports.rfid}   control {scanner.ports.control}",
        style="dim",
    )
    return Group(
        Panel(screen, title="Gatescan", width=68), state, paths, Text(_HELP, style="dim"),
        Text(f"> {typed}"),
    )  # fmt: skip
