"""Item tables against a plain dict: any keys, any size, any damage; never a wrong class."""

import random
import struct
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from gatescan.core.law import names
from gatescan.core.table.format import CORRUPT, MISS, TableError
from gatescan_host.table import encode
from gatescan_host.table.blocks import item_parts
from gatescan_host.table.built import build_items
from gatescan_host.table.delta import walk_items
from gatescan_host.table.read import open_bytes

KEYS = st.integers(min_value=0, max_value=10**13 - 1)
CLUSTERS = st.builds(
    lambda base, gaps: [base + sum(gaps[:n]) for n in range(len(gaps))],
    st.integers(min_value=0, max_value=9 * 10**12),
    st.lists(st.integers(min_value=1, max_value=20), max_size=300),
)


def table_of(classes: dict[int, int]):
    specs = [(number, 0) for number in range(1, 34)]
    return encode.assemble([encode.classes(specs), *item_parts(sorted(classes.items()))])


def near(keys):
    for key in keys:
        yield from (key - 1, key, key + 1, key ^ 1 << 24, key ^ 1 << 43)


@settings(max_examples=60, deadline=None)
@given(st.lists(KEYS, max_size=300), CLUSTERS, st.randoms(use_true_random=False))
def test_lookups_equal_a_dict(loose, cluster, rng):
    classes = {key: rng.randrange(33) for key in loose + cluster}
    table = open_bytes(table_of(classes), items_only=True)
    for key in near(classes):
        want = classes.get(key, MISS)
        assert table.lookup(key) == want
        if 0 <= key < 10**13:
            assert table.lookup_key(b"\x01" + key.to_bytes(7, "big")) == want


def test_shared_lists_come_back_whole(shared: Path, rng: random.Random):
    import csv
    import gzip

    for name, bytes_per_key in (("items_clustered", 1.32), ("items_scattered", 1.88)):
        with gzip.open(shared / "data" / f"{name}.csv.gz", "rt") as file:
            wanted = {int(row["gtin"][:-1]): row["category"] for row in csv.DictReader(file)}
        built = build_items(wanted.items())
        assert built.stats["keys"] == len(wanted) == 100_000
        assert built.stats["bytes_per_key"] <= bytes_per_key
        table = open_bytes(built.data, items_only=True)

        listed = [names.CATEGORIES[table.class_of(n)[0]] for n in range(64)]
        assert {key: listed[class_id] for key, class_id in walk_items(table.files)} == wanted
        for key in rng.sample(sorted(wanted), 700):  # each decodes half a block
            assert listed[table.lookup(key)] == wanted[key]
            assert (table.lookup(key + 1) == MISS) == (key + 1 not in wanted)


def small() -> tuple[bytes, dict[int, int]]:
    classes = {key * 7919 % 10**13: key % 33 for key in range(1, 160)}
    return table_of(classes), classes


def test_every_single_bit_flip_is_found_or_harmless():
    data, classes = small()
    probes = [*list(classes)[::16], 2, 3]
    missed = []
    for bit in range(len(data) * 8):
        damaged = bytearray(data)
        damaged[bit >> 3] ^= 1 << (bit & 7)
        try:
            table = open_bytes(bytes(damaged), items_only=True)
        except TableError:
            continue
        for key in probes:
            answer = table.lookup(key)
            assert answer in (classes.get(key, MISS), CORRUPT), (bit, key)
            if answer >= 0:
                assert table.class_of(answer) == (classes[key] + 1, 0), (bit, key)
        try:
            list(table.verify())
            missed.append(bit)
        except TableError:
            pass
    assert missed == []


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_random_damage_gives_declared_answers_only(data):
    good, classes = small()
    bad = bytearray(good)
    for _ in range(data.draw(st.integers(1, 12))):
        at = data.draw(st.integers(0, len(bad) - 1))
        bad[at] = data.draw(st.integers(0, 255))
    bad = bytes(bad)[: data.draw(st.integers(0, len(bad)))] if data.draw(st.booleans()) else bad
    if data.draw(st.booleans()) and len(bad) > 200:
        bad = forge_directory(bytearray(bad))
    try:
        table = open_bytes(bytes(bad), items_only=True)
    except TableError:
        return
    for key in near(list(classes)[::9]):
        assert -2 <= table.lookup(key) < 64
    try:
        list(table.verify())
    except TableError:
        pass


def forge_directory(data: bytearray) -> bytearray:
    """Make the directory checksum fit, as a signer gone wrong would."""
    import zlib

    number = struct.unpack_from("<H", data, 6)[0] % 8
    struct.pack_into("<H", data, 6, number)
    struct.pack_into("<I", data, 8, len(data))
    directory = bytes(data[16 : 16 + 20 * number])
    struct.pack_into("<I", data, 12, zlib.crc32(directory, zlib.crc32(bytes(data[:12]))))
    return data
