"""The budgets of DESIGN.md on the emulated Pico: bench_pico.py [SCANS] [--readme].

Runs pico_scan.py (500 scans), pico_delta.py and import_memory.py, writes build/bench/pico.json and
prints the table of the README; --readme puts it there. Takes about twelve minutes.
"""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

import pico_delta
import pico_scan  # finds the firmware, the host tools and the emulator
from import_memory import measure as measure_imports

from emulated_pico.stock import find

ROOT = Path(__file__).resolve().parents[2]
OUT = ROOT / "build" / "bench" / "pico.json"
README = ROOT / "README.md"
_BEGIN, _END = "<!-- bench-pico: begin -->\n", "<!-- bench-pico: end -->\n"
_LARGEST = 8  # modules that the README lists
_ITEMS, _CHANGES = 100_000, 1000

Row = tuple[str, str, str, bool | None]  # what, measured, budget, met


def rows(found: dict[str, Any], imports: dict[str, Any]) -> list[Row]:
    """What the table says."""
    light, screen, look = found["to_light_ms"], found["to_screen_ms"], found["lookup_us"]
    append, sync, opened = found["append_ms"], found["sync"], found["table_open_ms"]
    before, after = found["heap_before_scans"], found["heap_after_scans"]
    big, small = found["starts"], found["starts_small_table"]
    ready_s, free = big["next"]["ready_ms"] / 1000, big["next"]["free_at_ready_bytes"]
    slope = found["heap_slope_bytes_per_scan"]
    delta = found["delta"]
    calm, merging = delta["scan_ms_before"], delta["scan_ms_meanwhile"]
    merged = delta["merged_ms"] and delta["as_the_host_builds_it"]
    return [
        ("last byte of a barcode to the light, p50 / p99",
         f"{light['p50']:.0f} / {light['p99']:.0f} ms", "", None),
        ("last byte of a barcode to the whole screen, p50 / p99 / max",
         f"{screen['p50']:.0f} / {screen['p99']:.0f} / {screen['max']:.0f} ms",
         "p99 100 ms", screen["p99"] <= 100),
        ("cold boot to ready, 100,000 items / demonstration",
         f"{ready_s:.2f} / {small['next']['ready_ms'] / 1000:.2f} s", "2 s", ready_s <= 2),
        ("the very first start, which makes the journal",
         f"{big['first']['ready_ms'] / 1000:.2f} / {small['first']['ready_ms'] / 1000:.2f} s",
         "", None),
        ("free heap at ready, 100,000 items / demonstration",
         f"{free / 1000:.1f} / {small['next']['free_at_ready_bytes'] / 1000:.1f} kB",
         "100 kB", free >= 100_000),
        (f"free heap with the link loaded, before / after {found['scans']} scans",
         f"{before['free'] / 1000:.1f} / {after['free'] / 1000:.1f} kB", "", None),
        ("its slope", "not measured" if slope is None else f"{slope:+.2f} bytes a scan", "", None),
        ("largest free block then", f"{after['largest'] / 1000:.1f} kB", "", None),
        ("code loaded at ready", f"{imports['loaded_bytes'] / 1000:.1f} kB",
         "110 kB", imports["loaded_bytes"] < 110_000),
        ("lookup, mean / max", f"{look['mean'] / 1000:.2f} / {look['max'] / 1000:.2f} ms",
         "1.5 / 4 ms", look["mean"] <= 1500 and look["max"] <= 4000),
        ("table open, its code loaded, p50 / max", f"{opened['p50']:.0f} / {opened['max']:.0f} ms",
         "30 ms", opened["max"] <= 30),
        ("signature of a table", f"{found['signature_ms']:.0f} ms",
         "120 ms", found["signature_ms"] <= 120),
        ("SHA-256 of a table", f"{found['sha256_kb_per_s']:.0f} kB/s", "", None),
        ("event appended to the journal, p50 / p99 / max",
         f"{append['p50']:.1f} / {append['p99']:.1f} / {append['max']:.1f} ms", "", None),
        ("sync, steady / a whole table of "
         f"{sync['bytes'] / 1000:.0f} kB", f"{sync['steady_kb_per_s']} / "
         f"{sync['upload_kb_per_s']} kB/s", "", None),
        (f"{delta['changes']:,} changes, {delta['delta_bytes'] / 1000:.1f} kB: in use / merged in",
         f"{delta['in_use_ms'] / 1000:.0f} / "
         + (f"{delta['merged_ms'] / 1000:.0f} s" if merged else "not merged"),
         "merged as the host builds it", bool(merged)),
        ("screen after a scan, mean / max: before that / meanwhile",
         f"{calm['mean']:.0f} / {calm['max']:.0f} ms; {merging['mean']:.0f} / "
         f"{merging['max']:.0f} ms", "", None),
        ("CPU busy while nothing happens", f"{found['idle_busy_percent']:.0f} %", "", None),
    ]  # fmt: skip


def table(found: dict[str, Any], imports: dict[str, Any]) -> str:
    """The README's text: budgets, then the modules that need most memory."""
    lines = ["| what | measured | budget |", "|---|---|---|"]
    for what, measured, budget, met in rows(found, imports):
        verdict = "" if met is None else ": met" if met else ": **not met**"
        lines.append(f"| {what} | {measured} | {budget}{verdict} |")
    largest = [f"{m['name'].removeprefix('gatescan.')} {m['bytes'] / 1000:.1f}"
               for m in imports["modules"][:_LARGEST]]  # fmt: skip
    lines += ["", f"Import memory, the largest of {len(imports['modules'])} modules (kB): "
              + ", ".join(largest) + "."]  # fmt: skip
    return "\n".join(lines) + "\n"


def main() -> int:
    """Measure, write, print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("scans", nargs="?", type=int, default=500)
    parser.add_argument("--readme", action="store_true")
    options = parser.parse_args()
    uf2, reason = find()
    if uf2 is None:
        print(f"No benchmark of the Pico: {reason}.", file=sys.stderr)
        return 2
    found = pico_scan.measure(uf2, options.scans)
    found["delta"] = pico_delta.measure(uf2, _ITEMS, _CHANGES)
    imports = measure_imports(uf2)
    OUT.parent.mkdir(parents=True, exist_ok=True)
    OUT.write_text(json.dumps({**found, "imports": imports}, indent=1) + "\n", encoding="utf-8")
    text = table(found, imports)
    print(text)
    print(f"All figures: {OUT.relative_to(ROOT)}", file=sys.stderr)
    if options.readme:
        before, _, rest = README.read_text(encoding="utf-8").partition(_BEGIN)
        _, _, after = rest.partition(_END)
        README.write_text(before + _BEGIN + text + _END + after, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
