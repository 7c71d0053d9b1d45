"""Scan for a long time and watch the memory: python tests/bench/soak.py [COUNT] (10,000).

Prints one JSON document: free memory (after a collection) along the way, its slope, latencies.
"""

import json
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / name) for name in ("firmware", "host_tools", "tests")]

from sim import rig  # noqa: E402 - needs the folders above

# what the guard does, over and over; a step is a barcode, a command of the
# printed sheet, or a button
_ROUND = (
    rig.SPREAD, rig.VODKA, rig.UNKNOWN, rig.RADIO, rig.SEAL, "no such tag", rig.RADIO, "back",
    "sheet:VISITOR", rig.VODKA, "sheet:DKK500", "4006381333930",
)  # fmt: skip
_WARM_UP = 50  # scans until buffers have their size
_SAMPLES = 40


def soak(gate: rig.Gate, count: int) -> dict[str, Any]:
    """Do `count` steps at a gate with an open visit; the figures."""
    gate.open_visit()
    every = max(1, (count - _WARM_UP) // _SAMPLES)
    samples: list[tuple[int, int]] = []
    latencies: list[int] = []
    begun = time.monotonic()
    for number in range(1, count + 1):
        latency = _step(gate, _ROUND[number % len(_ROUND)])
        if latency is not None:
            latencies.append(latency)
        if number >= _WARM_UP and (number - _WARM_UP) % every == 0:
            # Asked first: what answers a host is in memory then, at every sample.
            condition = gate.status()["condition"]
            samples.append((number, memory_free(gate)))
            if condition == "journal_full":
                _fetch(gate)
    latencies.sort()
    slope = statistics.linear_regression(*zip(*samples, strict=True)).slope
    return {
        "schema": 1,
        "scans": count,
        "seconds": round(time.monotonic() - begun, 1),
        "free_first_bytes": samples[0][1],
        "free_last_bytes": samples[-1][1],
        "free_least_bytes": min(free for _, free in samples),
        "slope_bytes_per_scan": round(slope, 3),
        "verdicts": len(latencies),
        "latency_p50_ms": latencies[len(latencies) // 2],
        "latency_p99_ms": latencies[len(latencies) * 99 // 100],
        "latency_max_ms": latencies[-1],
        "restarts": gate.status()["restarts"],
    }


def memory_free(gate: rig.Gate) -> int:
    """Free bytes of the scanner's heap after a collection."""
    gate.scanner.forget_events()
    gate.scanner.order({"do": "memory"})
    return int(gate.scanner.wait_for("memory")["free"])


def _step(gate: rig.Gate, what: str) -> int | None:
    """Carry out one step; the verdict's latency in ms where there was a verdict."""
    gate.scanner.forget_events()
    if what == "back":
        gate.scanner.press("back", 60)
    else:
        kind, _, name = what.rpartition(":")
        gate.scanner.barcode(rig.demo_site.command(name) if kind == "sheet" else what)
    gate.scanner.wait_for("screen")
    # The verdict follows its screen at once; where none comes, the next step is not held up.
    limit = time.monotonic() + 0.02
    while time.monotonic() < limit:
        while not gate.scanner.events.empty():
            event = gate.scanner.events.get()
            if event["event"] == "verdict":
                return int(event["latency_ms"])
        time.sleep(0.0005)
    return None


def _fetch(gate: rig.Gate) -> None:
    with gate.link() as link:
        link.unlock(gate.key_file.read_bytes())
        report = link.status()["journal"]
        link.acknowledge(report["seq"], report["link"])


def main() -> None:
    """Run it on a scanner of its own."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    with tempfile.TemporaryDirectory(prefix="gatescan-soak-") as name:
        gate = rig.Gate(Path(name), rig.simulator(Path(name)))
        gate.scanner.power_on()
        try:
            gate.equip(rig.table())
            print(json.dumps(soak(gate, count)))
        finally:
            gate.close()


if __name__ == "__main__":
    main()
