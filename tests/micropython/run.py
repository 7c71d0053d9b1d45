"""Start one test file on MicroPython with the heap of a Pico (twice, for 64-bit objects).

Usage: python tests/micropython/run.py tests/unit/.../test_x.py [...]
"""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "firmware"), str(ROOT / "host_tools"), str(ROOT / "tests")]

from demo_site import table_path  # noqa: E402 - needs the folders above
from gatescan_host.simulator.checkout import micropython  # noqa: E402

# The Pico has 237 kB; objects are twice as large on 64 bits, and a test module is half a firmware.
HEAP = "240k"


def run(test_file: Path) -> subprocess.CompletedProcess:
    """Run `test_file` on MicroPython; stdout and stderr come back as one text."""
    table_path()
    path = os.pathsep.join(
        [str(ROOT / "firmware"), str(ROOT / "tests/micropython"), str(ROOT / "tests"), ".frozen"]
    )
    return subprocess.run(
        [micropython(), "-X", f"heapsize={HEAP}", str(ROOT / "tests/micropython/entry.py"),
         str(test_file.resolve())],
        env={**os.environ, "MICROPYPATH": path},
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=240,
    )


if __name__ == "__main__":
    code = 0
    for name in sys.argv[1:]:
        done = run(Path(name))
        print(done.stdout, end="")
        code = code or done.returncode
    sys.exit(code)
