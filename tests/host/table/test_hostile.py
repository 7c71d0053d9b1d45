"""Hostile table files: refused with one sentence, or answered right, or "inspect by hand"."""

import random
import struct
from collections.abc import Callable

import pytest

from fuzz import forge, oracle, seeds
from fuzz.edits import Script, forged
from fuzz.forge import Piece
from gatescan.core import compat
from gatescan.core.law.names import CATEGORIES
from gatescan.core.table import block_format as form
from gatescan.core.table import format as fmt
from gatescan.core.table.codes import read_codes
from gatescan.core.table.decode_plain import advance
from gatescan.core.table.format import CORRUPT, MISS, TableError
from gatescan.core.table.verify import check_block
from gatescan_host.table.built import build_items

PAIRS = seeds.clustered(60)
KEYS = tuple(key for key, _ in PAIRS)
SMALL = seeds.items_only(PAIRS)
Change = Callable[[dict[int, Piece]], object]


@pytest.fixture(autouse=True)
def no_search_for_native_code(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each opening would compile the viper decoder, to see that CPython refuses it."""
    monkeypatch.setattr(compat, "block_decoder", lambda: advance)


def changed(change: Change, file: bytes = SMALL, mend: int = forge.MEND_ALL) -> bytes:
    """The file with its sections changed and all sums right."""
    magic, pieces = forge.take_apart(file)
    change({piece.kind: piece for piece in pieces})
    return bytes(forge.assemble(magic, pieces, mend))


def refused(data: bytes, overlay: bytes = b"") -> None:
    """It is, with one sentence."""
    with pytest.raises(TableError) as caught:
        oracle.opened(data, overlay)
    text = str(caught.value)
    assert text.endswith(".") and "\n" not in text and ". " not in text


def answers(data: bytes, keys: tuple[int, ...] = KEYS) -> list[int]:
    """Of each key; the other kinds of answers are sane as well."""
    table, file = oracle.opened(data)
    oracle.sane(table, oracle.ask(table, file, keys))
    oracle.whole(table)
    return [table.lookup(key) for key in keys]


def test_truncated_anywhere():
    complete = seeds.seeds()[5].table
    for size in (*range(len(SMALL)), *range(0, len(complete), 61)):
        data = bytearray((SMALL if size < len(SMALL) else complete)[:size])
        refused(bytes(data))
        if size >= forge.HEADER_BYTES:
            forge.mend_directory(data)
            refused(bytes(data))


@pytest.mark.parametrize("value", [1 << 31, (1 << 32) - 1, (1 << 32) - 512, 1 << 24, 1, 65])
def test_lengths_places_and_counts_that_overflow(value: int):
    for entry in range(4):
        for field in (4, 8, 12):
            data = bytearray(SMALL)
            at = 16 + 20 * entry + field
            before = struct.unpack_from("<I", data, at)[0]
            for lie in (value, before + value & 0xFFFFFFFF):
                if field == 12 and entry == 1:  # the count of CODES means nothing
                    continue
                struct.pack_into("<I", data, at, lie)
                forge.mend_directory(data)
                if lie != before and not (field == 12 and entry == 2 and lie <= 2047):
                    refused(bytes(data))


def test_sections_that_overlap():
    for entry in range(1, 4):
        data = bytearray(SMALL)
        at = 16 + 20 * entry
        data[at + 4 : at + 12] = data[at - 16 : at - 8]  # where the one before lies
        forge.mend_directory(data)
        refused(bytes(data))


@pytest.mark.parametrize("order", ["falls", "repeats", "too large", "too long", "too short"])
def test_an_index_that_does_not_ascend(order: str):
    far = seeds.items_only(seeds.scattered(900))

    def change(pieces: dict[int, Piece]) -> None:
        index = pieces[fmt.K_ITEM_INDEX]
        keys = [bytes(index.data[n : n + 6]) for n in range(0, len(index.data), 6)]
        assert len(keys) > 3
        if order == "falls":
            keys[1], keys[2] = keys[2], keys[1]
        elif order == "repeats":
            keys[2] = keys[1]
        elif order == "too large":
            keys[-1] = b"\xff" * 6
        else:
            keys = keys + [b"\x0f" * 6] if order == "too long" else keys[:-1]
            index.count = len(keys)
        index.data[:] = b"".join(keys)

    refused(changed(change, far))


def test_the_index_of_another_table():
    other = forge.take_apart(seeds.items_only(seeds.clustered(61)[1:]))[1]
    foreign = next(bytes(p.data) for p in other if p.kind == fmt.K_ITEM_INDEX)

    def change(pieces: dict[int, Piece]) -> None:
        data = pieces[fmt.K_ITEM_INDEX].data
        assert data != foreign
        data[:] = foreign

    own = forge.take_apart(changed(change))[1]  # sections with good sums, blocks as they were
    whole_block = next(p.data for p in forge.take_apart(SMALL)[1] if p.kind == fmt.K_ITEMS)
    next(p for p in own if p.kind == fmt.K_ITEMS).data[:] = whole_block
    for piece in own:
        piece.crc = forge.crc32(piece.data)
    found = answers(bytes(forge.assemble(b"GST1", own, forge.MEND_DIRECTORY | forge.MEND_SHA)))
    assert set(found) <= {CORRUPT, MISS}


@pytest.mark.parametrize("count", [0, 1, 2, 59, 61, 2047, 2048, 65535])
def test_counts_of_a_block(count: int):
    found = answers(changed(lambda p: struct.pack_into("<H", p[fmt.K_ITEMS].data, 0, count)))
    for answer, (_, true) in zip(found, PAIRS, strict=True):
        assert answer in (true, CORRUPT, MISS) and (count >= 60 or answer != CORRUPT or not count)
    assert 0 < count < 2048 or set(found) == {CORRUPT}


@pytest.mark.parametrize("class_id", [6, 63, 64, 65, 118, 119, 160, 200, 255])
def test_the_first_class_of_a_block(class_id: int):
    found = answers(changed(lambda p: p[fmt.K_ITEMS].data.__setitem__(2, class_id)))
    assert found[0] == CORRUPT
    assert class_id < 65 or set(found) == {CORRUPT}


def test_blocks_that_run_to_their_end(rng: random.Random):
    for bits in (b"\0", b"\xff", b"\xaa", None):
        for size in (7, 8, 19, 300, 1024):
            def change(pieces: dict[int, Piece], bits=bits, size=size) -> None:
                body = bits * (size - 7) if bits else rng.randbytes(size - 7)
                pieces[fmt.K_ITEMS].data[:] = struct.pack("<HB", 2047, 0) + body + bytes(4)
                pieces[fmt.K_ITEMS].count = 2047

            answers(changed(change), (*KEYS, 10**13 - 1, KEYS[-1] + 10**9))


@pytest.mark.parametrize("nibble", [0, 1, 15])
def test_codes_that_are_none(nibble: int):
    data = forge.take_apart(SMALL)[1][1].data
    assert data[:3] == b"\1\1\1"
    first = 8 + 72 + 65 + 54
    for place in (first, first + 83, first + 84, first + 84 + 65, first + 84 + 65 + 54 + 33):
        shift = 0 if place & 1 else 4
        bits = (data[place >> 1] >> shift & 15 ^ nibble) << shift
        if not bits:
            continue

        def change(pieces: dict[int, Piece], place=place, bits=bits) -> None:
            pieces[fmt.K_CODES].data[place >> 1] ^= bits

        refused(changed(change))


@pytest.mark.parametrize("place", [8, 8 + 71, 8 + 72, 8 + 72 + 64, 8 + 72 + 65])
def test_maps_beyond_the_tables(place: int):
    def change(pieces: dict[int, Piece]) -> None:
        pieces[fmt.K_CODES].data[place >> 1] |= 15 << (0 if place & 1 else 4)

    refused(changed(change))


@pytest.mark.parametrize("size", [0, 1, 2, 3, 4, 100, 217, 219, 1024, 1025])
def test_codes_of_another_length(size: int):
    def change(pieces: dict[int, Piece]) -> None:
        data = pieces[fmt.K_CODES].data
        data[:] = bytes(data).ljust(size, b"\0")[:size]

    refused(changed(change))


HEADS = [(0, 1, 1), (13, 1, 1), (1, 0, 1), (1, 5, 1), (1, 1, 0), (2, 1, 1)]


@pytest.mark.parametrize("head", HEADS)
def test_numbers_of_tables(head: tuple[int, int, int]):
    refused(changed(lambda p: p[fmt.K_CODES].data.__setitem__(slice(3), bytes(head))))


@pytest.mark.parametrize("count", [0, 1, 2, 3])
def test_few_keys(count: int):
    pairs = [(0, 1), (10**12, 2), (10**13 - 1, 3)][:count]
    table, _ = oracle.opened(seeds.items_only(pairs))
    assert all(table.lookup(key) == class_id for key, class_id in pairs) and oracle.whole(table)
    assert all(table.lookup(key) == MISS for key in (5, 10**13 - 2, 7 * 10**12))


def test_a_company_with_every_item_there_is():
    data = seeds.items_only(seeds.dense(100_000))
    table, _ = oracle.opened(data)
    blocks = table.products.items
    counts = [check_block(blocks, number) for number in range(blocks.blocks)]
    assert sum(counts) == 100_000 and set(counts[:-1]) == {form.MAX_COUNT}
    assert oracle.whole(table)
    for key in range(seeds.BASE, seeds.BASE + 100_000, 977):
        assert table.lookup(key) == 2
    assert table.lookup(seeds.BASE - 1) == table.lookup(seeds.BASE + 100_000) == MISS


def test_duplicates_in_the_input():
    one, other = CATEGORIES[:2]
    table, _ = oracle.opened(build_items([(5, one), (5, other), (6, one), (6, one)]).data)
    assert table.items == 2 and table.lookup(5) >= 0 and oracle.whole(table)


def test_an_overlay_without_the_index_of_its_tags():
    seed = seeds.seeds()[8]
    magic, pieces = forge.take_apart(seed.overlay)
    kept = [piece for piece in pieces if piece.kind != fmt.K_TAG_INDEX]
    assert len(kept) == len(pieces) - 1
    refused(seed.table, bytes(forge.assemble(magic, kept)))


def test_every_code_of_a_model_is_inside_it(rng: random.Random):
    """What `advance` and `put` take as an offset into the model, for each model that is made."""
    for _ in range(30):
        script = Script(bytes((0, 0, 0xA8)) + rng.randbytes(40))
        pieces = forge.take_apart(forged(SMALL, script))[1]
        codes = next((p.data for p in pieces if p.kind == fmt.K_CODES), bytearray())
        try:
            model = read_codes(codes)
        except TableError:
            continue
        tables = model[form.M_ITEM] + 1
        assert len(model) == form.M_TABLES + tables * form.TABLE_BYTES
        assert max(model[: form.M_GAP_CLASS]) < tables
