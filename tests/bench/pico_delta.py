"""Changes of a big table on the emulated Pico: python tests/bench/pico_delta.py [--items N].

The firmware as shipped, a made table of 100,000 items; 1,000 changes arrive as a delta, answer,
and are merged while somebody scans. All times by the emulated clock; prints one JSON document.
About four minutes.
"""

import argparse
import json
import random
import sys
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / name) for name in ("firmware", "host_tools", "tests", "tests/bench")]

from pico_material import DEVICE_KEY, flash_files  # noqa: E402
from pico_scan import spread  # noqa: E402

import demo_site  # noqa: E402
from emulated_pico import flash_image  # noqa: E402
from emulated_pico.build import firmware_files  # noqa: E402
from emulated_pico.host_link import HostLink  # noqa: E402
from emulated_pico.machine import EmulatedPico  # noqa: E402
from emulated_pico.stock import find  # noqa: E402
from gatescan_host.signing import keys  # noqa: E402
from sim import made_deltas, made_tables, rig  # noqa: E402

_READY_MS = 20_000
_CHECKED_MS = 20_000  # the stored table is checked once more after a start
_ANSWER_MS = 5000
_SCANS = 40  # before the changes, to compare with
_BETWEEN_MS = (150, 450)
_MERGE_MS = 300_000
_LOOK_MS = 4000
_SEED = 20091104


def successor(parent: bytes, items: int, changes: int, rng: random.Random) -> made_deltas.Made:
    """The table after so many changes: three tenths gone, three changed, the others new."""
    picked = rng.sample(range(items), changes * 6 // 10)
    gone, changed = picked[: changes * 3 // 10], picked[changes * 3 // 10 :]
    refused = made_deltas.class_of(parent, rig.VODKA)
    allowed = made_deltas.class_of(parent, rig.SPREAD)
    after = {made_tables.item(number): made_deltas.GONE for number in gone}
    after |= {made_tables.item(number): refused for number in changed}
    after |= {made_tables.item(items + n): allowed for n in range(changes - len(picked))}
    return made_deltas.following(parent, 2, after)


class Gate:
    """One scanner, and somebody who scans items of its table at random."""

    def __init__(self, uf2: Path, table: bytes, items: int, rng: random.Random) -> None:
        self._rng, self._items = rng, items
        public = keys.public(demo_site.key_folder("site"))
        files = {**firmware_files(), **flash_files(table, public)}
        self.pico = EmulatedPico(uf2, files=files)
        self.pico.power_on()
        if not self.pico.wait_console("ready", _READY_MS):
            raise SystemExit(f"The scanner does not start:\n{self.pico.console}")
        self.pico.run_ms(_CHECKED_MS)
        self.link = HostLink(self.pico)
        self.link.unlock(DEVICE_KEY)
        self.link.set_time(int(time.time()))

    def scan(self) -> float:
        """Milliseconds from the last byte of one barcode to the whole screen."""
        pico = self.pico
        pictures = pico.panel.pictures
        code = made_tables.item(self._rng.randrange(self._items))
        pico.barcode.send(code.encode() + b"\r")
        pico.run_until(lambda: not pico.barcode.busy, 1000)
        sent = pico.barcode.sent_ms
        if not pico.run_until(lambda: pico.panel.pictures > pictures, _ANSWER_MS):
            raise SystemExit(f"The scanner did not answer {code}:\n{pico.console[-800:]}")
        waited = pico.panel.shown_ms - sent
        pico.run_ms(self._rng.uniform(*_BETWEEN_MS))
        return waited


def measure(uf2: Path, items: int, changes: int) -> dict[str, Any]:
    """What became of the changes, and how long scans waited meanwhile."""
    rng = random.Random(_SEED)
    parent = made_tables.made(1, items=items)
    new = successor(parent, items, changes, rng)
    gate = Gate(uf2, parent, items, rng)
    pico, link = gate.pico, gate.link
    before = [gate.scan() for _ in range(_SCANS)]
    begun_ms = pico.now_ms
    link.upload(new.delta)
    link.activate(new.delta)
    used_ms = pico.now_ms
    report = link.status()
    assert report["overlay"], report
    during: list[float] = []
    looked_ms = pico.now_ms
    while report["overlay"] and pico.now_ms - used_ms < _MERGE_MS:
        during.append(gate.scan())
        if pico.now_ms - looked_ms > _LOOK_MS:
            report, looked_ms = link.status(), pico.now_ms
    merged_ms = pico.now_ms
    stored = flash_image.read(bytes(pico.flash_bytes())).values()
    return {
        "items": items, "changes": changes, "delta_bytes": len(new.delta),
        "table_bytes": len(new.data), "in_use_ms": round(used_ms - begun_ms),
        "merged_ms": None if report["overlay"] else round(merged_ms - used_ms),
        "as_the_host_builds_it": new.data in stored,
        "scan_ms_before": spread(before), "scan_ms_meanwhile": spread(during),
    }  # fmt: skip


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--items", type=int, default=100_000)
    parser.add_argument("--changes", type=int, default=1000)
    options = parser.parse_args()
    uf2, reason = find()
    if uf2 is None:
        print(f"No benchmark of the Pico: {reason}.", file=sys.stderr)
        return 2
    print(json.dumps(measure(uf2, options.items, options.changes), indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
