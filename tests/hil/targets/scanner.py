"""A scanner as a person at the gate and a host script meet it: hands, eyes, ears and the cable.

Times are milliseconds of the target's own clock: emulated ones where the scanner is emulated.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import NamedTuple

from hil.rig import Rig
from hil.seen import Heard, Seen

ANSWER_MS = 4000  # a guard who waits longer scans again
PRESS_MS = 120
CARD_FRAMES = 4
CARD_FRAME_MS = 65  # the RDM6300's own rhythm
CARD_GONE_MS = 400  # drivers/rdm6300.py believes after 300 ms that a card was taken away
_REACTION_MS = 150.0  # the quickest of people, from light to finger
_LAST_LINES = 12
Lines = Sequence[str]


class Mark(NamedTuple):
    """The moment before an action: what is new since then is its answer."""

    at_ms: float
    count: int


class Scanner(ABC):
    """One scanner for one test. `folder` takes its log: console.log, events.txt, screen.png."""

    poll_ms = 10.0

    def __init__(self, rig: Rig, folder: Path) -> None:
        self.rig = rig
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self._notes: list[str] = []
        self._last = Mark(0.0, 0)

    # --- time ---

    @property
    @abstractmethod
    def now_ms(self) -> float:
        """The target's clock."""

    @abstractmethod
    def wait_ms(self, ms: float) -> None:
        """Let that much of the target's time pass."""

    def wait_until(self, condition: Callable[[], object], limit_ms: float) -> bool:
        """Wait until `condition()` holds; whether it came to hold in time."""
        end_ms = self.now_ms + limit_ms
        while not condition():
            if self.now_ms >= end_ms:
                return False
            self.wait_ms(self.poll_ms)
        return True

    # --- hands ---

    @abstractmethod
    def _send(self, data: bytes) -> None:
        """Let the barcode engine send `data`."""

    @abstractmethod
    def _present(self, uid: str, frames: int) -> None:
        """Hold the EM4100 card `uid` (10 hex digits) to the reader for `frames` frames."""

    @abstractmethod
    def _press(self, button: str, ms: int) -> None:
        """Press "ok" or "back"."""

    def scan(self, code: "str | bytes", end: bytes = b"\r") -> Mark:
        """Let the engine read a barcode; returns the moment before."""
        data = code.encode() if isinstance(code, str) else code
        mark = self._begin(f"scan {data!r}")
        self._send(data + end)
        return mark

    def present(self, uid: str, frames: int = CARD_FRAMES) -> Mark:
        """Hold a card to the reader, then take it away."""
        mark = self._begin(f"present {uid}")
        self._present(uid, frames)
        return mark

    def press(self, button: str, ms: int = PRESS_MS) -> Mark:
        """Press a button and let it go, no sooner than a hand can follow the eye."""
        self.wait_ms(_REACTION_MS)
        mark = self._begin(f"press {button} for {ms} ms")
        self._press(button, ms)
        return mark

    @abstractmethod
    def power_cycle(self) -> None:
        """Power away and back; returns when the scanner is ready."""

    @abstractmethod
    def restarting(self) -> AbstractContextManager[None]:
        """Inside, something restarts the scanner; at the end it is ready again."""

    def unplug_screen(self) -> None:
        """Pull the panel's plug while the scanner works."""
        raise NotImplementedError

    def plug_screen(self) -> None:
        """Put the panel's plug in again."""
        raise NotImplementedError

    # --- eyes and ears ---

    @abstractmethod
    def mark(self) -> Mark:
        """This moment."""

    @abstractmethod
    def look(self, since: Mark) -> Seen:
        """What is to be seen now and was to be heard since then."""

    def heard(self, since: Mark) -> Heard:
        """The sounder's changes since then; empty where nobody listens."""
        return []

    def lit(self, since: Mark) -> "list[tuple[float, tuple[int, ...]]]":
        """The light's changes since then; empty where nobody looks."""
        return []

    def frame(self) -> "list[list[int]] | None":
        """64 rows of 128 pixels, 1 = lit; None where they cannot be seen."""
        return None

    def shows(
        self,
        since: Mark,
        *,
        word: "str | None" = None,
        text: Lines = (),
        light: "str | None" = None,
        tone: "str | None" = None,
        limit_ms: float = ANSWER_MS,
    ) -> Seen:
        """Wait until the answer to an action is this; fails with what came instead.

        `text`: each must stand in some line. What the rig has no part for is not looked at.
        """
        deadline_ms = self.now_ms + limit_ms
        while True:
            seen = self.look(since)
            missing = self._missing(seen, word, text, light, tone)
            if seen.fresh and not missing:
                self._note(f"shown after {self.now_ms - since.at_ms:.0f} ms: {seen.word} "
                           f"{list(seen.lines[1:])} {seen.lights} {seen.tones}")  # fmt: skip
                return seen
            if self.now_ms >= deadline_ms:
                break
            self.wait_ms(self.poll_ms)
        wanted = [f"word {word!r}"] * (word is not None) + [f"text {part!r}" for part in text]
        wanted += [f"light {light}"] * (light is not None) + [f"tone {tone}"] * (tone is not None)
        raise AssertionError(
            f"expected: {', '.join(wanted) or 'any answer'} within {limit_ms:.0f} ms\n"
            f"wrong: {', '.join(missing) or 'nothing new came'}\ncame: {seen}\n"
            f"log: {self.folder}"
        )

    def hears(self, since: Mark, light: str, tone: str, limit_ms: float = ANSWER_MS) -> Seen:
        """`shows` for somebody who does not look at the panel."""
        return self.shows(since, light=light, tone=tone, limit_ms=limit_ms)

    def _missing(
        self, seen: Seen, word: "str | None", text: Lines, light: "str | None", tone: "str | None"
    ) -> list[str]:
        missing = []
        if self.rig.has("screen"):
            if word is not None and seen.word != word:
                missing.append(f"the word is {seen.word!r}")
            missing += [f"no line has {part!r}" for part in text
                        if not any(part in line for line in seen.lines)]  # fmt: skip
        if light is not None and self.rig.has("light") and light not in seen.lights:
            missing.append("the light")
        if tone is not None and self.rig.has("tone") and tone not in seen.tones:
            missing.append("the tone")
        return missing

    # --- the cable ---

    @abstractmethod
    def plugged(self) -> AbstractContextManager[str]:
        """The port for host tools, for as long as the cable is in."""

    # --- the log ---

    def console(self) -> str:
        """What the firmware printed, from its start where that is recorded."""
        return ""

    def _note(self, text: str) -> None:
        self._notes.append(f"{self.now_ms:12.1f}  {text}")

    def _settle(self) -> None:  # noqa: B027 - most targets need none
        """Before an action: wait until its answer could not be taken for an older one."""

    def _begin(self, text: str) -> Mark:
        self._settle()
        self._note(text)
        self._last = self.mark()
        return self._last

    def account(self) -> str:
        """What the scanner shows now and said last, for the report of a failed test."""
        lines = self.console().splitlines()[-_LAST_LINES:]
        told = "\n".join(f"    {line}" for line in lines) or "    (not recorded)"
        return f"{self.look(self._last)}\nlast lines of the console\n{told}\nlog: {self.folder}"

    def save(self) -> None:
        """Write the log into `folder`."""
        self.folder.joinpath("console.log").write_text(self.console(), encoding="utf-8")
        text = "\n".join((*self._notes, str(self.look(self._last)), ""))
        self.folder.joinpath("events.txt").write_text(text, encoding="utf-8")
        rows = self.frame()
        if rows is not None:
            _write_png(rows, self.folder / "screen.png")

    @abstractmethod
    def close(self) -> None:
        """Give everything back."""


@contextmanager
def saved(scanner: Scanner) -> Iterator[None]:
    """Inside, `scanner` is tested; at the end its log is written and it is closed."""
    try:
        yield
    finally:
        try:
            scanner.save()
        except Exception as fault:  # the log must not hide how the test has ended
            told = f"The log could not be taken: {fault!r}\n"
            scanner.folder.joinpath("console.log").write_text(told, encoding="utf-8")
        finally:
            scanner.close()


def _write_png(rows: list[list[int]], path: Path) -> None:
    from PIL import Image  # only here: a run on a real board needs no pictures

    image = Image.new("1", (len(rows[0]), len(rows)))
    image.putdata([255 * pixel for row in rows for pixel in row])
    image.resize((image.width * 4, image.height * 4), Image.Resampling.NEAREST).save(path)
