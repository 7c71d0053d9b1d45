"""Figures of an items-only table on MicroPython: open, RAM, lookups, garbage.

On a computer: MICROPYPATH=firmware micropython -X heapsize=400k lookup_figures.py TABLE QUERIES
On a Pico: the firmware folder, TABLE as t.bin and QUERIES as q.bin in the root of the file system.
QUERIES: 8-byte tag keys, the first half listed, the second half not (written by make_figures.py).
"""

import gc
import sys
import time

if len(sys.argv) > 2:
    table_path, query_path = sys.argv[1:3]
else:
    table_path, query_path = "/t.bin", "/q.bin"

gc.collect()
m0 = gc.mem_alloc()
from gatescan.core.table.reader import Table  # noqa: E402

gc.collect()
m1 = gc.mem_alloc()
file = open(table_path, "rb")  # noqa: SIM115
size = file.seek(0, 2)
with open(query_path, "rb") as query_file:
    queries = query_file.read()
reads = 0


def read_at(offset, buffer):
    global reads
    reads += 1
    file.seek(offset)
    if file.readinto(buffer) != len(buffer):
        raise OSError("end of file")


gc.collect()
m2 = gc.mem_alloc()
t = time.ticks_us()
table = Table(read_at, size, items_only=True)
open_us = time.ticks_diff(time.ticks_us(), t)
gc.collect()
print("code %d B, open %d us, reader %d B, %d items, %d bytes" % (
    m1 - m0, open_us, gc.mem_alloc() - m2, table.items, size))
keys = [queries[i : i + 8] for i in range(0, len(queries), 8)]
half = len(keys) // 2
for label, part in (("hit", keys[:half]), ("miss", keys[half:])):
    for key in part[:3]:
        table.lookup_key(key)
    gc.collect()
    gc.disable()
    reads = total = worst = found = 0
    m = gc.mem_alloc()
    for key in part:
        a = time.ticks_us()
        answer = table.lookup_key(key)
        a = time.ticks_diff(time.ticks_us(), a)
        total += a
        if a > worst:
            worst = a
        if answer >= 0:
            found += 1
    m = gc.mem_alloc() - m
    gc.enable()
    print("%s: mean %d us, max %d us, %d/s, reads %d, garbage %d B in %d lookups, %d found" % (
        label, total // len(part), worst, len(part) * 1000000 // max(total, 1), reads, m,
        len(part), found))
t = time.ticks_us()
slices = longest = 0
for _ in table.verify():
    d = time.ticks_diff(time.ticks_us(), t)
    t = time.ticks_us()
    longest = max(longest, d)
    slices += 1
print("verify: %d slices, longest %d us" % (slices, longest))
