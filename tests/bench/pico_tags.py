"""What reading an element string costs a Pico: python tests/bench/pico_tags.py (GATESCAN_UF2=...).

On the emulated Pico, with the firmware as it is deployed and nothing else running: time and
garbage of `element_string.read` for strings of about 60 bytes, once as the first of its kind
(modules are loaded then) and once again. Prints one JSON line.
"""

import json
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / name) for name in ("firmware", "host_tools", "tests")]

from emulated_pico import stock  # noqa: E402 - needs the folders above
from emulated_pico.build import firmware_files  # noqa: E402
from emulated_pico.machine import EmulatedPico  # noqa: E402

_LIMIT_MS = 60_000
# (name, data, sent without a symbology identifier)
STRINGS = (
    ("medicine", b"0109521234543213172712311047110A\x1d21SN0123456789ABCDE", False),
    ("food", b"010952123454321315251231310300125010LOT-42/A\x1d21A1B2C3D4E5F6G7H", False),
    ("pallet", b"0039521234000000001402095212345432133712\x1d10ABCDEFGHI\x1d400ORD7", False),
    ("no_identifier", b"01095212345432131727123110ABCDEFGHJKLMNOPQRSTU", True),
    ("patient", b"8018395212340000000014\x1d724105\x1d80191234567890\x1d90ABCDEFGHIJKLM", False),
)
_MAIN = """
import gc
from time import ticks_diff, ticks_us
from finder import help_import
help_import()
gc.collect()
before = gc.mem_alloc()
from gatescan.core.tags import element_string
gc.collect()
print("@", gc.mem_alloc() - before)
for data, inferred in %r:
    for again in (0, 1):
        gc.collect()
        gc.disable()
        before = gc.mem_alloc()
        begun = ticks_us()
        tag = element_string.read(data, inferred)
        took = ticks_diff(ticks_us(), begun)
        print("@", took, gc.mem_alloc() - before, tag.error is None)
        gc.enable()
gc.collect()
print("@", gc.mem_alloc())
print("@ end")
"""


def measure(uf2: Path) -> list[list[str]]:
    """What the board printed, word by word."""
    program = _MAIN % ([(data, inferred) for _, data, inferred in STRINGS],)
    pico = EmulatedPico(uf2, files={**firmware_files(), "main.py": program.encode()})
    pico.power_on()
    ended = pico.wait_console("@ end", _LIMIT_MS)
    if not ended:
        raise SystemExit(f"The Pico did not finish:\n{pico.console[-800:]}")
    return [line.split()[1:] for line in pico.console.splitlines() if line.startswith("@ ")][:-1]


def main() -> int:
    """Measure, print."""
    image, reason = stock.find()
    if image is None:
        print(f"Element strings need a Pico to be read on: {reason}.", file=sys.stderr)
        return 2
    lines = measure(image)
    result: dict[str, Any] = {"import_bytes": int(lines[0][0])}
    for i, (name, data, _) in enumerate(STRINGS):
        first, again = lines[1 + 2 * i], lines[2 + 2 * i]
        result[name] = {
            "bytes": len(data),
            "identified": again[2] == "True",
            "first_ms": round(int(first[0]) / 1000, 2),
            "ms": round(int(again[0]) / 1000, 2),
            "garbage_bytes": int(again[1]),
        }
    print(json.dumps(result))
    return 0


if __name__ == "__main__":
    sys.exit(main())
