"""Signed tables with a parent, and the files of changes beside them, for one gate."""

import time
from collections.abc import Mapping
from typing import NamedTuple

import demo_site
from gatescan.core.table.block_format import TOMBSTONE
from gatescan_host.signing import bundle
from gatescan_host.table import encode
from gatescan_host.table.blocks import item_parts
from gatescan_host.table.delta import make_delta, walk_items
from gatescan_host.table.read import open_bytes, reader_of
from sim import made_tables, rig

_DAY_S = 86400
GONE = TOMBSTONE


class Made(NamedTuple):
    """A table that follows another one."""

    data: bytes  # NEW.gst
    delta: bytes  # NEW.gsd


def class_of(signed: bytes, code: str) -> int:
    """The class of an item of a table."""
    return open_bytes(made_tables.table_of(signed)).lookup(made_tables.key_of(code))


def following(parent: bytes, count: int, changes: Mapping[str, int]) -> Made:
    """The table in which these codes have these classes, or are GONE.

    A higher `count` has a higher number; number and time in the table differ from the parent's.
    """
    before = made_tables.table_of(parent)
    files = open_bytes(before).files
    items = dict(walk_items(files))
    for code, class_id in changes.items():
        if class_id == GONE:
            del items[made_tables.key_of(code)]
        else:
            items[made_tables.key_of(code)] = class_id
    after = sorted(items.items())
    parts = list(item_parts(after, bytes(files.codes())))
    kinds = {part.kind for part in parts}
    newer = made_tables.table_of(demo_site.signed(2).data)
    read = reader_of(newer)
    for section in open_bytes(newer).sections:
        if section.kind not in kinds:
            content = bytearray(section.length)
            read(section.offset, content)
            parts.append(encode.Part(section.kind, section.flags, section.count, bytes(content)))
    table = encode.assemble(parts)
    delta = make_delta(before, table, after)
    now = int(time.time())
    data = bundle.sign_table(
        table, demo_site.key_folder("site"), site_id="vestre",
        seq=made_tables.FIRST_SEQ + count, not_before=now - 60, not_after=now + _DAY_S,
        parent_sha256=rig.demo_site.sha(before),
        delta=bundle.DeltaFiles(delta.data, delta.overlay),
    )  # fmt: skip
    return Made(data, bundle.delta_file(data, delta.data))
