"""Targets: ids of RFID tags, and the stream of an RDM6300."""

import random
import re
from functools import reduce
from operator import xor

from fuzz.tags.case import GOOD, READ, REFUSED, Case, Target, Wrong, damaged, noise, same, sound
from gatescan.core.tags import chip_ids, em4100
from gatescan.core.tags.rdm6300 import Rdm6300Decoder

_FRAME = re.compile(rb"\x02([0-9A-F]{12})(\r\n)?\x03")
_TOKENS = (b"\x02", b"\x03", b"\r\n\x03", b"\r", b"\n", b"\0", b"\x02\x02", b"FF", b"a")


def make(rng: random.Random) -> Case:
    """An id of a length that some kind of tag has, or another; often of few different bytes."""
    size = rng.choice((4, 4, 5, 7, 7, 8, 8, 10, rng.randrange(13)))
    if rng.random() < 0.02:
        even = rng.choice((b"\x00", b"\xff", b"\x11"))
        return Case(even * size if size != 8 else b"\xe0\x04" + even * 6)
    if rng.random() < 0.3:
        return Case(bytes(rng.choices(b"\x00\xff\x88\x08\xe0\x0f\x11", k=size)))
    data = rng.randbytes(size)
    if size == 8 and rng.random() < 0.7:
        data = b"\xe0" + data[1:]
    return Case(data)


def check(case: Case) -> str:
    """See Target."""
    data, number = case.data, int.from_bytes(case.data, "big")
    even = data in (bytes(len(data)), b"\xff" * len(data))
    first = data[0] if data else 0
    # EM4100: ten equal nibbles are noise; ISO/IEC 14443-3, 6.5.4; ISO/IEC 15693-3, 4.1
    em = len(data) == 5 and len(set(data.hex())) > 1
    a = len(data) in (4, 7, 10) and not even and first != 0x88
    a = a and not (len(data) == 7 and data[3] == 0x88)
    a = a and not (len(data) == 4 and (first & 15 in (15, 8)))
    v = len(data) == 8 and first == 0xE0 and data[2:] not in (bytes(6), b"\xff" * 6)
    for wanted, kind, tag in (
        (em, 11, em4100.read(data)),
        (a, 12, chip_ids.iso14443a(data)),
        (v, 13, chip_ids.iso15693(data)),
        (v, 13, chip_ids.iso15693(data[::-1], True)),
        (em and number < 1 << 40, 11, em4100.read(number if len(data) == 5 else -1)),
    ):
        sound(tag)
        same(tag.key, bytes((kind,)) + data if wanted else None, f"key of kind {kind}")
        same(tag.uid, data.hex().upper() if wanted else None, "uid")
    return READ if em or a or v else REFUSED


TARGET = Target(make, check)


def frame(rng: random.Random) -> bytes:
    """A frame of either length, seldom with a wrong sum."""
    data = rng.randbytes(5)
    total = reduce(xor, data) ^ (rng.randrange(256) if rng.random() < 0.1 else 0)
    text = (data + bytes((total,))).hex()
    return b"\x02" + text.upper().encode() + rng.choice((b"", b"\r\n")) + b"\x03"


def make_stream(rng: random.Random) -> Case:
    """Frames with and without damage, and noise between them."""
    out = b""
    for _ in range(rng.randint(1, 4)):
        one = frame(rng)
        out += one if rng.random() < 0.5 else damaged(rng, one, _TOKENS)
        out += one if rng.random() < 0.3 else b""
        out += noise(rng, 6) if rng.random() < 0.3 else b""
    return Case(out)


def check_stream(case: Case) -> str:
    """See Target."""
    decoder = Rdm6300Decoder()
    got = [found for found in map(decoder.feed, case.data) if found is not None]
    frames = [bytes.fromhex(match[1].decode()) for match in _FRAME.finditer(case.data)]
    want = [int.from_bytes(data[:5], "big") for data in frames if not reduce(xor, data)]
    same(got, want, "ids")
    if decoder.bad < len(frames) - len(want):
        raise Wrong(f"{decoder.bad} bad frames counted of {len(frames) - len(want)}")
    return REFUSED if not want else GOOD if len(want) == len(case.data) // 14 else READ


TARGET_STREAM = Target(make_stream, check_stream)
