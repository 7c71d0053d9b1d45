"""Deltas that are cut, flipped or made up, their checksums mended: refused, or a wrong SHA-256.

Their SHA-256 is signed, so that none of this reaches a scanner's reader from outside; a fault of
the medium or of the builder may.
"""

import random
import struct
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from delta_lists import check, drawn, opened, overlay_of, table
from gatescan.core.table import format as fmt
from gatescan.core.table.directory import read_directory
from gatescan.core.table.format import TableError
from gatescan.core.table.merge import merge
from gatescan_host.table.delta import Delta
from gatescan_host.table.encode import Part, assemble
from gatescan_host.table.read import reader_of

_HEADS = (fmt.K_TABLE_HEAD, fmt.K_OVERLAY_HEAD)


@cache
def some_delta() -> tuple[bytes, Delta]:
    """A table of a few blocks and the delta to another: inserts, runs, deletes, new classes."""
    rng = random.Random(7)
    old = drawn(rng, 1000, clustered=True)
    new = {key: c for key, c in old.items() if rng.random() > 0.03}
    for key in rng.sample(sorted(new), 40):
        new[key] = rng.randrange(64)
    new.update(drawn(rng, 40, clustered=False))
    new.update({4_000_000_000_000 + n: n % 3 for n in range(120)})
    return table(old), check(old, new)


def with_parts(delta: bytes, changed: dict[int, bytes]) -> bytes:
    """The delta with the content of some sections replaced, all checksums right."""
    parts = []
    for s in read_directory(reader_of(delta), len(delta), fmt.MAGIC_DELTA):
        content = changed.get(s.kind, delta[s.offset : s.offset + s.length])
        parts.append(Part(s.kind, s.flags, s.count, content))
    return assemble(parts, fmt.MAGIC_DELTA)


def part(delta: bytes, kind: int) -> bytearray:
    """The content of a section of the delta."""
    sections = read_directory(reader_of(delta), len(delta), fmt.MAGIC_DELTA)
    section = next(s for s in sections if s.kind == kind)
    return bytearray(delta[section.offset : section.offset + section.length])


def refused(delta: bytes) -> None:
    """It gives a TableError, or a file that is not the one that was signed."""
    parent, good = some_delta()
    if delta == good.data:
        return
    try:
        made = overlay_of(parent, delta)
    except TableError as error:
        assert str(error).endswith(".")
        return
    # another spelling of the same changes may give the same file, and does no harm
    assert made == good.overlay or made[-32:] != good.overlay[-32:]


@settings(max_examples=120, deadline=None)
@given(data=st.data())
def test_operations_flipped_or_cut(data):
    _, good = some_delta()
    ops = part(good.data, fmt.K_OPS)
    if data.draw(st.booleans()):
        del ops[data.draw(st.integers(0, len(ops))) :]
    for _ in range(data.draw(st.integers(1, 3))):
        if ops:
            at = data.draw(st.integers(0, min(8, len(ops)) - 1) | st.integers(0, len(ops) - 1))
            ops[at] ^= data.draw(st.integers(1, 255))
    refused(with_parts(good.data, {fmt.K_OPS: bytes(ops)}))


def test_operations_that_go_on_or_end_early():
    parent, good = some_delta()
    ops = bytes(part(good.data, fmt.K_OPS))
    assert overlay_of(parent, with_parts(good.data, {fmt.K_OPS: ops})) == good.overlay
    for other in (ops[:-1], ops[:-200], ops + b"\0", ops + bytes(700)):
        with pytest.raises(TableError, match="do not fit"):
            overlay_of(parent, with_parts(good.data, {fmt.K_OPS: other}))


@settings(max_examples=60, deadline=None)
@given(noise=st.binary(max_size=300), count=st.integers(0, 0xFFFFFFFF), k=st.integers(0, 30))
def test_operations_made_up(noise, count, k):
    _, good = some_delta()
    refused(with_parts(good.data, {fmt.K_OPS: struct.pack("<IBB", count, k % 8, k) + noise}))


@pytest.mark.parametrize("fill", [0, 0xFF, 0x55, 0xAA])
def test_operations_without_end(fill):
    _, good = some_delta()
    for k in (0, 1, 24):
        ops = struct.pack("<IBB", 0xFFFFFFFF, 6, k) + bytes([fill]) * 5000
        refused(with_parts(good.data, {fmt.K_OPS: ops}))


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_heads_flipped_or_cut(data):
    """The head of the overlay as of the merged table: lengths, kinds, counts of both."""
    parent, good = some_delta()
    kind = data.draw(st.sampled_from(_HEADS))
    head = part(good.data, kind)
    if data.draw(st.booleans()):
        del head[data.draw(st.integers(0, len(head))) :]
    elif data.draw(st.booleans()):
        head[data.draw(st.integers(0, len(head) - 1))] ^= data.draw(st.integers(1, 255))
    changed = with_parts(good.data, {kind: bytes(head)})
    refused(changed)
    try:
        both = opened(parent, overlay_of(parent, changed))
        for _ in merge(both, lambda _: None):
            pass
    except TableError as error:
        assert str(error).endswith(".")


@settings(max_examples=80, deadline=None)
@given(data=st.data())
def test_any_byte_of_the_file_flipped_or_cut(data):
    _, good = some_delta()
    delta = bytearray(good.data)
    limit = data.draw(st.sampled_from([16, 120, len(delta)]))
    delta[data.draw(st.integers(0, limit - 1))] ^= data.draw(st.integers(1, 255))
    refused(bytes(delta))
    refused(good.data[: data.draw(st.integers(0, len(good.data) - 1))])


def test_a_delta_of_another_parent(rng: random.Random):
    _, good = some_delta()
    for clustered in (True, False):
        other = table(drawn(rng, 800, clustered))
        try:
            made = overlay_of(other, good.data)
        except TableError:
            continue
        assert made[-32:] != good.overlay[-32:]
