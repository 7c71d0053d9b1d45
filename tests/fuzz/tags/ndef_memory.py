"""Target: the memory of a Type 2 tag, and the message in it."""

import random

from fuzz.tags.case import GOOD, READ, REFUSED, Case, Target, damaged, same, sound
from fuzz.tags.ndefs import TOKENS, good_message, judge
from gatescan.core.tags import ndef


def make(rng: random.Random) -> Case:
    """The memory of a Type 2 tag, blocks before the message, bytes set aside in the middle."""
    content = good_message(rng)[0] if rng.random() < 0.7 else rng.randbytes(rng.randrange(300))
    long = len(content) > 254
    size = b"\xff" + len(content).to_bytes(2, "big") if long else bytes((len(content),))
    blocks, aside = b"", range(0)
    while rng.random() < 0.3:
        blocks += rng.choice((b"\0", b"\xfd\x02ab", b"\0\0"))
    if rng.random() < 0.3:
        start, length = rng.randrange(48, 200), rng.randrange(1, 20)
        shift = rng.choice((3, 4))
        if start >> shift < 16 and start & ((1 << shift) - 1) < 16:
            place = bytes((start >> shift << 4 | start & ((1 << shift) - 1), length, shift))
            blocks += b"\x02\x03" + place
            aside = range(start, start + length)
    stream = blocks + b"\x03" + size + content + b"\xfe" * rng.randrange(2)
    memory = bytearray(16)
    for byte in stream:
        while len(memory) in aside:
            memory += rng.randbytes(1)
        memory.append(byte)
    area = max(6, -(-(len(memory) - 16) // 8)) + rng.randrange(3)
    memory += bytes(-len(memory) % 8)
    memory[12:16] = bytes((0xE1, 0x10 | rng.randrange(3), min(area, 255), 0))
    fits = area < 256 and rng.random() < 0.3
    return Case(bytes(memory), content) if fits else Case(damaged(rng, bytes(memory), TOKENS))


def message_in(memory: bytes) -> "bytes | None":
    """The message in the memory of a Type 2 tag, by a second reading."""
    if len(memory) < 16 or memory[12] != 0xE1 or memory[13] >> 4 != 1 or memory[15] > 15:
        return None
    end = min(len(memory), 16 + 8 * memory[14])
    places = list(range(16, end))

    def take(count: int) -> "bytes | None":
        taken, places[:] = places[:count], places[count:]
        return bytes(memory[at] for at in taken) if len(taken) == count else None

    while (kind := take(1)) is not None and kind != b"\xfe":
        if kind == b"\0":
            continue
        size = take(1)
        if size == b"\xff":
            size = take(2)
            if size is None or not 255 <= int.from_bytes(size, "big") < 65535:
                return None
        content = None if size is None else take(int.from_bytes(size, "big"))
        if content is None or (kind in b"\1\2" and len(content) != 3):
            return None
        if kind == b"\3":
            return content
        if kind in b"\1\2":
            at = (content[0] >> 4) * 2 ** (content[2] & 15) + (content[0] & 15)
            count = content[1] or 256
            count = -(-count // 8) if kind == b"\1" else count
            places[:] = [place for place in places if not at <= place < at + count]
    return None


def check(case: Case) -> str:
    """See Target."""
    got = ndef.message_of_type2(case.data)
    same(got, message_in(case.data), "message in the memory")
    file = len(case.data).to_bytes(2, "big") + case.data
    same(ndef.message_of_type4(file), case.data if len(case.data) < 65536 else None, "file")
    if case.want is not None:
        same(got, case.want, "message")
        return GOOD
    if got is not None:
        judge(sound(ndef.read(got)), got)
    return REFUSED if got is None else READ


TARGET = Target(make, check)
