"""An overlay file: made of the delta that came, and proven again at each start. A rare room."""

import gc

from gatescan.app import storage
from gatescan.app.slot_record import commit, read_head
from gatescan.app.watched import FileWindow
from gatescan.core.compat import TYPE_CHECKING
from gatescan.core.law.policy import Policy
from gatescan.core.table.format import K_POLICY, TableError
from gatescan.core.table.reader import Table

if TYPE_CHECKING:
    from typing import Any, Iterator

    from gatescan.app.slots import Slots
    from gatescan.app.tables import Tables
    from gatescan.core.trust.bundle import BundleHead

DAMAGED = "The stored changes of the table are damaged: sync the table again."


def opening(slots: "Slots") -> "Iterator[None]":
    """Prove the overlay on record over the slot's file, whose signature is good; in slices.

    Then `slots` has its manifest. Raises TableError, and there is no manifest: the table below
    is an old one.
    """
    from gatescan.core.trust import bundle

    base_sha256 = slots.base_sha256
    slots.manifest = None
    try:
        path = slots.over_path(slots.over)
        head = read_head(path)
        if (
            head is None
            or not bundle.signed_by(head, slots.public_key)
            or head.manifest.parent_sha256 != base_sha256
        ):
            raise TableError(DAMAGED)
        window = FileWindow(path, head.head_bytes)
        try:
            manifest = head.manifest
            for _ in window.compare(manifest.overlay_bytes, manifest.overlay_sha256):
                yield
        finally:
            window.close()
    except (TableError, OSError, bundle.BundleError):
        raise TableError(DAMAGED)
    slots.manifest, slots.over_head_bytes = manifest, head.head_bytes


def take(tables: "Tables", staged_path: str, head: "BundleHead", q: int) -> "Iterator[int]":
    """Make an overlay of the staged delta, check it, and have the next start use it; in slices.

    Raises TableError, PolicyError, OSError, MemoryError.
    """
    from gatescan.app.link import loading

    slots = tables.slots
    for _ in loading.load(loading.OVERLAY):
        yield 0
    yield from _make(slots, staged_path, head)
    loading.forget(loading.OVERLAY)
    gc.collect()
    yield from _try(tables, head)
    storage.remove(staged_path + ".info")
    yield head.manifest.delta_bytes
    commit(slots, slots.slot, _spare(slots), head.manifest.seq, q)
    yield head.manifest.delta_bytes


def _make(slots: "Slots", staged_path: str, head: "BundleHead") -> "Iterator[int]":
    """Make the overlay file of the delta at `staged_path` over the slot's file, in slices.

    Yields the bytes hashed. Raises TableError, OSError, MemoryError.
    """
    from gatescan.core.table.overlay import make_overlay

    manifest = head.manifest
    path = slots.over_path(_spare(slots))
    delta = FileWindow(staged_path, head.head_bytes)
    base = slots.window()
    try:
        yield from delta.compare(manifest.delta_bytes, manifest.delta_sha256)
        table: Table | None = slots.table
        if table is None:  # nothing has been proven of it
            yield from base.compare(slots.base_bytes, slots.base_sha256)
            table = Table(base, slots.base_bytes)
        with open(path, "wb") as file:
            storage.copy_part(staged_path, 0, head.head_bytes, file)
            yield manifest.delta_bytes
            write: "Any" = file.write
            for _ in make_overlay(table, (delta, manifest.delta_bytes), write):
                yield manifest.delta_bytes
    finally:
        base.close()
        delta.close()


def _try(tables: "Tables", head: "BundleHead") -> "Iterator[int]":
    """Hash the overlay file as it lies in flash, then let the reader try all of it."""
    from gatescan.core.table.verify import verify

    slots, manifest = tables.slots, head.manifest
    base = slots.window()
    over = FileWindow(slots.over_path(_spare(slots)), head.head_bytes)
    try:
        yield from over.compare(manifest.overlay_bytes, manifest.overlay_sha256)
        table = Table(base, slots.base_bytes, False, (over, manifest.overlay_bytes))
        yield manifest.delta_bytes
        files = table.files.overlay
        if files is not None:
            for _ in verify(files, table.products.overlay, 4096):
                yield manifest.delta_bytes
            if files.section(K_POLICY) is not None:  # it takes 7 kB
                Policy(table.policy())
                tables.order = b""  # it goes with the table in use
    finally:
        base.close()
        over.close()


def _spare(slots: "Slots") -> str:
    """The overlay that may be written."""
    return "b" if slots.over == "a" else "a"
