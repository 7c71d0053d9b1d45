"""Target: GS1 element strings, and bombs of application identifiers."""

import random

from fuzz.tags import gs1_making, gs1_reading
from fuzz.tags.case import GOOD, READ, REFUSED, Case, Target, Wrong, damaged, noise, same, sound
from gatescan.core.tags import element_string
from gatescan.core.tags.names import NAMES
from gatescan.core.tags.scheme import Tag

TOKENS = (
    b"\x1d", b"01", b"21", b"10", b"3103000195", b"\x1d21", b"<GS>", b"|", b"8003", b"00",
    b"\x1d\x1d", b"99", b"17991332", b"0109521234543213", b"\xe2\x90\x9d", b"8020",
    b"\xc3\xa5", b" ", b"\0",
)  # fmt: skip


def bomb(rng: random.Random) -> bytes:
    """What is dear to take apart: many short elements, or digits that split in many ways."""
    one = rng.choice((b"10", b"1010", b"21", b"902", b"1", b"0109521234543213", b"30" * 3, b"\x1d",
                      b"37", b"8008", b"\x1d90A", b"99A", b"2110", b"3921", b"423"))  # fmt: skip
    start = rng.choice((b"", b"0109521234543213", b"00395212340000000014", b"90"))
    return (start + one * rng.randrange(1, 600))[: rng.choice((48, 130, 512, 513, 4096))]


def make(rng: random.Random) -> Case:
    """A good string, a damaged one, a bomb or noise."""
    what = rng.random()
    if what < 0.03:
        return Case(bomb(rng))
    if what < 0.06:
        return Case(noise(rng, 60))
    pairs = gs1_making.good_pairs(rng)
    if what < 0.25:
        return Case(gs1_making.element_string(rng, pairs), pairs)
    if what < 0.4:  # in any order, repeated or in bad company
        pairs += gs1_making.good_pairs(rng)[: rng.randrange(3)]
        pairs += gs1_making.rare_pairs(rng)
        rng.shuffle(pairs)
    data = gs1_making.element_string(rng, pairs)
    return Case(data if what < 0.3 else damaged(rng, data, TOKENS))


def judge(tag: Tag, data: bytes, inferred: bool) -> str:
    """Raise Wrong unless the second reading says what `tag` says; READ or REFUSED."""
    if tag.key is None:
        return REFUSED
    pairs = gs1_reading.separated(data)
    if pairs is None or list(tag.ais) != pairs:
        raise Wrong(f"{tag} where a second reading has {pairs}")
    agree(tag, "gs1")
    if inferred and not tag.inferred:
        raise Wrong("nothing proved that this is an element string")
    return READ


def agree(tag: Tag, carrier: str) -> None:
    """Raise Wrong unless pairs, key, number and serial of the tag belong together."""
    pairs = tag.ais
    if not gs1_reading.good(pairs):
        raise Wrong(f"not valid by a second reading: {tag}")
    same(tag.key, gs1_reading.key_of(pairs), "key")
    number = dict(pairs).get("01", dict(pairs).get("03"))
    kind = gs1_reading.kind_of(number) if number else "gtin"
    same(NAMES[tag.scheme], carrier if kind == "gtin" else kind, "scheme")
    if number:
        same(tag.gtin, number if kind == "gtin" else None, "number")


def check(case: Case) -> str:
    """See Target."""
    tag = sound(element_string.read(case.data, False))
    fate = judge(tag, case.data, False)
    if case.want is not None:
        same(tag.ais, tuple(case.want), f"pairs ({tag.error})")
        return GOOD
    guessed = sound(element_string.read(case.data, True))
    judge(guessed, case.data, True)
    if guessed.key is not None:
        same((guessed.key, guessed.ais), (tag.key, tag.ais), "the same without an identifier")
    return fate


TARGET = Target(make, check)
