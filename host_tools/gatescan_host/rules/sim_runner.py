"""Runs inside MicroPython for `rules eval --engine sim`: argv[1] is the compiled order.

One line in, one line out, at once. Not imported by the host.
"""

import sys

from gatescan.core.law import jsonl
from gatescan.core.law.policy import Policy

with open(sys.argv[1], "rb") as file:  # noqa: PTH123 - MicroPython
    policy = Policy(file.read())
print("ready")
while True:
    line = sys.stdin.readline()
    if not line:
        break
    answer, ok = jsonl.evaluate_line(policy, line[:-1])
    print(("1" if ok else "0") + answer)
