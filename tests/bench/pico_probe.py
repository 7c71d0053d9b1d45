"""Measuring inside a running scanner; runs on the emulated Pico, beside the firmware it measures.

Nothing of the firmware is loaded before it starts: that would stay in the RAM.
Adds SMP group 70, command 0: {"what": name, ...} -> figures in microseconds and bytes.
"""

import gc
import hashlib
from time import ticks_diff, ticks_us

GROUP = 70


def enter():
    """Have the link's rooms answer to the probe's command, whenever they are opened."""
    from gatescan.app.link.rooms import Rooms

    shipped = Rooms.open_line
    made = Rooms.__init__

    def init(rooms, scanner):
        made(rooms, scanner)
        rooms.measured = scanner

    def open_line(rooms):
        line = yield from shipped(rooms)
        _install(rooms.measured, line[1])
        return line

    Rooms.__init__ = init
    Rooms.open_line = open_line


def _install(scanner, router):
    router.add(GROUP, 0, read=lambda asked: _ACTIONS[asked["what"]](scanner, asked))


def _timed(work, *arguments):
    begun = ticks_us()
    work(*arguments)
    return ticks_diff(ticks_us(), begun)


def _heap(scanner, asked):
    gc.collect()
    free = gc.mem_free()
    low, high = 0, free
    while high - low > 256:
        middle = (low + high) // 2
        try:
            bytearray(middle)
            low = middle
        except MemoryError:
            high = middle
        gc.collect()
    return {"free": free, "largest": low, "used": gc.mem_alloc()}


def _lookup(scanner, asked):
    from gatescan.app import heap

    table = scanner.tables.slots.table
    heap.tidy()
    before = gc.mem_alloc()
    micros = []
    for key in asked["keys"]:
        begun = ticks_us()
        found = table.lookup_key(key)
        micros.append(ticks_diff(ticks_us(), begun))
        if found < 0:
            raise ValueError("a listed item was not found")
    return {"us": micros, "bytes": gc.mem_alloc() - before}


def _open(scanner, asked):
    from gatescan.app import heap
    from gatescan.core.table.reader import Table

    slots = scanner.tables.slots
    micros = []
    Table(slots.table.window, slots.manifest.table_bytes)  # loads the code that opening needs
    for _ in range(asked["n"]):
        heap.tidy()
        micros.append(_timed(Table, slots.table.window, slots.manifest.table_bytes))
    return {"us": micros}


def _signature(scanner, asked):
    from gatescan.app.slot_record import read_head
    from gatescan.core.trust import bundle

    slots = scanner.tables.slots
    head = read_head(slots.path(slots.slot))
    gc.collect()

    def verify():
        if not bundle.signed_by(head, scanner.settings.public_key):
            raise ValueError("the signature of the table in use does not verify")

    return {"us": [_timed(verify)]}


def _sha256(scanner, asked):
    view = memoryview(bytearray(2048))
    window = scanner.tables.slots.table.window
    digest = hashlib.sha256()

    def run():
        for at in range(0, 16 * 2048, 2048):
            window(at, view)
            digest.update(view)

    return {"us": [_timed(run)], "bytes": 16 * 2048}


def _append(scanner, asked):
    from gatescan.app import heap

    heap.tidy()
    return {"us": [_timed(scanner.log, 1) for _ in range(asked["n"])]}


_ACTIONS = {
    "heap": _heap, "lookup": _lookup, "open": _open, "signature": _signature, "sha256": _sha256,
    "append": _append,
}  # fmt: skip
