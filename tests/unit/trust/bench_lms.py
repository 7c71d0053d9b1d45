"""How long a signature check takes and how much garbage it leaves; runs on every interpreter.

Host:  PYTHONPATH=firmware python tests/unit/trust/bench_lms.py
Unix:  MICROPYPATH=firmware micropython -X heapsize=2m tests/unit/trust/bench_lms.py
Pico:  with `gatescan/` and `lms_vectors.jsonl` in the root of its files, as a script of the REPL
"""

import gc
import json
import sys
import time

sys.path.append("/")

from gatescan.core.trust import lms

try:
    _FILE = __file__.rpartition("/")[0] + "/lms_vectors.jsonl"
except NameError:
    _FILE = "/lms_vectors.jsonl"


def _now_us():
    return time.ticks_us() if hasattr(time, "ticks_us") else time.perf_counter_ns() // 1000


def main():
    with open(_FILE) as lines:
        for line in lines:
            if "/W4" not in line[:40]:
                continue
            row = json.loads(line)
            parts = [bytes.fromhex(row[key]) for key in ("public", "message", "signature")]
            gc.collect()
            start = _now_us()
            good = lms.verify(*parts)
            spent_us = _now_us() - start
            garbage = None
            if hasattr(gc, "mem_alloc"):
                gc.collect()
                gc.disable()
                before = gc.mem_alloc()
                lms.verify(*parts)
                garbage = gc.mem_alloc() - before
                gc.enable()
            print(row["name"], good, spent_us, "us,", garbage, "bytes of garbage")


main()
