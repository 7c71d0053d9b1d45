"""Target serial port: a scanner that only its link connects with this computer, a real board.

What it shows is what it says it shows (command `shown`). Scans come over a loopback wire from
`barcode_tx` to `barcode_rx` (command `loopback`), or from a person who is asked to act.
"""

import contextlib
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

from gatescan_host.errors import Exit, GatescanError
from gatescan_host.link import messages
from gatescan_host.link.patience import patient
from gatescan_host.link.session import ScannerLink
from gatescan_host.simulator.demo_table import demo_key
from hil.bench_table import Workshop
from hil.rig import Rig
from hil.seen import Seen
from hil.targets.bench import Bench, Gate
from hil.targets.scanner import Mark, Scanner, saved

_LOOPBACK_BYTES = 64  # app/link/rig_commands.py takes no more at once
_SILENT_S = 0.05  # drivers/barcode_line.py needs 10 ms of silence behind a code
_READY_S = 20.0
_THERE_S = 3.0  # for the port of a board that was just plugged in
_PERSON_S = 60.0  # for a person to do what was asked
_UNPLUG_S = 0.5  # a board that restarts takes its port away for a moment


class SerialScanner(Scanner):
    """Holds the link open between the visits of host tools."""

    poll_ms = 60.0

    def __init__(
        self, rig: Rig, folder: Path, address: str, key_file: Path, tell: Callable[[str], None]
    ) -> None:
        super().__init__(rig, folder)
        self._tell = tell  # a person at the terminal
        self._address = address
        self._key_file = key_file
        self._link: ScannerLink | None = None
        self._asked = False  # a person acts: give the time a person needs

    @property
    def now_ms(self) -> float:
        """The computer's clock."""
        return time.monotonic() * 1000

    def wait_ms(self, ms: float) -> None:
        """Sleep; a scanner that is emulated slowly is given more time (GATESCAN_PATIENCE)."""
        time.sleep(patient(ms / 1000))

    def shows(self, since: Mark, *, limit_ms: float = 4000.0, **expected: Any) -> Seen:
        """As for every scanner; a person who was asked has time to do it."""
        limit_ms = _PERSON_S * 1000 if self._asked else patient(limit_ms)
        return super().shows(since, limit_ms=limit_ms, **expected)

    def _send(self, data: bytes) -> None:
        if self.rig.hands == "person":
            self._ask_person(f"scan {data.decode().strip()}")
            return
        text = data.decode("ascii")
        for at in range(0, len(text), _LOOPBACK_BYTES):
            self._ask(messages.Loopback(d=text[at : at + _LOOPBACK_BYTES]))
        time.sleep(patient(_SILENT_S))

    def _present(self, uid: str, frames: int) -> None:
        self._ask_person(f"hold the card {uid} to the reader and take it away")

    def _press(self, button: str, ms: int) -> None:
        self._ask_person(f"press {button.upper()}")

    def _ask_person(self, what: str) -> None:
        self._tell(f"\n>>> Please {what}.")
        self._asked = True

    def power_cycle(self) -> None:
        """Never asked for: rig.py lets no rig on a port promise `power`."""
        raise NotImplementedError

    @contextmanager
    def restarting(self) -> Iterator[None]:
        """Wait for the start that the block brings about."""
        yield
        time.sleep(patient(_UNPLUG_S))
        with ScannerLink(self._address, patience_s=_READY_S) as link:
            link.status()

    def mark(self) -> Mark:
        """The number of screens shown so far."""
        return Mark(self.now_ms, self._shown().count)

    def look(self, since: Mark) -> Seen:
        """What the scanner says that it shows."""
        shown = self._shown()
        return Seen(
            shown.count != since.count,
            tuple(shown.lines),
            (shown.light,),
            (shown.tone,),
            frozenset((shown.light,)),
        )

    def _shown(self) -> messages.ShownResponse:
        answer: messages.ShownResponse = self._ask(messages.Shown())
        return answer

    def _ask(self, request: Any) -> Any:
        """Ask over the held link; a session that has expired is opened anew."""
        try:
            return self._held().ask(request)
        except GatescanError as refusal:
            if refusal.exit_code is not Exit.NOT_AUTHORISED:
                raise
        self._let_go()
        return self._held().ask(request)

    def _held(self) -> ScannerLink:
        if self._link is None:
            self._link = ScannerLink(self._address, patience_s=_READY_S).__enter__()
            if self._key_file.exists():
                self._link.unlock(self._key_file.read_bytes())
        return self._link

    def _let_go(self) -> None:
        if self._link is not None:
            link, self._link = self._link, None
            link.__exit__(None, None, None)

    @contextmanager
    def plugged(self) -> Iterator[str]:
        """The port, free for one host tool."""
        self._let_go()
        yield self._address

    def close(self) -> None:
        """Lock the scanner and close the port."""
        with contextlib.suppress(GatescanError):
            self._let_go()


class SerialBench(Bench):
    """One scanner for all tests. Its keys stay in build/hil/keys: the next run needs them."""

    def __init__(
        self, rig: Rig, work: Path, logs: Path, address: str, tell: Callable[[str], None]
    ) -> None:
        super().__init__(rig, work, logs)
        self._tell = tell
        self._address = address
        with ScannerLink(address, patience_s=_THERE_S) as link:
            report = link.status()
        self._identity = (None, report["board"], str(report.get("build")))
        keys = logs.parent / "keys"
        keys.mkdir(parents=True, exist_ok=True)
        self._workshop = Workshop(demo_key(keys))
        self._key_file = keys / f"{report['device']}.key"
        if report["provisioned"] and not self._key_file.exists():
            raise GatescanError(
                f"The scanner at {address} has keys that this checkout does not hold "
                f"({self._key_file}): erase its file system and deploy again, or copy the key "
                "there.",
                Exit.NOT_AUTHORISED,
            )
        self._equipped = False

    def identity(self) -> tuple["str | None", str, str]:
        """As it reports them; nobody saw its banner."""
        return self._identity

    def new(self, name: str) -> AbstractContextManager[Gate]:
        """Never asked for: rig.py lets no rig on a port promise `factory_new`."""
        raise NotImplementedError

    @contextmanager
    def equipped(self, name: str) -> Iterator[Gate]:
        """The scanner, restarted so that no visit of the last test is open."""
        folder = self.work / name
        folder.mkdir()
        scanner = SerialScanner(
            self.rig, self.logs / name, self._address, self._key_file, self._tell
        )
        gate = Gate(folder, scanner, self._workshop)
        gate.key_file = self._key_file
        with saved(scanner):
            if not self._equipped:
                gate.equip_for_tests()
                self._equipped = True
            with scanner.restarting():
                gate.reset()
            gate.set_time()
            yield gate

    def close(self) -> None:
        """The scanner keeps its keys and its table."""
