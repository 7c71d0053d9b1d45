"""Target sim: the shipped firmware as a process, its parts simulated."""

import re
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from math import inf
from pathlib import Path
from typing import Any

import demo_site
from emulated_pico.models import panel_text
from gatescan_host.simulator.scanner import Event, SimulatedScanner
from hil.bench_table import Workshop
from hil.rig import Rig
from hil.seen import Colour, Heard, Seen, heard_since, lights_of, tones_of
from hil.targets.bench import Bench, Gate
from hil.targets.scanner import (
    CARD_FRAME_MS,
    CARD_GONE_MS,
    Mark,
    Scanner,
    saved,
)
from tag_frames import em4100_frame

_READY_S = 20.0
_AFTER_PRESS_S = 0.08  # boards/simulator/control.py keeps the button up so long
_WIDTH, _PAGE = 128, 8


class SimScanner(Scanner):
    """A simulated scanner, its clock the computer's."""

    def __init__(self, rig: Rig, folder: Path, state: Path, **options: Any) -> None:
        super().__init__(rig, folder)
        self._heard: Heard = []
        self._lit: list[tuple[float, Colour]] = []
        self._screens = 0
        self._presented_s = 0.0
        self._offset_ms = inf
        self._told_ms = 0  # the board's own clock in the last event
        self._sim = SimulatedScanner(
            state, watch=self._watch, no_display=not rig.has("screen"),
            **{"stop_window_ms": 20, **options},
        )  # fmt: skip

    def power_on(self) -> None:
        """Switch it on and wait until it is ready."""
        self._sim.power_on()

    @property
    def now_ms(self) -> float:
        """The computer's clock."""
        return time.monotonic() * 1000

    def wait_ms(self, ms: float) -> None:
        """Sleep."""
        time.sleep(ms / 1000)

    def _send(self, data: bytes) -> None:
        self._sim.barcode(data, end=b"")

    def _present(self, uid: str, frames: int) -> None:
        time.sleep(max(0.0, self._presented_s + CARD_GONE_MS / 1000 - time.monotonic()))
        for _ in range(frames):
            self._sim.rfid(em4100_frame(uid))
            time.sleep(CARD_FRAME_MS / 1000)
        self._presented_s = time.monotonic()

    def _press(self, button: str, ms: int) -> None:
        self._sim.press(button, ms)
        time.sleep(ms / 1000 + _AFTER_PRESS_S)

    def power_cycle(self) -> None:
        """Power away and back."""
        self._note("power cut")
        self._sim.power_cut()
        self._sim.forget_events()
        self.power_on()

    @contextmanager
    def restarting(self) -> Iterator[None]:
        """Wait for the start that the block brings about."""
        self._sim.forget_events()
        yield
        self._sim.wait_for("ready", limit_s=_READY_S)

    def unplug_screen(self) -> None:
        """Pull the panel's plug."""
        self._sim.order({"do": "display", "plug": "out"})

    def plug_screen(self) -> None:
        """Put it in again."""
        self._sim.order({"do": "display", "plug": "in"})

    def mark(self) -> Mark:
        """This moment."""
        return Mark(self.now_ms, self._screens)

    def look(self, since: Mark) -> Seen:
        """Pixels, light and sounds, as the simulated parts had them."""
        colours = [colour for _, colour in self.lit(since) if any(colour)]
        return Seen(
            self._screens > since.count,
            tuple(panel_text.read(self.frame())),
            lights_of(self._lit_last()),
            tones_of(self.heard(since)),
            frozenset(name for colour in colours for name in lights_of(colour)),
        )

    def heard(self, since: Mark) -> Heard:
        """Changes of the sounder."""
        return heard_since(list(self._heard), since.at_ms)

    def lit(self, since: Mark) -> list[tuple[float, Colour]]:
        """Changes of the light."""
        return [entry for entry in list(self._lit) if entry[0] >= since.at_ms]

    def frame(self) -> list[list[int]]:
        """The panel's pixels."""
        ram = self._sim.frame
        return [[ram[(y // _PAGE) * _WIDTH + x] >> y % _PAGE & 1 for x in range(_WIDTH)]
                for y in range(len(ram) // _WIDTH * _PAGE)]  # fmt: skip

    @contextmanager
    def plugged(self) -> Iterator[str]:
        """The pty is always there."""
        yield self._sim.ports.link

    def console(self) -> str:
        """All that the firmware printed."""
        log = self._sim.console_log
        return log.read_text(errors="replace") if log.exists() else ""

    def close(self) -> None:
        """Power off for good."""
        self._sim.close()

    def _lit_last(self) -> Colour:
        """The colour now, or the last one of a light that blinks."""
        return next((colour for _, colour in reversed(list(self._lit)) if any(colour)), (0, 0, 0))

    def _watch(self, event: Event) -> None:
        now_ms = self.now_ms
        if "t_ms" not in event:
            return
        # The event tells when it happened on the board; the thread hears of it a little later.
        offset_ms = now_ms - event["t_ms"]
        if event["t_ms"] < self._told_ms or offset_ms < self._offset_ms:
            self._offset_ms = offset_ms  # the board has started anew, or this came with less delay
        self._told_ms = event["t_ms"]
        at_ms = self._offset_ms + event["t_ms"]
        if event["event"] == "light":
            self._lit.append((at_ms, tuple(event["rgb"])))
        elif event["event"] == "sound":
            self._heard.append((at_ms, event["hz"]))
        elif event["event"] == "screen":
            self._screens += 1
            self._note(f"screen {event['lines']} light {event['light']} tone {event['tone']}")


class SimBench(Bench):
    """Copies of one equipped flash image."""

    def __init__(self, rig: Rig, work: Path, logs: Path) -> None:
        super().__init__(rig, work, logs)
        self._workshop = Workshop(demo_site.key_folder("bench"))
        self._template = work / "equipped"
        self._equip()
        self._made = 0

    def _equip(self) -> None:
        scanner = SimScanner(self.rig, self.logs / "equipping", self._template / "scanner")
        with saved(scanner):
            scanner.power_on()
            gate = Gate(self._template, scanner, self._workshop)
            gate.equip_for_tests()
            report = gate.status()
            self._identity = (_banner(scanner.console()), report["board"], str(report["build"]))

    def identity(self) -> tuple["str | None", str, str]:
        """Of the scanner that was equipped."""
        return self._identity

    @contextmanager
    def new(self, name: str) -> Iterator[Gate]:
        """A blank flash."""
        with self._gate(name, self._folder()) as gate:
            yield gate

    @contextmanager
    def equipped(self, name: str) -> Iterator[Gate]:
        """A copy, its clock as if a battery had kept it."""
        folder = self._folder()
        shutil.copytree(self._template, folder)
        with self._gate(name, folder, rtc_utc=int(time.time())) as gate:
            yield gate

    @contextmanager
    def _gate(self, name: str, folder: Path, **options: Any) -> Iterator[Gate]:
        scanner = SimScanner(self.rig, self.logs / name, folder / "scanner", **options)
        with saved(scanner):
            scanner.power_on()
            yield Gate(folder, scanner, self._workshop)

    def _folder(self) -> Path:
        self._made += 1
        return self.work / f"scanner-{self._made}"

    def close(self) -> None:
        """Nothing is held between tests."""


def _banner(console: str) -> "str | None":
    found = re.search(r"^Gatescan .*$", console, re.MULTILINE)
    return found.group() if found else None
