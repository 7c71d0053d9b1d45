"""A gate on the bench: a provisioned simulated scanner, its host tools, and hands for both."""

import contextlib
import os
import select
import shutil
import struct
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import demo_site as demo_site
import in_slices
from gatescan.core.smp import cbor
from gatescan.core.smp.frame import FrameReader, encode_lines
from gatescan_host.simulator.checkout import micropython
from gatescan_host.simulator.scanner import Event, SimulatedScanner
from host_side import CARD as CARD
from host_side import RADIO as RADIO
from host_side import SEAL as SEAL
from host_side import SENTENCE_WORDS as SENTENCE_WORDS
from host_side import SPREAD as SPREAD
from host_side import UNKNOWN as UNKNOWN
from host_side import VODKA as VODKA
from host_side import Done as Done
from host_side import HostSide
from host_side import flip as flip
from host_side import gatescan as gatescan
from host_side import is_sentence as is_sentence
from host_side import public_key as public_key
from host_side import table as table
from host_side import until as until

ROOT = Path(__file__).resolve().parents[2]
_MESSAGE_BYTES = 2048
_ABSENT_S = 0.4  # drivers/rdm6300.py waits 300 ms before it believes that a card is gone


def command(*arguments: str | Path) -> list[str]:
    """The command line of `gatescan` as a program of its own."""
    code = "from gatescan_host.cli.main import main; main()"
    return [sys.executable, "-c", code, *map(str, arguments)]


def environment(**more: str) -> dict[str, str]:
    """The environment in which that program finds this checkout."""
    path = os.pathsep.join((str(ROOT / "firmware"), str(ROOT / "host_tools")))
    return {**os.environ, "PYTHONPATH": path, "NO_COLOR": "1", **more}


def flash_script(state_dir: Path, code: str) -> str:
    """Run MicroPython `code` on the flash of a scanner that is off; returns what it printed."""
    mount = f"import flash, os\nflash.mount({str(state_dir / 'flash.bin')!r})\n"
    path = os.pathsep.join((str(ROOT / "boards/simulator"), str(ROOT / "firmware"), ".frozen"))
    done = subprocess.run(
        [micropython(), "-X", "heapsize=8m", "-c", mount + code],
        env={**os.environ, "MICROPYPATH": path, "GATESCAN_SIM": "{}"},
        capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


class Gate(HostSide):
    """A simulated scanner with keys, a clock, the demo table, and the host's things for it."""

    def __init__(self, folder: Path, scanner: SimulatedScanner) -> None:
        super().__init__(folder)
        self.scanner = scanner
        self._presented_s = 0.0

    @property
    def port(self) -> str:
        """The pty of the link."""
        return self.scanner.ports.link

    @contextlib.contextmanager
    def plugged(self) -> Iterator[str]:
        """The cable is always in."""
        yield self.port

    @property
    def scanner_id(self) -> str:
        """The id that the scanner reports."""
        return (self.scanner.state_dir / "unique_id").read_text().strip()

    def scan(self, code: str | bytes) -> Event:
        """Scan a barcode; returns its verdict."""
        self.scanner.forget_events()
        self.scanner.barcode(code)
        return self.scanner.wait_for("verdict")

    def open_visit(self) -> None:
        """Hold the visit card to the reader."""
        # A card that was not away for a while is the same presence still.
        time.sleep(max(0.0, self._presented_s + _ABSENT_S - time.monotonic()))
        self.scanner.forget_events()
        self.scanner.present(CARD)
        self._presented_s = time.monotonic()
        self.scanner.wait_for("screen")

    def allows(self) -> bool:
        """Whether an allowed thing gets its `allow`: table, law, clock and readers all work."""
        self.open_visit()
        return bool(self.scan(SPREAD)["verdict"] == "allow")

    def restart(self) -> None:
        """Power away and back; the clock is lost."""
        self.scanner.power_cut()
        self.scanner.forget_events()
        self.scanner.power_on()

    def cut_in(self, writes: int) -> None:
        """Let the power go in the middle of the `writes`th write to flash from now on."""
        self.order({"do": "cut", "writes": writes})

    def order(self, order: dict[str, Any]) -> None:
        """Hand an order to the board; it is in force when this returns."""
        self.scanner.order(order)
        self.scanner.order({"do": "memory"})
        self.scanner.wait_for("memory")

    def close(self) -> None:
        """Power off for good."""
        self.scanner.close()


class Wire:
    """A pty as any program opens it, with SMP messages on top when they are wanted."""

    def __init__(self, path: str) -> None:
        self.descriptor = os.open(path, os.O_RDWR | os.O_NOCTTY)
        self._reader = FrameReader(_MESSAGE_BYTES)
        self._messages: list[bytes] = []

    def send(self, data: bytes) -> None:
        """Write all of `data`; whoever is at the other end drains it meanwhile."""
        while data:
            data = data[os.write(self.descriptor, data[:1024]) :]

    def ask(self, op: int, group: int, command: int, arguments: dict[str, Any]) -> dict[str, Any]:
        """One SMP exchange (version 2), with any arguments whatever; the answer's map."""
        body = cbor.encode(arguments)
        self.send(encode_lines(struct.pack(">BBHHBB", op | 8, 0, len(body), group, 7, command)
                               + body))  # fmt: skip
        answer = self.receive()
        assert answer[0] & 7 == op | 1 and answer[6:8] == bytes((7, command)), answer[:8].hex()
        return cbor.decode(answer[8:])

    def receive(self, limit_s: float = 5.0) -> bytes:
        """The next message; fails when none comes."""
        deadline = time.monotonic() + limit_s
        while not self._messages:
            left = max(0.0, deadline - time.monotonic())
            assert select.select([self.descriptor], [], [], left)[0], "no answer came"
            part = os.read(self.descriptor, 4096)
            self._messages += in_slices.messages(self._reader, part)
        return self._messages.pop(0)

    def close(self) -> None:
        """Close the pty."""
        os.close(self.descriptor)


def simulator(folder: Path, **options: Any) -> SimulatedScanner:
    """A scanner with its flash in `folder`, off; it starts without waiting to be stopped."""
    return SimulatedScanner(folder / "scanner", **{"stop_window_ms": 20, **options})


def copy_of(template: Path, folder: Path) -> None:
    """Copy flash, identity and keys of a scanner that is off."""
    shutil.copytree(template, folder, dirs_exist_ok=True)
