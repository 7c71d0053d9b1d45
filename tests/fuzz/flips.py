"""Flips every bit of a complete table file, and of an overlay over it; a line for each.

    python tests/fuzz/flips.py

A bit is found at opening, in an answer that is none, or else by `verify`; exit 1 where it is found
nowhere, or an answer is another one than before.
"""

import sys
from collections import Counter
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from functools import cache, partial
from pathlib import Path

if __name__ == "__main__":
    ROOT = Path(__file__).resolve().parents[2]
    sys.path[:0] = [str(ROOT / "firmware"), str(ROOT / "host_tools"), str(ROOT / "tests")]

from fuzz import seeds, target
from fuzz.oracle import Answers, WrongAllow, ask, compare, opened, whole
from gatescan.core.table.format import CORRUPT, K_CODES, TableError
from gatescan_host.rules.compiler import compile_order
from gatescan_host.table import encode
from gatescan_host.table.delta import make_delta

ITEMS = 36
PROCESSES = 2
_PART_BITS = 2048
LAYERS = ("table", "overlay")


@cache
def files() -> dict[str, bytes]:
    """A table with every section and a real order, and an overlay over it."""
    pairs = seeds.clustered(ITEMS)
    policy = compile_order("dk-2009")
    parts = seeds.sections(pairs, policy=policy)
    codes = next(part.data for part in parts if part.kind == K_CODES)
    table = encode.assemble(parts)
    later = encode.assemble(seeds.sections(seeds.after(pairs), codes, 1, policy))
    return {"table": table, "overlay": make_delta(table, later).overlay}


@cache
def keys() -> tuple[int, ...]:
    """All items of both, and numbers beside some of them."""
    pairs = seeds.clustered(ITEMS)
    listed = sorted({key for key, _ in pairs + seeds.after(pairs)})
    return (*listed, *(key + 1 for key in listed[::9]), listed[0] - 4)


@cache
def truth(layer: str) -> Answers:
    """What the table answers, with its overlay or without."""
    over = files()["overlay"] if layer == "overlay" else b""
    return ask(*opened(files()["table"], over, False), keys())


def flip(layer: str, bit: int) -> str:
    """Where the flipped bit is found: opening, answer, verify, nowhere; raises WrongAllow."""
    bad = bytearray(files()[layer])
    bad[bit >> 3] ^= 1 << (bit & 7)
    try:
        if layer == "overlay":
            table, file = opened(files()["table"], bytes(bad), False)
        else:
            table, file = opened(bytes(bad), b"", False)
    except TableError:
        return "opening"
    got = ask(table, file, keys())
    true = truth(layer)
    compare(true, got)
    if whole(table):
        return "nowhere"
    return "verify" if got == true else "answer"


def flips(layer: str, bits: Iterable[int]) -> Counter[str]:
    """How many bits are found where."""
    return Counter(flip(layer, bit) for bit in bits)


def _part(layer: str, first: int) -> Counter[str]:
    """The bits of one part of a file, in a process of its own."""
    target.hasten()
    return flips(layer, range(first, min(first + _PART_BITS, len(files()[layer]) * 8)))


def main() -> int:
    """See the first lines."""
    bad = False
    with ProcessPoolExecutor(PROCESSES) as pool:
        for layer, data in files().items():
            found: Counter[str] = Counter()
            parts = range(0, len(data) * 8, _PART_BITS)
            try:
                for part in pool.map(partial(_part, layer), parts):
                    found += part
            except WrongAllow as error:
                print(f"{layer}: wrong answer: {error}")
                return 1
            print(f"{layer}: {len(data) * 8} bits of {len(data)} bytes: {dict(found)}", flush=True)
            bad |= bool(found["nowhere"]) or CORRUPT in truth(layer).values()
    return int(bad)


if __name__ == "__main__":
    sys.exit(main())
