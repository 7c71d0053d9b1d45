"""A gate on the bench: a provisioned simulated scanner, its host tools, and hands for both."""

import contextlib
import io
import json
import os
import select
import shutil
import struct
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, NamedTuple
from unittest import mock

import demo_site
from gatescan.core.smp import cbor
from gatescan.core.smp.frame import FrameReader, encode_lines
from gatescan_host.cli.main import main
from gatescan_host.link.provisioning import provision, unlock
from gatescan_host.link.session import ScannerLink
from gatescan_host.signing import keys
from gatescan_host.simulator.checkout import micropython
from gatescan_host.simulator.scanner import Event, SimulatedScanner
from gatescan_host.store import history
from gatescan_host.store.database import open_store
from gatescan_host.store.pull import pull

ROOT = Path(__file__).resolve().parents[2]
CARD = "2A00C0FFE1"  # visit card of inmate-7f3a
SPREAD = "009800895250"  # allowed while that visit is open
VODKA = "5901041003003"  # refused, whoever comes
UNKNOWN = "4006381333931"
RADIO = "00000089002940"  # allowed after sealing and labelling
SEAL = "VF-000123"
SENTENCE_WORDS = 5  # a sentence that helps is longer than a code
_MESSAGE_BYTES = 2048
_ABSENT_S = 0.4  # drivers/rdm6300.py waits 300 ms before it believes that a card is gone


class Done(NamedTuple):
    """What a command left."""

    code: int
    out: str
    err: str

    @property
    def answer(self) -> Any:
        """The one JSON document on stdout; fails when there is anything else."""
        return json.loads(self.out)


def gatescan(*arguments: str | Path, home: Path | None = None) -> Done:
    """The command `gatescan`, run in this process as a shell would run it."""
    out, err = io.StringIO(), io.StringIO()
    code = 0
    with (
        mock.patch.object(sys, "argv", ["gatescan", *map(str, arguments)]),
        mock.patch.dict(os.environ, {"GATESCAN_HOME": str(home)} if home else {}),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
    ):
        try:
            main()
        except SystemExit as end:
            code = int(end.code or 0)
    return Done(code, out.getvalue(), err.getvalue())


def command(*arguments: str | Path) -> list[str]:
    """The command line of `gatescan` as a program of its own."""
    code = "from gatescan_host.cli.main import main; main()"
    return [sys.executable, "-c", code, *map(str, arguments)]


def environment(**more: str) -> dict[str, str]:
    """The environment in which that program finds this checkout."""
    path = os.pathsep.join((str(ROOT / "firmware"), str(ROOT / "host_tools")))
    return {**os.environ, "PYTHONPATH": path, "NO_COLOR": "1", **more}


def table(count: int = 1, key: str = "site") -> bytes:
    """The `count`th signed demo table; a higher count has a higher number."""
    return demo_site.signed(count, key).data


def public_key(key: str = "site") -> bytes:
    """The key that signs `table(..., key)`."""
    return keys.public(demo_site.key_folder(key))


def flip(data: bytes, bit: int) -> bytes:
    """`data` with one bit turned."""
    changed = bytearray(data)
    changed[bit >> 3] ^= 1 << (bit & 7)
    return bytes(changed)


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


class Gate:
    """A simulated scanner with keys, a clock, the demo table, and the host's things for it."""

    def __init__(self, folder: Path, scanner: SimulatedScanner) -> None:
        self.folder = folder
        self.scanner = scanner
        self._presented_s = 0.0
        self.key_file = folder / "device.key"
        self.database = folder / "events.sqlite"

    @property
    def port(self) -> str:
        """The pty of the link."""
        return self.scanner.ports.link

    def link(self, **options: Any) -> ScannerLink:
        """The link, not unlocked."""
        return ScannerLink(self.port, **options)

    def cli(self, *arguments: str | Path) -> Done:
        """`gatescan ... --port --device-key` of this gate."""
        options = ("--port", self.port, "--device-key", self.key_file)
        return gatescan(*arguments, *options, home=self.folder / "home")

    def status(self) -> dict[str, Any]:
        """The scanner's report."""
        with self.link() as link:
            return link.status()

    def equip(self, data: bytes, *, key: str = "site", utc: float | None = None) -> None:
        """Provision, set the clock, sync."""
        with self.link() as link:
            provision(link, public_key(key), "vestre", "en", self.key_file)
            link.set_time(utc)
            link.activate(link.upload(data))

    def set_time(self, utc: float | None = None) -> None:
        """Set the clock as a sync does."""
        with self.link() as link:
            unlock(link, self.key_file)
            link.set_time(utc)

    def sync(self, data: bytes) -> dict[str, Any]:
        """Upload and activate; raises GatescanError as the command does."""
        with self.link() as link:
            unlock(link, self.key_file)
            return link.activate(link.upload(data))

    def pull(self) -> int:
        """Fetch new events into the store, check all of them; returns how many were new."""
        with self.link() as link:
            unlock(link, self.key_file)
            return self.pull_over(link)

    def pull_over(self, link: ScannerLink) -> int:
        """The same over a link that is open and unlocked."""
        engine = open_store(self.database)
        done = pull(link, engine, self.key_file.read_bytes())
        verified = history.verify(engine, self.scanner_id)
        engine.dispose()
        assert verified.ok, verified.sentence
        return done.new

    def events(self) -> list[dict[str, Any]]:
        """The stored events, described."""
        engine = open_store(self.database)
        try:
            return list(history.show(engine, self.scanner_id))
        finally:
            engine.dispose()

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
        self.scanner.order({"do": "cut", "writes": writes})
        self.scanner.order({"do": "memory"})
        self.scanner.wait_for("memory")  # the order before it is in force

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
            self._reader.feed(part, lambda message: self._messages.append(bytes(message)))
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


def until(condition: Any, limit_s: float = 5.0) -> None:
    """Wait until `condition()` holds; fails after `limit_s`."""
    deadline = time.monotonic() + limit_s
    while not condition():
        assert time.monotonic() < deadline, "the condition did not come true in time"
        time.sleep(0.01)


def is_sentence(text: str) -> bool:
    """Whether `text` says something to a person, and no traceback slipped in."""
    return len(text.split()) >= SENTENCE_WORDS and "Traceback" not in text
