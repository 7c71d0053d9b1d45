"""A scanner on an emulated Pico: every part is watched, everything is paced by its clock."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from emulated_pico.fork import Remote
from hil.rig import Rig
from hil.seen import Colour, Heard, Seen, heard_since, lights_of, tones_of
from hil.targets.scanner import CARD_FRAME_MS, CARD_GONE_MS, Mark, Scanner
from tag_frames import em4100_frame

BOOT_MS = 20_000
READY = "ready, device "  # app/start.py prints it when the scanner serves
_AFTER_PRESS_MS = 80.0
_QUIET_MS = 200.0  # no tone so long: the next one is an answer
_PLUGGED_POLL_S = 0.01


class EmuScanner(Scanner):
    """A fork of a booted Pico."""

    def __init__(self, rig: Rig, folder: Path, remote: Remote) -> None:
        super().__init__(rig, folder)
        self._pico = remote
        self._plugged = False
        self._presented_ms = -CARD_GONE_MS * 1.0

    @property
    def now_ms(self) -> float:
        """The emulated clock."""
        return float(self._pico.now_ms)

    def wait_ms(self, ms: float) -> None:
        """Let emulated time pass; while the cable is in it passes by itself."""
        if not self._plugged:
            self._pico.run_ms(ms)
            return
        end_ms = self.now_ms + ms
        while self.now_ms < end_ms:
            time.sleep(_PLUGGED_POLL_S)

    def _send(self, data: bytes) -> None:
        arrived_ms = self._pico.barcode.send(data, self.rig.baud["barcode"])
        self.wait_ms(arrived_ms - self.now_ms)

    def _present(self, uid: str, frames: int) -> None:
        begin_ms = max(self.now_ms, self._presented_ms + CARD_GONE_MS)
        for number in range(frames):
            self._presented_ms = self._pico.rfid.send(
                em4100_frame(uid), self.rig.baud["rfid"], begin_ms + number * CARD_FRAME_MS
            )
        self.wait_ms(self._presented_ms - self.now_ms)

    def _press(self, button: str, ms: int) -> None:
        part = getattr(self._pico, button)
        part.press()
        self.wait_ms(ms)
        part.release()
        self.wait_ms(_AFTER_PRESS_MS)

    def _settle(self) -> None:
        """Without a panel an answer is known by its tone: the one before must have ended."""
        if self.rig.has("screen"):
            return
        while self._pico.sounder.history and not self._silent():
            self.wait_ms(self.poll_ms)

    def _silent(self) -> bool:
        at_ms, hz = self._pico.sounder.history[-1]
        return not hz and self.now_ms - at_ms >= _QUIET_MS

    def power_cycle(self) -> None:
        """Pull the plug, put it in again, wait until the scanner is ready."""
        self._note("power cut")
        told = len(self._pico.console)
        self._pico.cut_power()
        self._pico.power_on()
        self._await_ready(told)

    @contextmanager
    def restarting(self) -> Iterator[None]:
        """Wait for the start that the block brings about."""
        told = len(self._pico.console)
        yield
        self._await_ready(told)

    def _await_ready(self, told: int) -> None:
        if not self._pico.wait_console(READY, BOOT_MS, told):
            raise AssertionError(f"the scanner did not become ready; it said:\n"
                                 f"{self._pico.console[told:]}")  # fmt: skip
        self._pico.run_ms(100)  # the tasks begin

    def unplug_screen(self) -> None:
        """Pull the panel's plug."""
        self._pico.panel.present = False

    def plug_screen(self) -> None:
        """Put it in again."""
        self._pico.panel.present = True

    def mark(self) -> Mark:
        """This moment."""
        return Mark(self.now_ms, self._pico.panel.pictures)

    def look(self, since: Mark) -> Seen:
        """The panel's pixels, the pixel's waveform, the sounder's pulses."""
        lit = list(self._pico.light.history)
        colours = [colour for at_ms, colour in lit if at_ms >= since.at_ms and any(colour)]
        last = next((colour for _, colour in reversed(lit) if any(colour)), (0, 0, 0))
        heard = self.heard(since)
        fresh = self._pico.panel.pictures > since.count
        if not (self.rig.has("screen") and self._pico.panel.present):
            before = [colour for at_ms, colour in lit if at_ms < since.at_ms and any(colour)]
            fresh = any(hz for at_ms, hz in heard if at_ms > since.at_ms) or any(
                colour != (before or colours)[-1] for colour in colours
            )
        return Seen(
            fresh, tuple(self._pico.panel.lines()), lights_of(last), tones_of(heard),
            frozenset(name for colour in colours for name in lights_of(colour)),
        )  # fmt: skip

    def heard(self, since: Mark) -> Heard:
        """Changes of the sounder."""
        return heard_since(list(self._pico.sounder.history), since.at_ms)

    def lit(self, since: Mark) -> list[tuple[float, Colour]]:
        """Changes of the light."""
        return [entry for entry in self._pico.light.history if entry[0] >= since.at_ms]

    def frame(self) -> list[list[int]]:
        """The panel's pixels."""
        pixels: list[list[int]] = self._pico.panel.pixels()
        return pixels

    @contextmanager
    def plugged(self) -> Iterator[str]:
        """A terminal for host tools; emulated time runs by itself meanwhile."""
        with self._pico.serve_pty() as path:
            self._plugged = True
            try:
                yield path
            finally:
                self._plugged = False

    def console(self) -> str:
        """All that the firmware printed."""
        return str(self._pico.console)

    def close(self) -> None:
        """End the fork."""
        self._pico.close()
