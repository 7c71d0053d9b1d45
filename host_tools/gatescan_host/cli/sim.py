"""`gatescan sim`: a simulated scanner that any serial program can talk to."""

import json
import os
import signal
import sys
import threading
from pathlib import Path
from typing import Annotated, Any

import typer

from gatescan_host.cli.output import note
from gatescan_host.errors import GatescanError
from gatescan_host.link import provisioning
from gatescan_host.link.provisioning import Reader
from gatescan_host.link.session import ScannerLink
from gatescan_host.signing import keys
from gatescan_host.simulator.demo_table import demo_signed, equip
from gatescan_host.simulator.hand import Hand
from gatescan_host.simulator.scanner import SimulatedScanner
from gatescan_host.simulator.tags import Engine

# what a script wants to know; frames and blinking are for the view
_TOLD = ("ready", "verdict", "screen", "table", "fault", "memory", "refused", "stopped")


def register(app: typer.Typer) -> None:
    """Add the command to the top level."""
    app.command()(sim)


def sim(
    events: Annotated[bool, typer.Option("--events", help="A JSON line a change.")] = False,
    demo_table: Annotated[
        bool, typer.Option("--demo-table", help="Start provisioned, with the demo table.")
    ] = False,
    view: Annotated[bool, typer.Option("--view", help="Show screen, light, tone, keys.")] = False,
    state: Annotated[
        Path | None, typer.Option(help="Folder for flash and log; default: a temporary one.")
    ] = None,
    engine: Annotated[
        Engine, typer.Option(help="The barcode engine; a line only sends.")
    ] = Engine.LINE,
    reader: Annotated[Reader, typer.Option(help="The RFID reader.")] = Reader.RDM6300,
) -> None:
    """Start a simulated scanner: the shipped firmware on MicroPython, its wires on ptys.

    The first line on stdout names the ptys. It runs until interrupted.
    """
    stop = threading.Event()
    told = _Teller(stop)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: stop.set())
    with SimulatedScanner(state, watch=told.hear, engine=engine, reader=reader) as scanner:
        if demo_table:
            note("Preparing the demo key and table ...")
            key_folder, signed = demo_signed(scanner.state_dir)
            device_keys = scanner.state_dir / "devices"
            equip(scanner.ports.link, key_folder, signed, device_keys)
            if reader is not Reader.RDM6300:
                _wire(scanner, keys.public(key_folder), signed.site_id, device_keys)
        told.say({"event": "ports", **scanner.ports._asdict()})
        Hand(scanner, stop).start()
        if view:
            from gatescan_host.simulator.view import run_view

            run_view(scanner, stop)
            return
        told.aloud = events
        while not stop.wait(0.2):
            if told.stopped is not None:
                raise GatescanError(
                    f"The firmware stopped (exit {told.stopped}): see {scanner.console_log}."
                )


def _wire(scanner: SimulatedScanner, public_key: bytes, site_id: str, device_keys: Path) -> None:
    """Tell the scanner which readers it has, and restart it, for it learns that at its start."""
    own = scanner.reader  # an R200 takes the line of the RDM6300, the others do not
    readers = provisioning.wired([own] if own is Reader.R200 else [Reader.RDM6300, own])
    with ScannerLink(scanner.ports.link) as link:
        key_file = device_keys / f"{link.status()['device']}.key"
        provisioning.provision(link, public_key, site_id, "da", key_file, readers)
    scanner.power_cut()
    scanner.power_on()
    with ScannerLink(scanner.ports.link) as link:
        provisioning.unlock(link, key_file)
        link.set_time()


class _Teller:
    """Prints events as JSON lines once it may; whoever closed the pipe ends the program."""

    def __init__(self, stop: threading.Event) -> None:
        self.aloud = False
        self._stop = stop
        self.stopped: int | None = None
        self._lock = threading.Lock()

    def hear(self, event: dict[str, Any]) -> None:
        if event["event"] == "stopped":
            self.stopped = event["code"]
        if self.aloud and event["event"] in _TOLD:
            self.say(event)

    def say(self, event: dict[str, Any]) -> None:
        with self._lock:
            try:
                sys.stdout.write(json.dumps(event, ensure_ascii=False) + "\n")
                sys.stdout.flush()
            except BrokenPipeError:
                # Nobody listens any more. What is buffered must not fail again at the very end.
                os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
                self.aloud = False
                self._stop.set()
