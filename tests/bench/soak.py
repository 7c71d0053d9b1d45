"""Scans until the heap would show a leak: `python tests/bench/soak.py [COUNT]` prints JSON.

`slope_bytes_per_scan` is the least-squares slope of free heap over scans, measured after a
collection at equal distances.
"""

import json
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
for folder in ("firmware", "host_tools", "tests"):
    sys.path.insert(0, str(ROOT / folder))

from gatescan_host.simulator.scanner import SimulatedScanner  # noqa: E402
from sim import rig  # noqa: E402

CODES = (rig.SPREAD, rig.VODKA, rig.UNKNOWN, rig.RADIO, "885909727827", "GSC-CASH-500", "x" * 60)
MARKS = 20  # measurements over the run
_WARM_UP = 50


def free_bytes(scanner: SimulatedScanner) -> int:
    """Free heap of the firmware after a collection."""
    scanner.order({"do": "memory"})
    return int(scanner.wait_for("memory")["free"])


def slope(points: list[tuple[int, int]]) -> float:
    """Least-squares slope of y over x."""
    mean_x = sum(x for x, _ in points) / len(points)
    mean_y = sum(y for _, y in points) / len(points)
    spread = sum((x - mean_x) ** 2 for x, _ in points)
    return sum((x - mean_x) * (y - mean_y) for x, y in points) / spread


def soak(gate: rig.Gate, count: int) -> dict[str, object]:
    """Scan `count` times on an equipped gate; returns the figures."""
    scanner = gate.scanner
    gate.open_visit()
    for index in range(_WARM_UP):
        gate.scan(CODES[index % len(CODES)])
    points = []
    latencies = []
    begun = time.monotonic()
    for index in range(count):
        if index % max(1, count // MARKS) == 0:
            points.append((index, free_bytes(scanner)))
        latencies.append(gate.scan(CODES[index % len(CODES)])["latency_ms"])
        if index % 200 == 199:
            gate.pull()  # as a shift's syncs do; else the journal would be full one day
    points.append((count, free_bytes(scanner)))
    latencies.sort()
    return {
        "scans": count,
        "seconds": round(time.monotonic() - begun, 1),
        "free_first_bytes": points[0][1],
        "free_last_bytes": points[-1][1],
        "slope_bytes_per_scan": round(slope(points), 3),
        "latency_p50_ms": latencies[len(latencies) // 2],
        "latency_p99_ms": latencies[len(latencies) * 99 // 100],
    }


def main() -> None:
    """Equip a fresh simulated scanner and soak it."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    with tempfile.TemporaryDirectory(prefix="gatescan-soak-") as folder:
        gate = rig.Gate(Path(folder), SimulatedScanner(Path(folder) / "scanner"))
        gate.scanner.power_on()
        try:
            gate.equip(rig.table())
            print(json.dumps(soak(gate, count)))
        finally:
            gate.close()


if __name__ == "__main__":
    main()
