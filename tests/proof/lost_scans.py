"""The long proof: `python tests/proof/lost_scans.py [COUNT] [--seed N]` (1,000 codes a baud rate).

Runs both baud rates beside each other, 50 codes at a time, each from a power-on of its own. What
is done stands in build/proof/lost_scans.jsonl: an interrupted run goes on there, for the same
firmware and seed. Prints one JSON document; exit 1 when a code was lost or changed, or when the
scanner ended without its table.
"""

import argparse
import dataclasses
import json
import os
import sys
import time
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / name) for name in ("firmware", "host_tools", "tests")]

from emulated_pico import stock  # noqa: E402
from gatescan_host import build_id  # noqa: E402
from proof import scans  # noqa: E402

DONE = ROOT / "build" / "proof" / "lost_scans.jsonl"
_PART = 50
_SUMMED = ("corrupted", "erases", "programs", "hit_by_erase", "fifo_lost_bytes", "syncs", "events")


def part(baud: int, count: int, seed: int, firmware: str) -> dict[str, Any]:
    """One part of the proof, as it is kept; takes minutes."""
    begun_s = time.monotonic()
    outcome = dataclasses.asdict(scans.run(baud, count, seed))
    outcome["sent"] = len(outcome["sent"])
    return outcome | {
        "seed": seed, "firmware": firmware, "seconds": round(time.monotonic() - begun_s, 1)
    }  # fmt: skip


def kept(firmware: str) -> dict[tuple[int, int], dict[str, Any]]:
    """(baud, seed) -> the parts done with this firmware."""
    if not DONE.exists():
        return {}
    lines = DONE.read_text(encoding="utf-8").splitlines()
    parts = [json.loads(line) for line in lines if line.endswith("}")]
    return {(p["baud"], p["seed"]): p for p in parts if p["firmware"] == firmware}


def prove(count: int, seed: int) -> dict[str, Any]:
    """Do what is not done yet; the sums."""
    firmware = build_id.build_id("rpi_pico")
    seeds = range(seed, seed + -(-count // _PART))
    wanted = [(baud, one) for one in seeds for baud in scans.BAUDS]
    done = kept(firmware)
    DONE.parent.mkdir(parents=True, exist_ok=True)
    with ProcessPoolExecutor(max_workers=min(len(scans.BAUDS), os.cpu_count() or 1)) as pool:
        jobs = [pool.submit(part, baud, _PART, one, firmware)
                for baud, one in wanted if (baud, one) not in done]  # fmt: skip
        for job in as_completed(jobs):
            one = job.result()
            done[one["baud"], one["seed"]] = one
            with DONE.open("a", encoding="utf-8") as file:
                file.write(json.dumps(one) + "\n")
            print(f"{len(done)} of {len(wanted)} parts: {one['baud']} baud, seed {one['seed']}, "
                  f"{len(one['lost'])} lost, {one['corrupted']} corrupted, "
                  f"looked every {one['late_ms']} ms, {one['condition']}",
                  file=sys.stderr)  # fmt: skip
    return {
        "schema": 1, "firmware": firmware, "first_seed": seed,
        "bauds": {str(baud): _sum([done[baud, one] for one in seeds]) for baud in scans.BAUDS},
    }  # fmt: skip


def _sum(parts: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "codes": sum(p["sent"] for p in parts),
        "lost": sum(len(p["lost"]) for p in parts),
        **{name: sum(p[name] for p in parts) for name in _SUMMED},
        "late_ms": max(p["late_ms"] for p in parts),
        "without_table": sum(p["condition"] != "ok" for p in parts),
    }


def main() -> int:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("count", nargs="?", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    image, reason = stock.find()
    if image is None:
        print(f"The proof needs a Pico to run on: {reason}.", file=sys.stderr)
        return 2
    found = prove(options.count, options.seed)
    print(json.dumps(found))
    bad = ("lost", "corrupted", "without_table")
    return int(any(one[name] for one in found["bauds"].values() for name in bad))


if __name__ == "__main__":
    sys.exit(main())
