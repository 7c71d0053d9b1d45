"""One simulated scanner: starts, feeds, watches, unplugs it."""

import base64
import contextlib
import json
import os
import queue
import secrets
import signal
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple, Self

from gatescan_host.build_id import build_id
from gatescan_host.errors import Exit, GatescanError
from gatescan_host.link.provisioning import Reader
from gatescan_host.simulator import checkout, tags
from gatescan_host.simulator.wires import Pipe, Pty

# Twice the Pico's 237 kB: objects are twice as large on 64 bits.
_HEAP_KB = 474
_PART_KB = 28  # what a simulated engine or reader takes of it, which on a board is not in the RAM
_RESET_EXIT = 75  # boards/simulator/board.py asks for a restart with it
_READY_LIMIT_S = 20.0
_MAX_STARTS = 5  # in a row without getting ready; a board would go on for ever
_EVENTS_KEPT = 10_000  # that nobody has asked for yet; then the oldest go

Event = dict[str, Any]


class Ports(NamedTuple):
    """What can be plugged into: paths of ptys, and the folder with flash and console log."""

    link: str
    barcode: str
    rfid: str
    control: str
    state_dir: str


class SimulatedScanner:
    """The shipped firmware as a process. `watch(event)` hears each event in a thread."""

    def __init__(
        self,
        state_dir: Path | None = None,
        *,
        rtc_utc: int | None = None,
        watch: Callable[[Event], None] | None = None,
        no_display: bool = False,
        unplugged: tuple[str, ...] = (),
        joined: bool = False,
        held: str = "",
        stop_window_ms: int = 300,
        engine: str = "line",
        reader: str = "rdm6300",
    ) -> None:
        """`engine` and `reader`: of tags.Engine and Reader; ValueError for another."""
        self._temporary = None
        if state_dir is None:
            self._temporary = tempfile.TemporaryDirectory(prefix="gatescan-sim-")
            state_dir = Path(self._temporary.name)
        state_dir.mkdir(parents=True, exist_ok=True)
        self.state_dir = state_dir
        self._rtc_utc = rtc_utc
        self._watch = watch
        self._no_display = no_display
        self._unplugged = unplugged  # readers that are not there: "barcode", "rfid", "nfc"
        self._engine = tags.Engine(engine)
        self.reader = Reader(reader)
        self._joined = joined  # a wire leads from barcode_tx to barcode_rx
        self._held = held  # a button pressed from before power-on: "ok" or "back"
        self._stop_window_ms = stop_window_ms
        self._lines = {name: Pty() for name in ("link", "barcode", "rfid", "control")}
        self._trace, self._control = Pipe(), Pipe()
        os.set_blocking(self._control.read_end, False)
        self._process: subprocess.Popen[bytes] | None = None
        self._wanted = False  # power is meant to be on
        self._starts = 0  # since the firmware was last ready
        self._switch = threading.Lock()  # power and restarts change hands one at a time
        self.events: queue.Queue[Event] = queue.Queue(_EVENTS_KEPT)
        self.frame = bytes(1024)
        self.light: tuple[int, int, int] = (0, 0, 0)
        self.hz = 0  # what sounds now
        paths = {name: line.path for name, line in self._lines.items()}
        self.ports = Ports(**paths, state_dir=str(state_dir))
        parts = (self._engine is not tags.Engine.LINE) + (self.reader is not Reader.RDM6300)
        self._heap = f"heapsize={_HEAP_KB + parts * _PART_KB}k"
        threading.Thread(target=self._read_trace, daemon=True).start()

    def __enter__(self) -> Self:
        self.power_on()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def powered(self) -> bool:
        """Whether the firmware has power."""
        return self._wanted

    @property
    def control_master(self) -> int:
        """The scanner's side of the control pty: `hand.Hand` listens there."""
        return self._lines["control"].master

    @property
    def console_log(self) -> Path:
        """Where the firmware's own console output goes."""
        return self.state_dir / "console.log"

    def power_on(self, *, wait: bool = True) -> None:
        """Start the firmware; waits until it is ready to scan."""
        with self._switch:
            if self._wanted and self._process is not None and self._process.poll() is None:
                return
            self._wanted = True
            self._starts = 0
            for reader in ("barcode", "rfid"):
                self._lines[reader].lose()
            self._start("power_on")
        if wait:
            self.wait_for("ready", limit_s=_READY_LIMIT_S)

    def power_cut(self) -> None:
        """Take the power away at this instant; flash keeps what was written, the clock is lost."""
        with self._switch:
            self._wanted = False
            self._rtc_utc = None
            self.frame, self.light, self.hz = bytes(1024), (0, 0, 0), 0
            if self._process is not None:
                self._process.send_signal(signal.SIGKILL)
                self._process.wait()
                self._process = None

    def close(self) -> None:
        """Power off and give the lines back."""
        self.power_cut()
        os.close(self._trace.write_end)
        os.close(self._control.write_end)
        os.close(self._control.read_end)
        for line in self._lines.values():
            line.close()
        if self._temporary is not None:
            self._temporary.cleanup()

    def barcode(self, code: str | bytes, end: bytes = b"\r") -> None:
        """Let the barcode engine send `code`."""
        self._lines["barcode"].write((code.encode() if isinstance(code, str) else code) + end)

    def rfid(self, data: bytes) -> None:
        """Let the RFID reader send raw bytes."""
        self._lines["rfid"].write(data)

    def present(self, uid_hex: str) -> None:
        """Hold an EM4100 tag (10 hex digits) to the reader: the RDM6300 repeats its frame.

        Raises GatescanError where an R200 has its line.
        """
        if self.reader is Reader.R200:
            raise GatescanError("This scanner has no RDM6300: start it with another reader.")
        raw = bytes.fromhex(uid_hex)
        check = 0
        for byte in raw:
            check ^= byte
        frame = b"\x02" + f"{raw.hex()}{check:02x}".upper().encode() + b"\x03"
        for _ in range(3):
            self.rfid(frame)
            time.sleep(0.065)  # the reader's own rhythm

    def lay(self, **tag: Any) -> None:
        """Lay a tag on the reader, beside those that lie there; tags.checked says which.

        It is gone when the power goes or the firmware restarts. ValueError for one that is none.
        """
        self.order({"do": "lay", "tag": tags.checked(tag, self.reader)})

    def take_away(self) -> None:
        """Take every tag off the reader."""
        self.order({"do": "take_away"})

    def fault(self, part: str, what: str, **more: int) -> None:
        """Do something to the "engine" or the "reader": boards/simulator/sim_readers.py says what.

        What cannot be comes back as the event "refused".
        """
        self.order({"do": part, "what": what, **more})

    def press(self, button: str, ms: int = 120) -> None:
        """Press "ok" or "back" for `ms` milliseconds."""
        self.order({"do": "press", "button": button, "ms": ms})

    def order(self, order: dict[str, Any]) -> None:
        """Hand an order to the hand at the simulated board (boards/simulator/control.py).

        Raises GatescanError while the scanner has no power.
        """
        if not self._wanted:
            raise GatescanError("The simulated scanner has no power: switch it on first.")
        os.write(self._control.write_end, json.dumps(order).encode() + b"\n")

    def wait_for(
        self, kind: str, limit_s: float = 5.0, where: Callable[[Event], bool] | None = None
    ) -> Event:
        """The next event of `kind` for which `where` holds; GatescanError after limit_s."""
        deadline = time.monotonic() + limit_s
        while True:
            left = deadline - time.monotonic()
            try:
                event = self.events.get(timeout=max(left, 0.0))
            except queue.Empty:
                raise GatescanError(
                    f"The simulated scanner sent no event {kind!r} within {limit_s:g} s: "
                    f"see {self.console_log}.",
                    Exit.TIMEOUT,
                ) from None
            if event["event"] == kind and (where is None or where(event)):
                return event
            if event["event"] == "stopped":
                raise GatescanError(
                    f"The simulated scanner's firmware stopped (exit {event['code']}): "
                    f"see {self.console_log}."
                )

    def forget_events(self) -> None:
        """Drop the events that nobody waited for."""
        while not self.events.empty():
            self.events.get_nowait()

    def _start(self, cause: str) -> None:
        self._starts += 1
        identity = self.state_dir / "unique_id"
        if not identity.exists():
            identity.write_text(secrets.token_hex(8))
        board, firmware = checkout.board_folder("simulator"), checkout.firmware_folder()
        descriptors = {name: self._lines[name].master for name in ("link", "barcode", "rfid")}
        descriptors["trace"] = self._trace.write_end
        descriptors["control"] = self._control.read_end
        wiring = {
            **descriptors,
            "flash": str((self.state_dir / "flash.bin").resolve()),
            "unique_id": identity.read_text().strip(),
            "rtc_utc": self._rtc_utc,
            "reset_cause": cause,
            "no_display": self._no_display,
            "unplugged": self._unplugged,
            "joined": self._joined,
            "held": self._held,
            "stop_window_ms": self._stop_window_ms,
            "engine": self._engine,
            "reader": self.reader,
            "build_id": build_id("simulator"),
        }
        with self.console_log.open("ab") as console:
            self._process = subprocess.Popen(
                [checkout.micropython(), "-X", self._heap, str(board / "start.py"),
                 str(firmware)],
                env={**os.environ, "MICROPYPATH": f"{firmware}:{board}:.frozen",
                     "GATESCAN_SIM": json.dumps(wiring)},
                pass_fds=tuple(descriptors.values()), stdin=subprocess.DEVNULL,
                stdout=console, stderr=console, cwd=self.state_dir,
                start_new_session=True,
            )  # fmt: skip
        threading.Thread(target=self._mind, args=(self._process,), daemon=True).start()

    def _mind(self, process: subprocess.Popen[bytes]) -> None:
        code = process.wait()
        with self._switch:
            if not self._wanted or process is not self._process:
                return
            if code == _RESET_EXIT and self._starts < _MAX_STARTS:
                self._start("reset")
                return
        self._tell({"event": "stopped", "code": code})

    def _read_trace(self) -> None:
        with os.fdopen(self._trace.read_end, "rb") as trace:
            for line in trace:
                try:
                    event = json.loads(line)
                except ValueError:
                    continue  # a power cut tears the line that was being written
                self._tell(event)

    def _tell(self, event: Event) -> None:
        kind = event["event"]
        if kind == "ready":
            self._starts = 0
        elif kind == "frame":
            self.frame = base64.b64decode(event["b64"]) if event["on"] else bytes(1024)
        elif kind == "light":
            self.light = tuple(event["rgb"])
        elif kind == "sound":
            self.hz = event["hz"]
        while True:
            try:
                self.events.put_nowait(event)
                break
            except queue.Full:
                with contextlib.suppress(queue.Empty):
                    self.events.get_nowait()
        if self._watch is not None:
            self._watch(event)
