"""Targets: UIDs by cascade levels, and readings of NFC tags, command by command."""

import random
from collections.abc import Callable
from functools import reduce
from operator import xor

from fuzz.tags import ndef_memory, ndefs
from fuzz.tags.case import GOOD, READ, REFUSED, Case, Target, Wrong, damaged, noise, same
from gatescan.core.frames import iso14443a
from gatescan.drivers.rfid.type2 import MAX_NDEF_BYTES, Type2
from gatescan.drivers.rfid.type4 import Type4

_MOST_COMMANDS = 80  # of 16 bytes each: more than Type2 has room for
_MOST_APDUS = MAX_NDEF_BYTES + 6  # MLe is 15 at least; a bound all the same


def crc_a(data: bytes) -> bytes:
    """ISO/IEC 14443-3 annex B, bit by bit."""
    crc = 0x6363
    for byte in data:
        for bit in range(8):
            crc = crc >> 1 ^ (0x8408 if (crc ^ byte >> bit) & 1 else 0)
    return crc.to_bytes(2, "little")


def make_uid(rng: random.Random) -> Case:
    """Anticollision answers of up to four levels, each with its SAK behind it."""
    uid = rng.randbytes(rng.choice((4, 7, 10)))
    if rng.random() < 0.1:
        uid = bytes(rng.choices(b"\x00\x88\x08\xff", k=len(uid)))
    data, left = b"", uid
    while left:
        part = left if len(left) == 4 else b"\x88" + left[:3]
        left = left[4:] if len(left) == 4 else left[3:]
        data += part + bytes((reduce(xor, part), 0x04 if left else rng.choice((0, 8, 0x20))))
    sound = 0x88 not in (uid[0], uid[-4]) and not (len(uid) > 4 and uid[3] == 0x88) and any(uid)
    if rng.random() < 0.4 and sound:
        return Case(data, uid)
    return Case(damaged(rng, data))


def check_uid(case: Case) -> str:
    """See Target."""
    data = case.data
    same(iso14443a.crc_ok(data + crc_a(data), len(data) + 2), len(data) > 0, "CRC")
    same(iso14443a.crc_ok(data, len(data)), len(data) > 2 and crc_a(data[:-2]) == data[-2:], "CRC")
    cascade, uid, want = iso14443a.Cascade(), None, b""
    for at in range(0, len(data), 6):
        part, sak = data[at : at + 5], data[at + 5 : at + 6]
        fits = len(part) == 5 and not reduce(xor, part)
        more = part[:1] == b"\x88"
        same(cascade.answer(part, len(part)), fits and at < 18, "answer")
        if not fits or at >= 18 or not sak:
            break
        frame = bytearray(9)
        count = cascade.select(frame)
        same(bytes(frame[:count]), bytes((0x93 + at // 3, 0x70)) + part, "SELECT")
        uid = cascade.selected(sak[0])
        want += part[1:4] if more else part[:4]
        if bool(sak[0] & 4) != more or (more and at == 12):
            same(uid, None, "UID of a SAK that does not fit")
            break
        if not more:
            break
        same(uid, b"", "UID that goes on")
    if uid and (uid != want or len(uid) not in (4, 7, 10)):
        raise Wrong(f"{uid.hex()} and not {want.hex()}")
    if case.want is not None:
        same(uid, case.want, "UID")
        return GOOD
    return READ if uid else REFUSED


TARGET_UID = Target(make_uid, check_uid)


Answer = Callable[[bytes], "bytes | None"]


def _answers(rng: random.Random, good: Callable[[bytes], bytes]) -> Answer:
    """A tag that answers well until chance wants otherwise."""

    def answer(command: bytes) -> "bytes | None":
        if rng.random() < 0.97:
            return good(command)
        return rng.choice((None, b"", b"\x90\0", noise(rng, 20), damaged(rng, good(command))))

    return answer


def _tag(case: Case, good: Callable[[bytes], bytes]) -> "tuple[random.Random, Answer]":
    """Chance, and the tag of a case; some that are damaged answer badly as well."""
    rng = random.Random(case.data)
    spoiled = case.want is None and rng.random() < 0.3
    return rng, _answers(rng, good) if spoiled else good


def _read_out(reading: "Type2 | Type4", answer: Answer, most: int) -> None:
    """Carry a reading to its end; Wrong where that does not come within `most` commands."""
    commands = 0
    while not (reading.done or reading.failed):
        reading.answer(answer(reading.command()))
        commands += 1
        if commands > most:
            raise Wrong(f"still reading after {commands} commands")


def check_type2(case: Case) -> str:
    """A reading ends, and what it gives is the message in the memory."""
    memory = case.data if len(case.data) > 15 else case.data.ljust(16, b"\0")
    uid = memory[:3] + memory[4:8]

    def good(command: bytes) -> bytes:
        if command == b"\x60":
            return b"\0\4\4\2\3\0\x0f\3" if memory[9] & 1 else b"\0\4\4\2\1\0\x0f\3"
        if command == b"\xa4\0":
            return b"\0\0\0\0C"
        return (memory + bytes(16))[command[1] * 4 :][:16].ljust(16, b"\0")

    rng, answer = _tag(case, good)
    spoiled = answer is not good
    reading = Type2()
    reading.begin(uid, rng.random() < 0.5)
    _read_out(reading, answer, _MOST_COMMANDS)
    padded = memory.ljust(16 + 8 * memory[14], b"\0")
    inside = ndef_memory.message_in(padded)
    if reading.done and not spoiled:
        same(reading.message, inside, "message")
    if case.want is not None and len(case.want) <= MAX_NDEF_BYTES and len(padded) <= 656:
        same((reading.done, reading.message), (True, case.want), "reading")
        return GOOD
    return READ if reading.done and reading.message is not None else REFUSED


TARGET_TYPE2 = Target(ndef_memory.make, check_type2)


def make_type4(rng: random.Random) -> Case:
    """A capability container of 15 bytes, then the NDEF file."""
    message = ndefs.good_message(rng)[0]
    container = b"\x00\x0f\x20\x00\x3b\x00\x34\x04\x06\xe1\x04\x01\x00\x00\x00"
    data = container + len(message).to_bytes(2, "big") + message
    return Case(data, message) if rng.random() < 0.3 else Case(damaged(rng, data))


def check_type4(case: Case) -> str:
    """A reading ends, and what it gives is the message in the file."""
    container, file = case.data[:15], case.data[15:]
    chosen = [b""]

    def good(command: bytes) -> bytes:
        if command[1] == 0xA4:
            chosen[0] = container if command[-2:] == b"\xe1\x03" else file
            return b"\x90\0"
        at = command[2] << 8 | command[3]
        return chosen[0][at : at + command[4]] + b"\x90\0"

    _, answer = _tag(case, good)
    spoiled = answer is not good
    reading = Type4()
    _read_out(reading, answer, _MOST_APDUS)
    if reading.done and reading.message is not None and not spoiled:
        same(reading.message, file[2 : 2 + int.from_bytes(file[:2], "big")], "message")
    if case.want is not None and len(case.want) <= MAX_NDEF_BYTES:
        same(reading.message, case.want, "message")
        return GOOD
    return READ if reading.done and reading.message is not None else REFUSED


TARGET_TYPE4 = Target(make_type4, check_type4)
