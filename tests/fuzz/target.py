"""One input of the fuzzer: a file is made of it, read by the shipped reader, and judged.

First byte, modulo 4: 0 the rest is a table file; 1 damage, no sum mended; 2 a forged table or
overlay; 3 a forged delta. Second byte: number of the seed.
"""

from functools import cache

from fuzz import oracle
from fuzz.edits import Script, forged
from fuzz.oracle import Answers, Sink, WrongAllow, ask, opened, run, sane, whole
from fuzz.seeds import BASE, Seed, seeds
from gatescan.core import compat
from gatescan.core.table import layers
from gatescan.core.table.decode_plain import advance
from gatescan.core.table.format import TableError
from gatescan.core.table.merge import merge
from gatescan.core.table.overlay import make_overlay
from gatescan.core.table.reader import Table

RAW, DAMAGE, FORGE, DELTA = range(4)
REFUSED, READ = "refused", "read"
_RAW_KEYS = (0, BASE, BASE + 1, 10**13 - 1)
_MODELS = 4096  # kept in memory
_BURSTS = (b"\0", b"\xff")  # flash that was erased, or never written to its end


def one(data: bytes) -> str:
    """What became of the input: refused or read; raises Finding, or what the reader raises."""
    if not data:
        return REFUSED
    mode = data[0] & 3
    if mode == RAW:
        return _read(data[1:], b"", _RAW_KEYS, False)
    script = Script(data[1:])
    pool = seeds()
    number = script.u8() % len(pool)
    seed = pool[number]
    if mode == DAMAGE:
        return _damage(number, script)
    if mode == DELTA and seed.delta:
        return _delta(seed, forged(seed.delta, script))
    over = seed.overlay
    if over and script.u8() & 1:
        return _read(seed.table, forged(over, script), seed.keys, seed.complete)
    return _read(forged(seed.table, script), over, seed.keys, seed.complete)


def _read(data: bytes, overlay: bytes, keys: tuple[int, ...], complete: bool) -> str:
    try:
        table, file = opened(data, overlay, not complete)
    except TableError:
        return REFUSED
    sane(table, ask(table, file, keys))
    whole(table)
    if overlay:
        _merged(table, keys, complete)
    return READ


def _merged(table: Table, keys: tuple[int, ...], complete: bool) -> str:
    made = Sink()
    try:
        run(merge(table, made.write))
        table, file = opened(bytes(made.data), b"", not complete)
    except TableError:
        return REFUSED
    sane(table, ask(table, file, keys))
    return READ


def _delta(seed: Seed, delta: bytes) -> str:
    """The overlay of a forged delta, and the merge of what is made of it."""
    base, _ = opened(seed.table, b"", not seed.complete)
    made = Sink()
    try:
        run(make_overlay(base, (oracle.File(delta).read_at, len(delta)), made.write))
        table, file = opened(seed.table, bytes(made.data), not seed.complete)
    except TableError:
        return REFUSED
    sane(table, ask(table, file, seed.keys))
    return _merged(table, seed.keys, seed.complete)


@cache
def truth(number: int) -> Answers:
    """What the undamaged seed answers."""
    seed = seeds()[number]
    return ask(*opened(seed.table, seed.overlay, not seed.complete), seed.keys)


def _damage(number: int, script: Script) -> str:
    """Up to three flipped bits, one burst, or flash that was erased: what a CRC-32 tells."""
    seed = seeds()[number]
    layer = script.u8() & 1 and bool(seed.overlay)
    good = seed.overlay if layer else seed.table
    bad = bytearray(good)
    how = script.u8() & 3
    if how < 3:
        for _ in range(how + 1):
            bit = script.u16() << 2 | script.u8() & 3
            bad[(bit >> 3) % len(bad)] ^= 1 << (bit & 7)
    else:
        at = script.u16() % len(bad)
        size = min(script.u16() % 1500 + 1, len(bad) - at)
        bad[at : at + size] = _BURSTS[script.u8() & 1] * size
    if bad == good:
        return READ
    try:
        files = (seed.table, bytes(bad)) if layer else (bytes(bad), seed.overlay)
        table, file = opened(*files, not seed.complete)
    except TableError:
        return REFUSED
    oracle.compare(truth(number), ask(table, file, seed.keys), how == 0)
    if whole(table):
        raise WrongAllow("a damaged file passes for whole")
    return READ


def hasten() -> None:
    """Have the model of equal CODES sections made once only, and no native decoder looked for."""
    made: dict[bytes, bytearray] = {}
    build = layers.read_codes

    def read_codes(data: bytearray) -> bytearray:
        model = made.get(bytes(data))
        if model is None:
            model = build(data)
            if len(made) < _MODELS:
                made[bytes(data)] = model
        return model

    layers.read_codes = read_codes  # type: ignore[assignment]
    compat.block_decoder = lambda: advance
