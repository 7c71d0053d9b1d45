"""What a person sees and hears at the gate, and which meanings of core.screens.signals fit it."""

import statistics
from itertools import pairwise
from typing import NamedTuple

from gatescan.core.screens.signals import LIGHTS, TONES

Colour = tuple[int, ...]
Heard = list[tuple[float, int]]  # (ms, hz) at every change; 0 hz = silent
_HZ_TOLERANCE = 0.02  # of the PWM's whole dividers
_BLINK_MS = 60.0  # a change of the light comes with the panel's next tick
_LATE_MS = 250.0  # a pulse may last so much longer: the scanner had something else to do


class Seen(NamedTuple):
    """A look at the scanner. `lights` and `tones`: all names that fit what was seen and heard;
    `every_light`: names of all colours lit since the action began; `fresh`: something is new."""

    fresh: bool
    lines: tuple[str, ...]
    lights: tuple[str, ...]
    tones: tuple[str, ...]
    every_light: frozenset[str]

    @property
    def word(self) -> str:
        """The large word on top."""
        return self.lines[0] if self.lines else ""

    def __str__(self) -> str:
        screen = "\n".join(f"    | {line}" for line in self.lines) or "    (dark)"
        return (
            f"screen{'' if self.fresh else ' (unchanged since then)'}\n{screen}\n"
            f"light  {' or '.join(self.lights) or 'dark'}\n"
            f"tone   {' or '.join(self.tones) or 'none that is known'}"
        )


def lights_of(colour: Colour) -> tuple[str, ...]:
    """The lights of this colour; their rhythm tells them apart."""
    return tuple(name for name, entry in LIGHTS.items() if entry[:3] == tuple(colour))


def heard_since(history: Heard, at_ms: float) -> Heard:
    """The changes from `at_ms` on, and what sounded at that moment: it may sound on unchanged."""
    before = [hz for ms, hz in history if ms < at_ms]
    playing = [(at_ms, before[-1])] if before and before[-1] else []
    return playing + [entry for entry in history if entry[0] >= at_ms]


def tones_of(heard: Heard) -> tuple[str, ...]:
    """The tones that sound like what was heard last, finished or not; silence is a tone."""
    heights = [hz for _, hz in heard]
    while heights and not heights[0]:
        del heights[0]  # the end of an older tone
    if not heights:
        return ("silent",)
    fits = {name: _fit(heights, steps) for name, steps in TONES.items() if steps}
    longest = max(fits.values())
    return tuple(name for name, count in fits.items() if count == longest > 0)


def played(heard: Heard) -> "str | None":
    """The tone that was played last from beginning to end, its lengths checked; None if none."""
    runs = [(hz, end - begin) for (begin, hz), (end, _) in pairwise(heard)]
    # The longest first: a refusal is the second half of a report.
    for name in sorted(TONES, key=lambda name: -len(TONES[name])):
        wanted = _joined(TONES[name])
        last = runs[-len(wanted) :] if wanted else []
        if last and len(last) == len(wanted) and all(
            _same(hz, step_hz) and step_ms - 5 <= ms <= step_ms + _LATE_MS
            for (hz, ms), (step_hz, step_ms) in zip(last, wanted, strict=True)
        ):
            return name
    return None


def rhythm(history: "list[tuple[float, Colour]]") -> tuple[str, ...]:
    """The lights that blink as the changes in `history` say: two whole periods are needed."""
    spans = [(colour, end - begin)
             for (begin, colour), (end, _) in pairwise(history)]  # fmt: skip
    names = []
    for name, (red, green, blue, on_ms, off_ms) in LIGHTS.items():
        lit = [ms for colour, ms in spans if tuple(colour) == (red, green, blue)]
        dark = [ms for colour, ms in spans if not any(colour)]
        enough = off_ms and len(lit) >= 2 and len(dark) >= 2
        if enough and _near(lit, on_ms) and _near(dark, off_ms):
            names.append(name)
    return tuple(names)


def _near(spans_ms: list[float], wanted_ms: int) -> bool:
    # One blink may last 100 ms longer: the scanner makes room in its journal, or collects.
    return abs(statistics.median(spans_ms) - wanted_ms) < _BLINK_MS


def _joined(steps: "tuple[tuple[int, int], ...]") -> list[tuple[int, int]]:
    """Steps without the pause at the end, pauses in a row made one."""
    joined: list[tuple[int, int]] = []
    for hz, ms in steps:
        if joined and not hz and not joined[-1][0]:
            joined[-1] = (0, joined[-1][1] + ms)
        else:
            joined.append((hz, ms))
    while joined and not joined[-1][0]:
        joined.pop()
    return joined


def _same(hz: int, wanted: int) -> bool:
    return abs(hz - wanted) <= wanted * _HZ_TOLERANCE


def _fit(heights: list[int], steps: "tuple[tuple[int, int], ...]") -> int:
    """How many of the last `heights` are a beginning of the tone."""
    wanted = [hz for hz, _ in _joined(steps)]
    while heights and not heights[-1]:
        heights = heights[:-1]
    for at in range(len(heights)):
        tail = heights[at:]
        if len(tail) <= len(wanted) and all(map(_same, tail, wanted)):
            return len(tail)
    return 0
