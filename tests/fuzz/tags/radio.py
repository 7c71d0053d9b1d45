"""Targets: frames of RFID readers, R200 and PN532."""

import random
import re
from binascii import crc_hqx
from collections.abc import Callable
from functools import partial
from types import ModuleType

from fuzz.tags.case import GOOD, READ, REFUSED, Case, Target, Wrong, damaged, noise, same
from gatescan.core.frames import pn532_frame, r200_frame
from gatescan.core.frames.finder import Frames

_TOKENS = (b"\xbb\x02\x22", b"\xaa\x02\x22", b"\x7e", b"\xdd", b"\0\0\xff", b"\0\xff\0\xff",
           b"\xd5\x4b", b"\xff\xff", b"\xbb", b"\0\0\xff\xff\xff")  # fmt: skip


def _r200_good(frame: bytes) -> bool:
    """R200 protocol V2.3.3: length, sum and end."""
    size = int.from_bytes(frame[3:5], "big") + 7
    ends = {0xBB: 0x7E, 0xAA: 0xDD}
    fits = len(frame) == size and ends.get(frame[0]) == frame[-1]
    return fits and sum(frame[1:-2]) & 255 == frame[-2]


def _r200_frame(rng: random.Random) -> bytes:
    if rng.random() < 0.6:
        words = rng.choice((0, 2, 6, 6, 8, 31))
        pc = (words << 11 | rng.randrange(1 << 11)).to_bytes(2, "big")
        tag = pc + rng.randbytes(2 * words)
        crc = (crc_hqx(tag, 0xFFFF) ^ 0xFFFF).to_bytes(2, "big")  # ISO/IEC 18000-63 annex F
        if rng.random() < 0.1:
            crc = rng.randbytes(2)
        body = b"\x02\x22" + (5 + 2 * words).to_bytes(2, "big") + rng.randbytes(1) + tag + crc
    else:
        data = rng.randbytes(rng.choice((0, 1, 1, 3, 20)))
        body = bytes((rng.choice((0, 1, 2)), rng.choice((3, 0x0C, 0x22, 0x39, 0xB6, 0xFF))))
        body += len(data).to_bytes(2, "big") + data
    head, end = rng.choice(((0xBB, 0x7E), (0xAA, 0xDD)))
    return bytes((head,)) + body + bytes((sum(body) & 255, end))


def _r200_judge(frame: bytes) -> None:
    tag, crc = frame[6:-4], frame[-4:-2]
    sound = frame[1] == 2 and len(tag) >= 2 and len(tag) == 2 + (tag[0] >> 3) * 2
    if sound and (crc_hqx(tag, 0xFFFF) ^ 0xFFFF).to_bytes(2, "big") == crc:
        rssi = int.from_bytes(frame[5:6], "big", signed=True)
        same(r200_frame.tag_of(frame), (tag[2:], not tag[0] & 1, rssi), "tag")
    else:
        same(r200_frame.tag_of(frame), None, "tag of a damaged notice")


def _pn532_good(frame: bytes) -> bool:
    """UM0701-02, 6.2.1: length and its check, data and its check; from 00 FF on."""
    if frame in (b"\0\xff\0\xff", b"\0\xff\xff\0"):
        return True
    start = 7 if frame[2:4] == b"\xff\xff" else 4
    size = int.from_bytes(frame[4:6], "big") if start == 7 else frame[2]
    check = sum(frame[4:7]) if start == 7 else sum(frame[2:4])
    return frame[:2] == b"\0\xff" and not check & 255 and len(frame) == start + size + 1 and not (
        sum(frame[start:]) & 255
    )  # fmt: skip


def _pn532_frame(rng: random.Random) -> bytes:
    if rng.random() < 0.2:
        return rng.choice((b"\0\0\xff\0\xff\0", b"\0\0\xff\xff\0\0", b"\0\0\xff\1\xff\x7f\x81\0"))
    data = b"\xd5" + rng.randbytes(rng.choice((1, 2, 15, 40)))
    if rng.random() < 0.5:  # targets of InListPassiveTarget, 7.3.5
        data = b"\xd5\x4b" + bytes((rng.randrange(3),))
        for number in range(data[2]):
            uid = rng.randbytes(rng.choice((4, 7, 10)))
            sak = rng.choice((0, 8, 0x20))
            data += bytes((number + 1, 0, 0x44, sak, len(uid))) + uid
            data += b"\x05\x78\x80\x70\x02" if sak == 0x20 else b""
    if rng.random() < 0.1:
        data = (data + rng.randbytes(260))[:264]
        head = b"\xff\xff" + len(data).to_bytes(2, "big")
        head += bytes((-sum(head[2:]) & 255,))
    else:
        data = data[:254]
        head = bytes((len(data), -len(data) & 255))
    return b"\0\0\xff" + head + data + bytes((-sum(data) & 255, 0))


def _pn532_judge(frame: bytes) -> None:
    kind = pn532_frame.kind_of(frame)
    if kind != pn532_frame.A_DATA:
        short = {1: b"\0\xff\0\xff", 2: b"\0\xff\xff\0"}.get(kind, b"\0\xff\1\xff\x7f\x81")
        same(frame, short, "acknowledgement")
        return
    data = bytes(pn532_frame.data_of(memoryview(frame)))
    same(data, frame[7:-1] if frame[2:4] == b"\xff\xff" else frame[4:-1], "data")
    found = pn532_frame.targets_of(data)
    if found is not None:
        again = b"".join(uid for _, uid, _ in found)
        if len(found) != data[2] or any(uid not in data for _, uid, _ in found):
            raise Wrong(f"{len(found)} targets, {again.hex()}")


def make_frames(frame: Callable[[random.Random], bytes], rng: random.Random) -> Case:
    """Frames one behind another, most of them with damage and noise between."""
    parts = [frame(rng) for _ in range(rng.randint(1, 4))]
    data = b"".join(parts)
    if rng.random() < 0.3:
        return Case(data, parts)
    for _ in range(rng.randint(1, 2)):
        data = damaged(rng, data, _TOKENS)
    return Case(data if rng.random() < 0.9 else noise(rng, 300))


def check_frames(
    module: ModuleType, good: Callable[[bytes], bool], judge: Callable[[bytes], None], case: Case
) -> str:
    """See Target."""
    finder = Frames(2 * module.MAX_BYTES, module.inspect)
    found: list[bytes] = []
    at, size = 0, 1 + len(case.data) % 30
    while at < len(case.data) or finder.pending:
        if at < len(case.data):
            at = finder.feed(case.data, at, min(len(case.data), at + size))
        else:
            finder.skip()
        while (taken := finder.take()) is not None:
            found.append(bytes(taken))
    for frame in found:
        if not good(frame):
            raise Wrong(f"a frame with a wrong check: {frame.hex()}")
        judge(frame)
    begin = 0
    for frame in found:
        begin = case.data.find(frame, begin) + len(frame)
        if begin < len(frame):
            raise Wrong(f"frames overlap, or were never sent: {frame.hex()}")
    if case.want is not None:
        wanted = [re.sub(b"^\0(?=\0\xff)", b"", part) for part in case.want]
        if good is _pn532_good:
            wanted = [part[:-1] for part in wanted]
        same(found, wanted, "frames")
        return GOOD
    return READ if found else REFUSED


TARGET_R200 = Target(
    partial(make_frames, _r200_frame),
    partial(check_frames, r200_frame, _r200_good, _r200_judge),
)
TARGET_PN532 = Target(
    partial(make_frames, _pn532_frame),
    partial(check_frames, pn532_frame, _pn532_good, _pn532_judge),
)
