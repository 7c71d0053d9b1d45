"""Targets: binary EPCs with a partition, and those of TDS 2; judged by writing them again."""

import random
from functools import partial

from fuzz.tags import epc_writing, gs1_making
from fuzz.tags.case import GOOD, READ, REFUSED, Case, Target, Wrong, damaged, noise, same, sound
from fuzz.tags.element_strings import agree
from fuzz.tags.epc_writing import CLASSIC, PLUS, PLUS_PLUS, NoEpc
from fuzz.tags.gs1_making import Pairs, digits
from fuzz.tags.gs1_reading import checked
from gatescan.core.tags import epc
from gatescan.core.tags.names import NAMES

_MAX_BYTES = 62
# One for each encoding of characters (TDS 14.5.6)
_ALPHABETS = ("0123456789ABCDEF", "0123456789abcdef", "0123456789", "ABCXYZ-.:019", "aZ_-9")
_UNTRIED = random.Random(0)  # nothing is drawn where an EPC is given


def _serial(rng: random.Random, form: str) -> str:
    kind, _, count = form.partition(" ")
    if kind == "int":
        return str(rng.randrange(1, min(1 << rng.randint(1, int(count)), 10**12)))
    if kind == "text":
        return gs1_making.text(rng, int(count) // 7)
    if kind == "one":
        return digits(rng, rng.randint(1, 11))
    if kind == "number":
        return str(rng.randrange(1, 10 ** rng.randint(1, 12)))
    if kind == "any":
        if rng.random() < 0.2:
            return gs1_making.text(rng, 16)
        return "".join(rng.choices(rng.choice(_ALPHABETS), k=rng.randint(1, 16)))
    return ""


def pairs_for(rng: random.Random, header: int) -> Pairs:
    """Element strings that may stand in such an EPC."""
    classic = header in CLASSIC
    header = PLUS_PLUS.get(header, header)
    ai = CLASSIC[header][0] if classic else PLUS[header][0]
    serial = _serial(rng, CLASSIC[header][2] if classic else PLUS[header][2])
    if ai in ("01", "8006"):
        key = gs1_making.gtin14(rng)
        if ai == "8006":
            total = rng.randint(1, 99)
            key += f"{rng.randint(1, total):02}{total:02}"
        pairs = [(ai, key), ("21", serial)]
        if header == 0xFB:
            date_ai = rng.choice(("11", "13", "15", "16", "17"))
            pairs.append((date_ai, gs1_making.value(rng, date_ai)))
        return pairs
    if ai == "00":
        return [(ai, checked(digits(rng, 17)))]
    if ai in ("8017", "8018"):
        return [(ai, checked(digits(rng, 17)))]
    if ai == "414":
        more = [] if serial == "0" else [("254", serial)]
        return [(ai, checked(digits(rng, 12))), *more]
    if ai == "8003":
        return [(ai, "0" + checked(digits(rng, 12)) + serial)]
    if ai == "255":
        serial = digits(rng, rng.randint(1, 11))  # zeros in front count
    if ai in ("253", "255"):
        return [(ai, checked(digits(rng, 12)) + serial)]
    size = rng.randint(0, 3) if header in (0x34, 0x3C) else rng.randint(1, 14)
    part = str(rng.randrange(10**size)) if header in (0x34, 0x3C) else gs1_making.text(rng, 16)
    if ai == "8010":
        letters = "0123456789ABCDEFXYZ-#/"
        if header != 0x3C:
            part = "".join(rng.choices(letters, k=rng.randint(1, 16)))
        return [(ai, digits(rng, 12) + part), ("8011", serial.lstrip("0") or "1")]
    return [(ai, digits(rng, 12) + part)]


def make(headers: tuple[int, ...], rng: random.Random) -> Case:
    """A good EPC, a damaged one, noise behind a header, or all noise."""
    what = rng.random()
    header = rng.choice(headers)
    if what < 0.02:
        return Case(noise(rng, 70))
    if what < 0.1:
        return Case(bytes((header,)) + rng.randbytes(rng.choice((11, 15, 23, 25, 31, 40))))
    for _ in range(20):
        try:
            pairs = pairs_for(rng, header)
            bits = epc_writing.bits_of(header, pairs, rng)
            break
        except NoEpc:  # too long for this EPC; a serial number with a zero in front
            continue
    else:
        return Case(bytes((header,)) + rng.randbytes(11))
    data = epc_writing.whole_words(bits)
    if what < 0.3 and len(data) <= _MAX_BYTES:
        return Case(data, pairs)
    if what < 0.6:
        out = bytearray(data)
        for _ in range(rng.randint(1, 3)):
            bit = rng.randrange(8 * len(out))
            out[bit >> 3] ^= 0x80 >> (bit & 7)
        return Case(bytes(out))
    return Case(damaged(rng, data))


def check(case: Case) -> str:
    """See Target."""
    tag = sound(epc.read(case.data))
    if case.want is not None:
        same(list(tag.ais), case.want, f"pairs ({tag.error})")
    if tag.key is None:
        return REFUSED
    given = "".join(f"{byte:08b}" for byte in case.data)
    try:
        bits = epc_writing.bits_of(case.data[0], list(tag.ais), _UNTRIED, given)
    except (NoEpc, ValueError, KeyError, IndexError, StopIteration) as why:
        raise Wrong(f"{tag} can not be written: {why}") from why
    more = given[8] == "1" and case.data[0] not in CLASSIC  # further data follow
    if not given.startswith(bits) or (not more and given[len(bits) :].strip("0")):
        raise Wrong(f"{tag} is written as {bits}")
    agree(tag, NAMES[tag.scheme] or "")
    return GOOD if case.want is not None else READ


TARGET = Target(partial(make, tuple(CLASSIC)), check)
TARGET_PLUS = Target(partial(make, (*PLUS, *PLUS_PLUS)), check)
