"""Opens one format and asks it for many keys: times, memory, reads, wrong answers.

The same loop on every target. The questions come from a file of 9-byte records: the canonical
key of a product number, and its class or 255 where it is not listed.
"""

import gc
import json
import sys

from gatescan.core.compat import TYPE_CHECKING
from gatescan_host.bench.device.medium import CountedFile, File
from gatescan_host.bench.device.readers import OPENERS, open_json

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from gatescan_host.bench.device.medium import File as AnyFile
    from gatescan_host.bench.device.readers import Opened

    Opener = Callable[[AnyFile], Opened]

MARK = "@ "  # before the line of JSON
NOT_LISTED = 255
_COUNTED = 400  # lookups whose reads are counted
_TIDY = 32  # lookups between two collections on a small heap, so that none falls into a lookup
_LOOKS = 200  # at the clock, to know what a look costs


def measure(
    opener: "Opener",
    path: str,
    questions: str,
    now: "Callable[[], int]",
    us_since: "Callable[[int], float]",
    used_bytes: "Callable[[], int]",
) -> "dict[str, Any]":
    """Figures of one format. `now`, `us_since`, `used_bytes`: the clock and heap of the target.

    Memory is that of a second one beside the first, which has loaded what is loaded once and for
    all. What is wholly in RAM is opened once only: that may take a minute.
    """
    in_ram = opener is open_json
    opened = [] if in_ram else [opener(File(path))]
    before = used_bytes()
    begun = now()
    opened.append(opener(File(path)))
    open_us = us_since(begun)
    found = {"open_us": open_us, "ram_bytes": used_bytes() - before, "reads": 0}
    found.update(_ask(opened[-1], questions, now, us_since))
    if not in_ram:
        opened.clear()
        found["reads"] = _reads(opener, path, questions)
    return found


def _reads(opener: "Opener", path: str, questions: str) -> float:
    """How often a lookup reads from the file, on average."""
    counted = CountedFile(path)
    asked_as, find = opener(counted)
    counted.reads = asked = 0
    for key, _ in _questions(questions):
        find(asked_as(key))
        asked += 1
        if asked == _COUNTED:
            break
    return counted.reads / asked


def _ask(
    opened: "Opened",
    questions: str,
    now: "Callable[[], int]",
    us_since: "Callable[[int], float]",
) -> "dict[str, Any]":
    asked_as, find = opened
    small = sys.platform == "rp2"
    idle = min([us_since(now()) for _ in range(_LOOKS)])
    hits = misses = wrong = false_hits = 0
    total = longest = idle * 0  # of its kind: floats cost the Pico garbage
    gc.collect()
    for key, expected in _questions(questions):
        if small and (hits + misses) % _TIDY == 0:
            gc.collect()
        asked = asked_as(key)
        begun = now()
        answer = find(asked)
        took = us_since(begun)
        total += took
        longest = max(longest, took)
        if expected == NOT_LISTED:
            misses += 1
            false_hits += answer >= 0
            wrong += answer != -1
        else:
            hits += 1
            wrong += answer != expected
    return {
        "hits": hits,
        "misses": misses,
        "wrong": wrong,
        "false_hits": false_hits,
        "lookup_us": max(total - idle * (hits + misses), 0) / (hits + misses),
        "lookup_us_max": max(longest - idle, 0),
    }


def _questions(path: str) -> "Any":
    key = bytearray(8)
    expected = bytearray(1)
    with open(path, "rb") as file:  # noqa: PTH123 - MicroPython
        while file.readinto(key) == 8:
            file.readinto(expected)
            yield key, expected[0]


def main(name: str, path: str, questions: str) -> None:
    """Measure on MicroPython and print it."""
    from time import ticks_diff, ticks_us  # type: ignore[attr-defined]

    def used_bytes() -> int:
        gc.collect()
        return gc.mem_alloc()  # type: ignore[attr-defined]

    try:
        found = measure(
            OPENERS[name], path, questions, ticks_us,
            lambda begun: ticks_diff(ticks_us(), begun), used_bytes,
        )  # fmt: skip
    except MemoryError:
        found = {"out_of_memory": True}
    sys.stdout.write(MARK + json.dumps(found) + "\n")
