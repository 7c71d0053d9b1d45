"""What every target of the tag fuzzer is made of: a case, its judgement, ways to damage bytes."""

import random
from collections.abc import Callable
from typing import Any, NamedTuple

from gatescan.core.tags.names import NAMES
from gatescan.core.tags.scheme import S_NONE, Tag

GOOD, READ, REFUSED = "good", "read", "refused"
_TRAILERS = (b"\x1d", b"\0", b"\r", b"\n", b" ", b"=", b"/", b"\xff")


class Wrong(Exception):
    """An identity that the input does not have, or none where it has one."""


class Case(NamedTuple):
    """`want`: what must come out, as the target's `check` compares it; None: damaged or noise."""

    data: bytes
    want: Any = None


class Target(NamedTuple):
    """`make` a case from random numbers; `check` raises Wrong, or tells GOOD, READ or REFUSED."""

    make: Callable[[random.Random], Case]
    check: Callable[[Case], str]


def damaged(rng: random.Random, data: bytes, tokens: tuple[bytes, ...] = ()) -> bytes:
    """`data` with one to four edits; `tokens` are put in where chance would not find them."""
    out = bytearray(data)
    for _ in range(rng.choice((1, 1, 1, 2, 2, 3, 4))):
        at = rng.randrange(len(out) + 1)
        what = rng.randrange(9)
        if what == 0 and at < len(out):
            out[at] ^= 1 << rng.randrange(8)
        elif what == 1 and at < len(out):
            out[at] = rng.randrange(256)
        elif what == 2 and at < len(out):  # another digit or letter: most checks see only these
            out[at] = rng.choice(b"0123456789ABCDEFabcxyz-/")
        elif what == 3:
            out[at:at] = rng.randbytes(rng.randrange(1, 4))
        elif what == 4:
            del out[at : at + rng.choice((1, 1, 2, 7))]
        elif what == 5:
            out[at:at] = out[at : at + rng.randrange(1, 12)]
        elif what == 6:
            out[at:at] = rng.choice(tokens or _TRAILERS)
        elif what == 7 and at + 1 < len(out):
            out[at], out[at + 1] = out[at + 1], out[at]
        elif what == 8:
            del out[at:]
            out += rng.choice(tokens or _TRAILERS) if rng.random() < 0.3 else b""
    return bytes(out)


def noise(rng: random.Random, most: int) -> bytes:
    """Any bytes, rarely more than `most`."""
    size = rng.randrange(most + 1)
    if rng.random() < 0.002:
        size = rng.choice((4096, 2 * most, 65))
    return rng.randbytes(size)


def sound(tag: Tag) -> Tag:
    """The tag itself; raises Wrong where its fields contradict one another."""
    if type(tag) is not Tag:
        raise Wrong(f"no tag: {tag!r}")
    if (tag.key is None) != (tag.error is not None):
        raise Wrong(f"a key and an error, or neither: {tag}")
    if tag.key is None:
        if tag.scheme != S_NONE or tag.gtin or tag.serial or tag.ais or tag.text or tag.uid:
            raise Wrong(f"a refused tag says something: {tag}")
        if not (isinstance(tag.error, str) and tag.error[-1:] == "." and tag.error.isprintable()):
            raise Wrong(f"no sentence: {tag.error!r}")
        return tag
    if tag.ambiguous or not NAMES[tag.scheme] or type(tag.key) is not bytes or not tag.key:
        raise Wrong(f"an identity that is none: {tag}")
    if tag.gtin is not None and not (len(tag.gtin) == 14 and tag.gtin.isdigit()):
        raise Wrong(f"no GTIN: {tag}")
    return tag


def same(got: object, want: object, what: str) -> None:
    """Raise Wrong unless both are equal."""
    if got != want:
        raise Wrong(f"{what}: {got!r} and not {want!r}")
