"""What each module of the firmware costs a Pico: bytes of heap and time of its import.

Usage: GATESCAN_UF2=image.uf2 python tests/bench/import_memory.py [--json]

Boots the emulated Pico twice with the firmware as it is deployed: once to see what the import
costs in all, once with a collection before and after every module, to see where it goes. What
a module imports counts for itself; a name that two modules use counts for the first.
"""

import json
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from emulated_pico import stock
from emulated_pico.build import firmware_files, firmware_modules
from emulated_pico.machine import EmulatedPico

_LIMIT_MS = 20_000
_DONE = "@ end"
# On the board, in place of main.py. Its first lines are main.py's own: how modules are found.
_START = """
import gc
begun_bytes = gc.mem_alloc()
import time
begun_ms = time.ticks_ms()
{head}
{watch}
from finder import help_import, settle
help_import()
import gatescan.app.start
settle()
{unwatch}
took_ms = time.ticks_diff(time.ticks_ms(), begun_ms)
gc.collect()
print("@ loaded", gc.mem_alloc() - begun_bytes, took_ms)
print("@ end")
"""
_WATCH = """
import builtins
find = builtins.__import__
inner = []
def watched(name, *rest):
    if name in sys.modules:
        return find(name, *rest)
    begun_us = time.ticks_us()
    gc.collect()
    before = gc.mem_alloc()
    inner.append([0, 0])
    import_us = time.ticks_us()
    module = find(name, *rest)
    import_us = time.ticks_diff(time.ticks_us(), import_us)
    gc.collect()
    grown = gc.mem_alloc() - before
    inner_bytes, inner_us = inner.pop()
    print("@ module", name, grown - inner_bytes, import_us - inner_us)
    if inner:
        inner[-1][0] += grown
        inner[-1][1] += time.ticks_diff(time.ticks_us(), begun_us)
    return module
builtins.__import__ = watched
"""


def measure(uf2: Path) -> dict[str, Any]:
    """`loaded_bytes` and `import_ms` in all; `modules`: name, bytes, ms, the largest first."""
    files = firmware_files()
    text = files["main.py"].decode()
    head = text[: text.index("try:\n")]
    plain = _run(uf2, {**files, "main.py": _script(head, "", "")})
    watch = _script(head, _WATCH, "builtins.__import__ = find")
    # From single files: so many imports inside each other leave no stack for finder.py as well.
    watched = _run(uf2, {**firmware_modules(), "boot.py": files["boot.py"], "main.py": watch})
    loaded = next(line for line in plain if line[1] == "loaded")
    modules: dict[str, dict[str, Any]] = {}
    for line in watched:
        if line[1] == "module":  # MicroPython's own are found anew by each importer
            module = modules.setdefault(line[2], {"name": line[2], "bytes": 0, "ms": 0.0})
            module["bytes"] += int(line[3])
            module["ms"] = round(module["ms"] + int(line[4]) / 1000, 1)
    return {
        "schema": 1,
        "target": "emu",
        "loaded_bytes": int(loaded[2]),
        "import_ms": int(loaded[3]),
        "modules": sorted(modules.values(), key=lambda module: -module["bytes"]),
    }


def _script(head: str, watch: str, unwatch: str) -> bytes:
    return _START.format(head=head, watch=watch, unwatch=unwatch).encode()


def _run(uf2: Path, files: dict[str, bytes]) -> list[list[str]]:
    """The words of every line that the board prints for us; RuntimeError when it does not end."""
    pico = EmulatedPico(uf2, files=files)
    pico.power_on()
    ended = pico.wait_console(_DONE, _LIMIT_MS)
    console = pico.console
    pico.cut_power()
    if not ended:
        raise RuntimeError(f"the firmware was not imported within {_LIMIT_MS} ms:\n{console}")
    return [line.split() for line in console.splitlines() if line.startswith("@ ")]


def main() -> int:
    """Print a table, or with --json one object."""
    image, reason = stock.find()
    if image is None:
        print(f"The firmware needs a Pico to be imported on: {reason}.", file=sys.stderr)
        return 2
    result = measure(image)
    if "--json" in sys.argv[1:]:
        print(json.dumps(result, indent=1))
        return 0
    for module in result["modules"]:
        print(f"{module['bytes']:7} bytes {module['ms']:7.1f} ms  {module['name']}")
    print(f"{result['loaded_bytes']:7} bytes {result['import_ms']:5} ms    in all, at once")
    return 0


if __name__ == "__main__":
    sys.exit(main())
