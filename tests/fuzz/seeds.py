"""Small good tables, overlays and deltas of all shapes, which the fuzzer damages.

The same bytes in every run: the corpus counts on it.
"""

import random
import struct
from dataclasses import dataclass
from functools import cache

from gatescan.core.table import format as fmt
from gatescan_host.table import encode, ranges
from gatescan_host.table.blocks import item_parts
from gatescan_host.table.delta import make_delta
from gatescan_host.table.encode import Part
from gatescan_host.table.reels import place_of

SALT = bytes(range(16))
CLASSES = 6
BASE = 5901234000000
POLICY = b"POLICY"
TEXTS = [[[["ukendt"], ["unknown"]], [["Udstyr til", "stof"], ["Drug-use"]]], [], [], []]
RIGHTS = [encode.right(9, 0, 0x11, 0), encode.right(22, 5, 0, 20040601)]
Pairs = list[tuple[int, int]]


@dataclass(frozen=True)
class Seed:
    """A table file; the overlay file over it and the delta that it is made from, or none."""

    table: bytes
    keys: tuple[int, ...]  # worth a lookup
    overlay: bytes = b""
    delta: bytes = b""
    complete: bool = True  # with tags, inmates, policy and texts


@cache
def seeds() -> list[Seed]:
    """All seeds; the place in the list is the number in the corpus: append only."""
    out = []
    for pairs in (clustered(60), scattered(30), clustered(1), [], dense(300)):
        out.append(Seed(items_only(pairs), _keys(pairs), complete=False))
    for pairs in (clustered(40), scattered(12)):
        out.append(Seed(encode.assemble(sections(pairs)), _keys(pairs)))
    out += [_updated(clustered(50), False), _updated(scattered(20), True), _updated([], True)]
    out.append(_updated(scattered(210), False))  # of two blocks
    return out


def sections(
    pairs: Pairs, codes: bytes | None = None, shift: int = 0, policy: bytes = POLICY
) -> list[Part]:
    """A complete table of some kB; `shift` 1 changes classes and owners, and no key."""
    lists = [
        encode.Lists(None, 1 << 21, [], False),
        encode.Lists(2, 0, RIGHTS[shift:], True),
    ]
    inmates = b"".join(
        encode.inmate(n, encode.inmate_id(SALT, f"inmate-{n}"), n, 0, entry)
        for n, entry in enumerate(lists)
    )
    place, check = place_of(SALT, ("EX-", 6))
    reel = (place + 100).to_bytes(6, "big") + check + struct.pack("<I", 50)
    steps = [(BASE - 500, (1 + shift, 0)), (BASE + 90000, None), (BASE + 200000, (3, 0))]
    return [
        encode.plain(fmt.K_META, 1, _meta()),
        _classes(),
        *item_parts(pairs, codes),
        *ranges.parts(steps, {(number, 0): number for number in range(CLASSES)}),
        *encode.paged(fmt.K_TAGS, _tags(shift), fmt.TAG_BYTES),
        *encode.paged(fmt.K_REELS, [reel], fmt.REEL_BYTES),
        encode.plain(fmt.K_INMATES, 2, inmates),
        Part(encode.K_RIGHTS, 0, 2 - shift, b"".join(RIGHTS[shift:])),
        encode.facts([(0, 3), (40, True), (41, frozenset((1, 33))), (42, None)]),
        encode.plain(fmt.K_POLICY, 1, policy),
        encode.texts(TEXTS),
    ]


def items_only(pairs: Pairs, codes: bytes | None = None) -> bytes:
    """The least table file."""
    return encode.assemble([_classes(), *item_parts(pairs, codes)])


def clustered(count: int) -> Pairs:
    """Keys with small gaps and a few companies."""
    rng = random.Random(count)
    key, pairs = BASE, []
    for number in range(count):
        pairs.append((key, number // 7 % CLASSES))
        key += rng.choice((1, 1, 1, 2, 3, 10, 60, 4000, 1_300_000))
    return pairs


def scattered(count: int) -> Pairs:
    """Keys anywhere, the least and the largest among them."""
    rng = random.Random(count)
    keys = {0, 10**13 - 1} | {rng.randrange(10**13) for _ in range(count - 2)}
    return [(key, n % CLASSES) for n, key in enumerate(sorted(keys))]


def dense(count: int) -> Pairs:
    """Consecutive numbers of one class: the shortest code words."""
    return [(BASE + n, 2) for n in range(count)]


def after(pairs: Pairs) -> Pairs:
    """The list an update later: items gone, of another class, new ones at the ends and between."""
    kept = {k: (c + (n % 5 == 1)) % CLASSES for n, (k, c) in enumerate(pairs) if n % 4}
    fresh = {BASE - 3, BASE + 10**9} | {BASE + n * 7 + 50_000 for n in range(5)}
    return sorted(({key: key % CLASSES for key in fresh} | kept).items())


def _updated(pairs: Pairs, complete: bool) -> Seed:
    def file(rows: Pairs, codes: bytes | None, shift: int) -> bytes:
        if complete:
            return encode.assemble(sections(rows, codes, shift))
        return items_only(rows, codes)

    before = file(pairs, None, 0)
    codes = item_parts(pairs)[0].data
    delta = make_delta(before, file(after(pairs), codes, 1))
    return Seed(before, _keys(pairs + after(pairs)), delta.overlay, delta.data, complete)


def _keys(pairs: Pairs) -> tuple[int, ...]:
    """A few keys of the list and numbers beside them, which may be in a range or nowhere."""
    some = [key for key, _ in pairs[:: max(1, len(pairs) // 3)]]
    near = {key + n % 3 - 1 for n, key in enumerate(some)} | set(some[1:3]) | {BASE + 90001}
    return tuple(sorted(key for key in near if 0 <= key < 10**13))


def _classes() -> Part:
    return encode.classes([(number + 1, number & 1) for number in range(CLASSES)])


def _tags(shift: int) -> list[bytes]:
    records = (
        (b"\x10CMD-END", (5, 255, 0xFFFF, 0, 4, 0)),
        (b"\x0bABCDE", (2, 1 + shift, 0, 3, 0, 0)),
        (b"\x10CARD-1", (1, 255, 1, 0, 0, 0)),
    )
    return sorted(
        encode.tag_hash(SALT, key) + struct.pack("<BBHBBI", *fields) for key, fields in records
    )


def _meta() -> bytes:
    return struct.pack(
        fmt.META_FORMAT, b"vestre", "Vestre Fængsel".encode(), b"dk-2009", SALT,
        7, 1_700_000_000, 14, 3, 3, 0, b"",
    )  # fmt: skip
