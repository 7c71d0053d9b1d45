"""A staged file whose head is good: checked in slices, brought into use or refused. A rare room.

What received and judged the file has left the RAM: a board has no room for it beside this.
"""

import gc

from gatescan.app import heap, storage
from gatescan.app.link import loading
from gatescan.app.slot_record import take_over
from gatescan.app.slots import NO_MEMORY
from gatescan.app.watched import FileWindow
from gatescan.core.compat import TYPE_CHECKING
from gatescan.core.law.policy import Policy, PolicyError
from gatescan.core.table.format import K_POLICY, TableError
from gatescan.core.table.layers import Layers
from gatescan.core.table.reader import Table
from gatescan.core.trust.acceptance import REFUSED_CONTENT, REFUSED_SELFTEST

if TYPE_CHECKING:
    from typing import Iterator

    from gatescan.app.tables import Tables
    from gatescan.core.trust.bundle import BundleHead


def take(
    tables: "Tables", staged_path: str, head: "BundleHead", q: int, delta: bool
) -> "Iterator[int]":
    """Use the staged table or `delta`, `q`: its signature's index; yields bytes done.

    Ends with `Tables.done` or `Tables.refuse`.
    """
    code, problem = REFUSED_SELFTEST, ""
    gc.collect()
    try:
        if delta:
            from gatescan.app import overlaying

            yield from overlaying.take(tables, staged_path, head, q)
        else:
            yield from _take_whole(tables, staged_path, head, q)
        tables.let_go()
        try:
            heap.low(tables.slots.use, head)
        except MemoryError:  # in place, but not in use: it is at the next start
            tables.withdraw(NO_MEMORY)
    except (TableError, PolicyError) as error:
        problem = str(error)
    except OSError:
        code, problem = REFUSED_CONTENT, "The staged file cannot be read: sync again."
    except MemoryError:
        problem = "The scanner had no memory left to check the table: restart it and sync again."
    tables.leave_upload()  # a question of the host may have loaded it again
    loading.forget(loading.CHECK)  # the next upload needs their room
    for name in (".info", ""):
        storage.remove(staged_path + name)
    if not problem:
        tables.done()
        return
    from gatescan.core.trust.acceptance import Refusal  # with all that judging needs

    tables.refuse(Refusal(code, problem))


def _take_whole(
    tables: "Tables", staged_path: str, head: "BundleHead", q: int
) -> "Iterator[int]":
    """Check the staged table and have the next start use it; raises what `take` catches."""
    table_bytes = head.manifest.table_bytes
    window = FileWindow(staged_path, head.head_bytes)
    try:
        yield from window.compare(table_bytes, head.manifest.table_sha256)
        if not _has_order(window, table_bytes, tables.order):
            tables.order = b""  # it goes with the table in use
        yield table_bytes
        for _ in Table(window, table_bytes).verify():
            yield table_bytes
    finally:
        window.close()
    storage.remove(staged_path + ".info")  # it becomes a table now, or nothing
    yield table_bytes
    for _ in take_over(tables.slots, staged_path, head.manifest.seq, q):
        yield table_bytes


def _has_order(window: FileWindow, table_bytes: int, order: "bytes | bytearray") -> bool:
    """Whether the table has the order in use; another one is tried, 7 kB of RAM in one piece."""
    files = Layers((window, table_bytes), None)
    if order and files.matches(K_POLICY, order):
        return True
    Policy(files.load(K_POLICY))
    return False
