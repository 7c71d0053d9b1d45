"""What one answer of the order costs a Pico: python tests/bench/pico_law.py (GATESCAN_UF2=...).

On the emulated Pico, with the firmware as it is deployed and nothing else running: time and
garbage of `Policy.evaluate` for the cells of the default matrix, for a witness of every rule (any
channel, each in a new place) and for the same with everything about the inmate unknown. Prints one
JSON line.
"""

import json
import statistics
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / name) for name in ("firmware", "host_tools", "tests")]

from emulated_pico import stock  # noqa: E402 - needs the folders above
from emulated_pico.build import firmware_files  # noqa: E402
from emulated_pico.machine import EmulatedPico  # noqa: E402
from gatescan.core.law import facts  # noqa: E402
from gatescan_host.rules import coverage, orders, rulebook, wording  # noqa: E402
from gatescan_host.rules.compiler import compile_order  # noqa: E402
from gatescan_host.rules.proofs import alive  # noqa: E402

_ORDER = "dk-2009"
_LIMIT_MS = 120_000
_MAIN = """
import gc
from time import ticks_diff, ticks_us
from finder import help_import
help_import()
from gatescan.core.law.policy import Policy
with open("/policy", "rb") as file:
    policy = Policy(file.read())
for line in open("/vectors"):
    vector = eval(line)
    gc.collect()
    gc.disable()
    before = gc.mem_alloc()
    begun = ticks_us()
    policy.evaluate(vector)
    took = ticks_diff(ticks_us(), begun)
    print("@", took, gc.mem_alloc() - before)
    gc.enable()
print("@ end")
"""


def witnesses() -> list[list[Any]]:
    """For every rule facts that it changes the answer for."""
    book = rulebook.build(orders.load(orders.path_of(_ORDER)))
    return [wording.vector_of(given) for given in alive.witnesses(book).values()]


def measure(uf2: Path, vectors: list[list[Any]]) -> list[tuple[int, int]]:
    """(microseconds, bytes of garbage) of each."""
    files = {
        **firmware_files(),
        "main.py": _MAIN.encode(),
        "policy": compile_order(_ORDER),
        "vectors": "".join(f"{vector!r}\n" for vector in vectors).encode(),
    }
    pico = EmulatedPico(uf2, files=files)
    pico.power_on()
    ended = pico.wait_console("@ end", _LIMIT_MS)
    lines = [line.split() for line in pico.console.splitlines() if line.startswith("@ ")]
    if not ended:
        raise SystemExit(f"The Pico did not finish:\n{pico.console[-800:]}")
    return [(int(line[1]), int(line[2])) for line in lines[:-1]]


def main() -> int:
    """Measure, print."""
    image, reason = stock.find()
    if image is None:
        print(f"The order needs a Pico to be asked on: {reason}.", file=sys.stderr)
        return 2
    known = witnesses()
    forgotten = [list(vector) for vector in known]
    for vector in forgotten:
        facts.forget_inmate(vector)
    matrix = [wording.vector_of(cell) for cell in coverage.matrix()]
    groups = {"matrix": matrix, "witnesses": known, "inmate_unknown": forgotten}
    found = measure(image, [vector for group in groups.values() for vector in group])
    result: dict[str, Any] = {"order": _ORDER, "bytes": len(compile_order(_ORDER))}
    for name, group in groups.items():
        part, found = found[: len(group)], found[len(group) :]
        times_ms = [us / 1000 for us, _ in part]
        result[name] = {
            "evaluations": len(part),
            "mean_ms": round(statistics.mean(times_ms), 2),
            "max_ms": round(max(times_ms), 2),
            "over_10_ms": sum(one > 10 for one in times_ms),
            "garbage_max_bytes": max(grown for _, grown in part),
        }
    print(json.dumps(result))
    return 0


if __name__ == "__main__":
    sys.exit(main())
