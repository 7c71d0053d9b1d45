"""What a scanner gets instead of a whole table: the delta between a table and its parent."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from gatescan.core.table import block_format as form
from gatescan.core.table import format as fmt
from gatescan.core.table.codes import read_codes
from gatescan.core.table.directory import Section
from gatescan.core.table.layers import Layers
from gatescan.core.table.overlay import make_overlay
from gatescan.core.table.reader import Table
from gatescan.core.table.walk import Walk
from gatescan_host.table.blocks import write_blocks
from gatescan_host.table.codes import code_words
from gatescan_host.table.encode import Part, assemble, plain
from gatescan_host.table.oplog import encode_ops
from gatescan_host.table.read import reader_of

_ITEM_KINDS = (fmt.K_ITEMS, fmt.K_ITEM_INDEX)
_PAGED_KINDS = (fmt.K_TAGS, fmt.K_RANGES, fmt.K_REELS)  # the index has the next number

Items = Sequence[tuple[int, int]]  # ascending (13-digit number, class)


@dataclass(frozen=True)
class Delta:
    """A delta file, the overlay file that a scanner makes of it, and what is in them."""

    data: bytes
    overlay: bytes
    changes: int
    ops_bytes: int


class NoDelta(Exception):
    """No delta leads from the one table to the other: why, in words."""


def make_delta(parent: bytes, table: bytes, items: Items | None = None) -> Delta:
    """The way from the table file `parent` to `table`, which was built in the parent's code.

    `items`: those of `table`, which are read from it otherwise. Raises NoDelta.
    """
    before, after = _layers(parent), _layers(table)
    if before.codes() != after.codes():
        raise NoDelta("the two are written in different codes")
    replaced = _replaced(before, after, parent, table)
    model = read_codes(before.codes())
    old = list(walk_items(before))
    changes = dict(_changes(old, walk_items(after) if items is None else items))
    words = code_words(model)
    ops = encode_ops(old, changes, model, words)
    head = table[: fmt.HEADER_BYTES + fmt.ENTRY_BYTES * len(after.base.sections)]
    replaced.append(plain(fmt.K_TABLE_HEAD, 1, head))
    overlay = _overlay(replaced, changes, before.codes())
    directory = fmt.HEADER_BYTES + fmt.ENTRY_BYTES * (len(replaced) + len(_ITEM_KINDS))
    parts = [
        plain(fmt.K_OPS, len(changes), ops),
        plain(fmt.K_OVERLAY_HEAD, 1, overlay[:directory]),
        *replaced,
    ]
    return Delta(assemble(parts, fmt.MAGIC_DELTA), overlay, len(changes), len(ops))


def prove(parent: Table, delta: Delta) -> bool:
    """Whether a scanner with `parent` makes the very overlay of this delta, and can open it."""
    made = bytearray()
    for _ in make_overlay(parent, (reader_of(delta.data), len(delta.data)), made.extend):
        pass
    base = parent.files.base
    Table(base.read_at, base.size, not parent.meta, (reader_of(bytes(made)), len(made)))
    return made == delta.overlay


def walk_items(files: Layers) -> Iterator[tuple[int, int]]:
    """(13-digit number, class) of every item of a table file, ascending."""
    buffer, model = files.buffer(), files.model()
    walk = Walk(files.items(buffer, model), buffer, model)
    while not walk.ended:
        yield walk.key(), walk.class_id
        walk.next()


def _layers(table: bytes) -> Layers:
    return Layers((reader_of(table), len(table)), None)


def _replaced(before: Layers, after: Layers, parent: bytes, table: bytes) -> list[Part]:
    """The sections of the new table, items left out, that the parent has not got like that."""
    gone = {s.kind for s in before.base.sections} - {s.kind for s in after.base.sections}
    if gone:
        raise NoDelta("the parent has ranges or reels and the table has none")
    parts = {s.kind: _part(table, s) for s in after.base.sections if s.kind not in _ITEM_KINDS}
    differ = set()
    for kind, part in parts.items():
        known = before.section(kind)
        if known is None or part != _part(parent, known):
            differ.add(kind)
    for kind in _PAGED_KINDS:  # records and their index are read from one file
        if not differ.isdisjoint((kind, kind + 1)):
            differ |= {kind, kind + 1}
    return [part for kind, part in parts.items() if kind in differ]


def _part(file: bytes, section: Section) -> Part:
    content = file[section.offset : section.offset + section.length]
    return Part(section.kind, section.flags, section.count, content)


def _changes(old: Items, new: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """(13-digit number, new class or TOMBSTONE) of what differs, ascending."""
    place = 0
    for key, class_id in new:
        while place < len(old) and old[place][0] < key:
            yield old[place][0], form.TOMBSTONE
            place += 1
        if place == len(old) or old[place][0] != key:
            yield key, class_id
            continue
        if old[place][1] != class_id:
            yield key, class_id
        place += 1
    for key, _ in old[place:]:
        yield key, form.TOMBSTONE


def _overlay(replaced: list[Part], changes: dict[int, int], codes: bytes | bytearray) -> bytes:
    blocks, index = write_blocks(list(changes.items()), bytes(codes), fmt.K_OVERLAY)
    flags = fmt.FLAG_CRITICAL | fmt.FLAG_BLOCKS
    parts = [
        *replaced,
        Part(fmt.K_ITEMS, flags, len(changes), blocks),
        plain(fmt.K_ITEM_INDEX, len(index) // fmt.PREFIX_BYTES, index),
    ]
    return assemble(parts, fmt.MAGIC_OVERLAY)
