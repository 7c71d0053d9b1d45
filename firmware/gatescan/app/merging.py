"""Merges table and overlay in the background into the spare slot. A rare room.

What the scanner answers is the same before, meanwhile and afterwards; a power cut costs the work.
"""

import gc

from gatescan.app import storage
from gatescan.app.slot_record import take_over
from gatescan.app.slots import NO_MEMORY
from gatescan.app.watched import FileWindow
from gatescan.core.compat import TYPE_CHECKING, const
from gatescan.core.table.format import TableError
from gatescan.drivers.ticks import ticks_diff, ticks_ms

if TYPE_CHECKING:
    from typing import Any, Iterator

    from gatescan.app.tables import Tables
    from gatescan.app.watched import Watched
    from gatescan.core.smp.router import Slices

_PATIENCE_MS = const(4000)
_WRITING = const(800)  # permille of the work; the rest is the check


def merge(tables: "Tables", table: "Watched") -> "Iterator[int]":
    """Write the merged file and go on with it, in slices; yields permille done.

    Whoever gives it up closes it. When it ends without success, `tables.merge` says why.
    """
    from gatescan.app.link import loading

    slots = tables.slots
    manifest, head_bytes = slots.manifest, slots.over_head_bytes
    path = slots.over_path("m")
    try:
        yield from _load(tables, loading.load(loading.MERGE, False), 0)
        from gatescan.core.table.merge import merge as merged

        storage.remove(path)
        slots.remove(slots.spare)
        yield 0
        room = storage.free_bytes(slots.folder) - storage.JOURNAL_BYTES
        if manifest is None or head_bytes + manifest.table_bytes > room:
            tables.merge = "no_room"
            return
        yield 0
        with open(path, "wb") as file:
            storage.copy_part(slots.over_path(slots.over), 0, head_bytes, file)
            yield 0
            write: "Any" = file.write
            for permille in merged(table, write):
                yield permille * _WRITING // 1000
        yield _WRITING
        window = FileWindow(path, head_bytes)
        try:
            for at in window.compare(manifest.table_bytes, manifest.table_sha256):
                yield _WRITING + (1000 - _WRITING) * at // manifest.table_bytes
        finally:
            window.close()
        # Opening the new file is one slice: neither loading code nor collecting falls into it.
        yield from _load(tables, loading.load(loading.OPENING, False), 1000)
        gc.collect()
        yield 1000
        for _ in take_over(slots, path, slots.seq_floor, slots.q_floor):
            if slots.over:  # from then on there is no way back
                yield 1000
    except TableError:
        tables.recheck()  # it finds which block is damaged
        return
    except (OSError, MemoryError):
        return  # the overlay stays; tried again after the next start
    finally:
        storage.remove(path)
    _go_on(tables, table, head_bytes)


def _load(tables: "Tables", modules: "Slices", permille: int) -> "Iterator[int]":
    """Import `modules` while nobody scans, but wait for that no longer than _PATIENCE_MS in all.

    Each is one slice of up to 0.1 s.
    """
    begun_ms = ticks_ms()
    while True:
        while not tables.quiet() and ticks_diff(ticks_ms(), begun_ms) < _PATIENCE_MS:
            yield permille
        if next(modules, True):  # it yields None
            return
        yield permille


def _go_on(tables: "Tables", table: "Watched", head_bytes: int) -> None:
    """The table in use is read from the new file; an open visit and its lists stay."""
    slots = tables.slots
    problem = tables.merge = ""
    try:
        if slots.manifest is not None:
            slots.based_on(slots.manifest, head_bytes)
        slots.use_stored(table)
        slots.sweep()
    except MemoryError:
        problem = NO_MEMORY
    except OSError:
        problem = "The stored table cannot be read: sync again."
    except TableError as error:
        problem = str(error)
    if problem:  # it is in use at the next start
        slots.withdraw(problem)
        refusal = None  # the scanner starts again
        if problem != NO_MEMORY:
            from gatescan.core.trust.acceptance import REFUSED_SELFTEST, Refusal

            refusal = Refusal(REFUSED_SELFTEST, problem)
        tables.on_change(refusal)
