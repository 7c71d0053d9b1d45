"""How fast a scan and the link are on the emulated Pico: python tests/bench/pico_scan.py [SCANS].

A stock image (GATESCAN_UF2), the shipped firmware as .mpy, a table of 100,000 items; all times by
the emulated clock, which models no flash cache. Prints one JSON document; 60 scans take about two
minutes with the quick build of the emulator (tests/emulated_pico/faster.py).
"""

import json
import random
import statistics
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / name) for name in ("firmware", "host_tools", "tests", "tests/bench")]

from pico_link import Link  # noqa: E402
from pico_material import Material, flash_files, material  # noqa: E402

from emulated_pico.build import firmware_files  # noqa: E402
from emulated_pico.machine import EmulatedPico  # noqa: E402
from emulated_pico.stock import find  # noqa: E402
from gatescan.core.smp import router  # noqa: E402
from gatescan.core.tags import barcode  # noqa: E402
from gatescan_host.deploy.compile import compile_beside  # noqa: E402
from gatescan_host.signing import bundle  # noqa: E402
from gatescan_host.table import commands  # noqa: E402
from gatescan_host.table.read import open_bytes  # noqa: E402

_HERE = Path(__file__).parent
_PROBE_GROUP = 70
_READY_MS = 15_000
_ANSWER_MS = 3000
_RECHECK_MS = 60_000  # the stored table is verified again in the background after a start
_SCANS = 60
_VISIT = "inmate-7f3a"
_BETWEEN_MS = (150, 900)  # a guard puts one item down and takes the next
# From the demonstration: seen by a person, sealed, refused, unknown. Money is added, which
# has a barcode of its own in every table.
_OTHER = (
    "5901041003003", "009800895250", "4006381333931", "00000089002940", "no such tag",
)  # fmt: skip
_APPENDS = 50
_WARM_UP = 40  # scans until every buffer has its size
_SAMPLE = 20  # scans between two looks at the heap
_SETTLE_MS = 500
_IDLE_SHARE = 0.3  # of the CPU; a check in the background takes more
_MAKING_MS = 6000  # by then the journal has made ahead what it needs next


class Bench:
    """One scanner on the bench, started with `table`."""

    def __init__(self, uf2: Path, stuff: Material, table: bytes) -> None:
        self.material = stuff
        files = {**firmware_files(), **flash_files(table)}
        files["main.py"] = (_HERE / "pico_main.py").read_bytes()
        files["pico_probe.mpy"] = _compiled(_HERE / "pico_probe.py")
        self.pico = EmulatedPico(uf2, files=files)
        self.pico.power_on()
        if not self.pico.wait_console("ready", _READY_MS):
            raise SystemExit(f"The scanner does not start:\n{self.pico.console}")
        self.link = Link(self.pico)
        self.pico.run_ms(300)
        self.link.open_session()
        self.link.set_time(int(time.time()))

    def ask(self, what: str, **asked: Any) -> dict[str, Any]:
        """One measurement of the probe in the scanner."""
        return self.link.ask(router.OP_READ, _PROBE_GROUP, 0, {"what": what, **asked}, 60_000)

    def require_ok(self) -> None:
        """A scanner whose journal is full, say, answers sooner: its figures would mislead."""
        condition = self.link.status()["condition"]
        if condition != "ok":
            raise SystemExit(f"The scanner is not at work ({condition}): {self.link.status()}")

    def settle(self) -> float:
        """Wait until the background check of the table is over; what it took."""
        begun = self.pico.now_ms
        while self.busy_share() > _IDLE_SHARE and self.pico.now_ms - begun < _RECHECK_MS:
            pass
        return self.pico.now_ms - begun

    def busy_share(self, over_ms: float = 500) -> float:
        """Share of the time in which the CPU does not wait for anything."""
        cycles, begun = self.pico.cpu_cycles, self.pico.now_ms
        self.pico.run_ms(over_ms)
        return (self.pico.cpu_cycles - cycles) / ((self.pico.now_ms - begun) * 125_000)

    def scan(self, code: str) -> tuple[float, float]:
        """(ms to the light, ms to the screen) after the last byte of one barcode."""
        pico = self.pico
        pico.barcode.send(code.encode() + b"\r")
        pico.run_until(lambda: not pico.barcode.busy, 1000)
        sent = pico.barcode.sent_ms
        pictures = pico.panel.pictures
        if not pico.run_until(lambda: pico.panel.pictures > pictures, _ANSWER_MS):
            raise SystemExit(f"The scanner did not answer {code!r}:\n{pico.console[-800:]}")
        shown = pico.panel.shown_ms
        # Nothing else writes the light between a verdict's and the end of its picture.
        lit = pico.light.written_ms
        if not sent < lit < shown:
            raise SystemExit(f"The light did not answer {code!r}.")
        return lit - sent, shown - sent


def starts(uf2: Path, table: bytes) -> dict[str, Any]:
    """Times and free heap of the shipped firmware at its first start, and at the next one.

    At the first it makes the first file of its journal.
    """
    pico = EmulatedPico(uf2, files={**firmware_files(), **flash_files(table)})
    found: dict[str, Any] = {}
    for name in ("first", "next"):
        begun_ms, told = pico.now_ms, len(pico.console)
        pico.power_on()
        if not pico.wait_console("ready", _READY_MS, told):
            raise SystemExit(f"The scanner does not start:\n{pico.console}")
        found[name] = {"ready_ms": round(pico.now_ms - begun_ms)}
        pico.run_ms(_MAKING_MS)
        free = pico.console[told:].split(" free ")[1].split()[0]
        found[name]["free_at_ready_bytes"] = int(free)
        pico.cut_power()
    return found


def _compiled(source: Path) -> bytes:
    """A module for the Pico."""
    return compile_beside("rpi_pico", source.name, source.read_text(encoding="utf-8"))


def spread(values: Sequence[float]) -> dict[str, float]:
    """How many, mean, median, 99th percentile and the largest, as the values are counted."""
    ordered = sorted(values)
    return {
        "n": len(ordered),
        "mean": round(sum(ordered) / len(ordered), 1),
        "p50": round(ordered[len(ordered) // 2], 1),
        "p99": round(ordered[len(ordered) * 99 // 100], 1),
        "max": round(ordered[-1], 1),
    }


def _slope(heaps: Sequence[tuple[int, int]]) -> float | None:
    """Bytes of free heap won or lost with each scan; None for too few samples."""
    if len(heaps) < 3:
        return None
    return round(statistics.linear_regression(*zip(*heaps, strict=True)).slope, 2)


def _keys(codes: Sequence[str]) -> list[bytes]:
    keys = [barcode.parse(code.encode()).key for code in codes]
    return [key for key in keys if key is not None]


def measure(uf2: Path, scans: int) -> dict[str, Any]:
    """All figures, as one map."""
    begun = time.monotonic()
    stuff = material()
    bench = Bench(uf2, stuff, stuff.big)
    link, pico = bench.link, bench.pico
    recheck_ms = bench.settle()
    bench.require_ok()
    idle = bench.busy_share(4000)
    first = bench.ask("heap")
    link.open_visit(_VISIT)
    rng = random.Random(1)
    salt = bytes(open_bytes(stuff.big[bundle.parse(stuff.big).head_bytes :]).meta["salt"])
    others = (*_OTHER, commands.text_of(salt, commands.of_cash(500).name))
    lights, screens = [], []
    heaps: list[tuple[int, int]] = []  # (scans done, free bytes)
    for number in range(scans):
        code = rng.choice(others) if number % 5 == 4 else rng.choice(bench.material.codes)
        pico.run_ms(rng.uniform(*_BETWEEN_MS))
        light, screen = bench.scan(code)
        lights.append(light)
        screens.append(screen)
        if number >= _WARM_UP and number % _SAMPLE == 0:
            pico.run_ms(_SETTLE_MS)
            link.open_session()  # a host fetches the events, else the journal is full one day
            link.acknowledge()
            pico.run_ms(_SETTLE_MS)
            heaps.append((number, bench.ask("heap")["free"]))
    pico.run_ms(_SETTLE_MS)
    bench.require_ok()
    last = bench.ask("heap")
    lookups: list[int] = []
    garbage = 0
    for at in range(0, 200, 40):
        found = bench.ask("lookup", keys=_keys(bench.material.codes[at : at + 40]))
        lookups += found["us"]
        garbage += found["bytes"]
    hashed = bench.ask("sha256")
    result: dict[str, Any] = {
        "schema": 1,
        "target": "emulated rpi_pico, .mpy; no flash cache modelled",
        "items": 100_000,
        "scans": scans,
        "starts": starts(uf2, stuff.big),
        "starts_small_table": starts(uf2, stuff.small),
        "recheck_ms": round(recheck_ms, 0),
        "idle_busy_percent": round(100 * idle, 1),
        "to_light_ms": spread(lights),
        "to_screen_ms": spread(screens),
        "heap_before_scans": first,
        "heap_after_scans": last,
        "heap_slope_bytes_per_scan": _slope(heaps),
        "lookup_us": spread(lookups),
        "lookup_garbage_bytes": garbage,
        "table_open_ms": spread([us / 1000 for us in bench.ask("open", n=5)["us"]]),
        "signature_ms": bench.ask("signature")["us"][0] / 1000,
        "sha256_kb_per_s": round(hashed["bytes"] / hashed["us"][0] * 1000, 1),
        "append_ms": spread([us / 1000 for us in bench.ask("append", n=_APPENDS)["us"]]),
    }
    bench.pico.cut_power()
    # On a scanner with a small table: two big ones and the journal do not fit the flash.
    bench = Bench(uf2, stuff, stuff.small)
    bench.settle()
    result["sync"] = bench.link.timed_sync(stuff.update)
    result["wall_s"] = round(time.monotonic() - begun, 1)
    return result


def main() -> None:
    """Measure and print."""
    uf2, reason = find()
    if uf2 is None:
        raise SystemExit(f"No benchmark of the Pico: {reason}.")
    scans = int(sys.argv[1]) if len(sys.argv) > 1 else _SCANS
    print(json.dumps(measure(uf2, scans), indent=1))


if __name__ == "__main__":
    main()
