"""Targets: what barcode engines send, taken apart into frames and scans, and scans into lines.

Every byte must come out once and in order, in a frame whose check is right or as text of a scan.
"""

import random
import re
from binascii import crc_hqx
from functools import partial, reduce
from operator import xor

from fuzz.tags.barcodes import HOSTILE, upc_a
from fuzz.tags.case import GOOD, READ, REFUSED, Case, Target, Wrong, damaged, noise, same
from fuzz.tags.gs1_reading import checked
from gatescan.core.frames import engine_frames as frames
from gatescan.core.frames import ssi_frame
from gatescan.drivers.barcode_line import MAX_LINE_BYTES, LineAssembler
from gatescan.drivers.engines.splitter import Splitter

_SSI_OPCODES = (0xA4, 0xB1, 0xC6, 0xD0, 0xD1, 0xF3, 0xF6, 0x73)
_TOKENS = (b"\r", b"\n", b"\x02\0\0\1", b"\x5a\1\0", b"\x5a", b"\3\0\0", b"\4\xd0\0\0", b"\x1d",
           b"\0", b"\xff" * 40)  # fmt: skip


def gm65(data: bytes, start: int = 2) -> bytes:
    """A reply of the GM65 family (manual 8.2): crc_hqx is CRC-16/XMODEM."""
    body = bytes((0, 0, len(data) & 0xFF)) + data
    return bytes((start,)) + body + crc_hqx(body[1:], 0).to_bytes(2, "big")


def m3y(data: bytes) -> bytes:
    """An answer of the M3Y-W."""
    body = b"\1\0" + bytes((len(data),)) + data
    return b"\x5a" + body + bytes((reduce(xor, body), 0xA5))


def ssi(data: bytes, opcode: int = 0xF3) -> bytes:
    """A packet of an SSI decoder."""
    body = bytes((4 + len(data), opcode, 0, 0)) + data
    return body + (-sum(body) % 65536).to_bytes(2, "big")


def good_frame(kind: int, frame: bytes) -> bool:
    """Whether a frame is what the engine's manual says."""
    if kind == frames.GM65:
        size = (frame[3] or 256) + 6
        crc = crc_hqx(frame[2:-2], 0).to_bytes(2, "big")
        fits = frame[0] in (2, 3) and frame[1:3] == b"\0\0" and len(frame) == size
        return fits and frame[-2:] == crc
    if kind == frames.M3Y:
        fits = frame[:3] == b"\x5a\1\0" and len(frame) == frame[3] + 6 and frame[-1] == 0xA5
        return fits and frame[-2] == reduce(xor, frame[1:-2])
    total = (-sum(frame[:-2]) % 65536).to_bytes(2, "big")
    fits = len(frame) == frame[0] + 2 and frame[1] in _SSI_OPCODES and frame[2] == 0
    return fits and frame[-2:] == total


def _frame(rng: random.Random, kind: int) -> bytes:
    data = rng.randbytes(rng.choice((1, 1, 2, 5, 20)))
    if kind == frames.GM65:
        long = rng.randbytes(256) if rng.random() < 0.02 else data
        return gm65(long, rng.choice((2, 2, 2, 3)))
    if kind == frames.M3Y:
        return m3y(rng.choice((b"\x90\0", b"V1.02", data)))
    return ssi(data, rng.choice(_SSI_OPCODES))


def _scan(rng: random.Random) -> bytes:
    size = rng.choice((1, 8, 13, 20, 60))
    return bytes(rng.choices(b"]E0123456789ABCabcxyz-./\x1d", k=size))


def make(kind: int, rng: random.Random) -> Case:
    """Scans and frames in turn; in most cases damaged. First byte: what the splitter knows."""
    parts: list[tuple[str, bytes]] = []
    for _ in range(rng.randint(1, 4)):  # as many scans as can wait
        if rng.random() < 0.6:
            parts.append(("frame", _frame(rng, kind)))
        else:
            parts.append(("scan", _scan(rng)))
    data = b"".join(part + (b"\r" if what == "scan" else b"") for what, part in parts)
    if rng.random() < 0.3:
        return Case(bytes((0,)) + data, parts)
    if rng.random() < 0.1:
        data += rng.choice(HOSTILE) + b"\r"
    flags = rng.choice((0, 0, 1, 2, 3))
    data = damaged(rng, data, _TOKENS) if rng.random() < 0.9 else noise(rng, 300)
    return Case(bytes((flags,)) + data)


class _Recorder(LineAssembler):
    """Notes what it is given."""

    def __init__(self, events: "list[tuple[int, bytes]]") -> None:
        super().__init__()
        self.events = events
        self.whole: list[bytes] = []

    def feed(self, data: "bytes | bytearray | memoryview", count: int, now_ms: int) -> None:
        self.events.append((0, bytes(data[:count])))
        super().feed(data, count, now_ms)
        while (line := self.take()) is not None:
            self.whole.append(line)


def check(kind: int, case: Case) -> str:
    """See Target."""
    flags, data = case.data[0], case.data[1:]
    events: list[tuple[int, bytes]] = []
    lines = _Recorder(events)
    splitter = Splitter(lines, lambda which, frame: events.append((which, bytes(frame))))
    splitter.kind = kind
    splitter.asked = bool(flags & 1)
    splitter.packets_only = bool(flags & 2)
    rng = random.Random(data)
    at = now_ms = 0
    while at < len(data):
        end = at + rng.choice((1, 1, 3, 7, 64))
        splitter.feed(data[at:end], len(data[at:end]), now_ms)
        at, now_ms = end, now_ms + rng.choice((0, 1, 5))
    for wait_ms in (40, 1000):  # a frame is overdue before the line that it stood in
        splitter.tick(now_ms + wait_ms)
    for which, frame in events:
        if which and not good_frame(which, frame):
            raise Wrong(f"a frame with a wrong check: {frame.hex()}")
    if not splitter.packets_only:
        same(b"".join(part for _, part in events), data, "every byte once and in order")
    found = [frame for which, frame in events if which]
    if case.want is not None:
        same(found, [part for what, part in case.want if what == "frame"], "frames")
        same(lines.whole, [part for what, part in case.want if what == "scan"], "scans")
        return GOOD
    return READ if found or lines.whole else REFUSED


TARGET_GM65 = Target(partial(make, frames.GM65), partial(check, frames.GM65))
TARGET_M3Y = Target(partial(make, frames.M3Y), partial(check, frames.M3Y))
TARGET_SSI = Target(partial(make, frames.SSI), partial(check, frames.SSI))


def make_lines(rng: random.Random) -> Case:
    """Lines of scans with and without damage, over-long ones among them."""
    data = b""
    for _ in range(rng.randint(1, 4)):
        data += _scan(rng) * rng.choice((1, 1, 1, 1, 10)) + rng.choice((b"\r", b"\n", b"\r\n"))
    return Case(damaged(rng, data, HOSTILE) if rng.random() < 0.8 else data)


def check_lines(case: Case) -> str:
    """See Target: a line is what stands between line ends, without noise inside."""
    lines = _Recorder([])
    for at in range(0, len(case.data), 16):
        part = case.data[at : at + 16]
        lines.feed(part, len(part), at // 16)
    want = []
    for line in re.split(rb"[\r\n]", case.data)[:-1]:
        line = re.sub(rb"^[\x00-\x03\x05-\x08\x0b-\x1b\x7f]+", b"", line)
        bad = re.search(rb"[\x00-\x03\x05-\x08\x0b-\x1b\x7f]", line[: MAX_LINE_BYTES + 1])
        if line and not bad and len(line) <= MAX_LINE_BYTES:
            want.append(line)
    got = lines.whole
    if len(got) + lines.dropped != len(want) or not all(line in want for line in got):
        raise Wrong(f"lines {got} and not {want}")
    if not lines.dropped:
        same(got, want, "lines")
    return READ if got else REFUSED


TARGET_LINES = Target(make_lines, check_lines)


def make_scan(rng: random.Random) -> Case:
    """A code type of SSI, whether an AIM identifier is in the data, and the data."""
    kind = rng.choice((*range(0x40), 0xB4, 0xC1, 0xC2, *(k | a for k in (8, 9, 10, 11, 16) for a in
                       (0, 0x40, 0x80)), rng.randrange(256)))  # fmt: skip
    size = rng.choice((6, 7, 8, 8, 10, 12, 13, 13, 14, 15, 18))
    digits = checked(str(rng.randrange(10 ** (size - 1))).zfill(size - 1)).encode()
    mark = rng.choice((b"", b"]E0", b"]E4", b"]C1", b"]Q1"))
    data = mark + digits
    if rng.random() < 0.4:
        data = damaged(rng, data, (b"]E0", b"]", b"]C1"))
    return Case(bytes((kind, rng.randrange(2))) + data)


def check_scan(case: Case) -> str:
    """See Target: the identifier is one of ISO/IEC 15424 and fits the number of digits."""
    kind, carries, data = case.data[0], bool(case.data[1]), case.data[2:]
    found = ssi_frame.identified(kind, data, carries)
    if found is None:
        return REFUSED
    mark, text = found
    if not re.fullmatch(rb"\][A-Za-z][0-9]", mark) and not (carries and mark == data[:3]):
        raise Wrong(f"no identifier: {mark!r}")
    sizes = {b"]E0": (13,), b"]E3": (15, 18), b"]E4": (8,)}.get(mark)
    retail = kind & 0x3F in (8, 9, 10, 11, 16)
    if retail and not (carries and kind & 0xC0) and (sizes is None or len(text) not in sizes):
        raise Wrong(f"{mark!r} with {text!r}")
    if retail and sizes and not (carries and kind & 0xC0):
        plain = data[3:] if carries else data
        extra = {0x40: 2, 0x80: 5}.get(kind & 0xC0, 0)
        number, add_on = plain[: len(plain) - extra], plain[len(plain) - extra :]
        if kind & 0x3F in (9, 16) and len(number) == 8:  # UPC-E
            number = (upc_a(number.decode()) or "").encode()
        want = number if mark == b"]E4" else number.zfill(13) + add_on
        same((text, text.isdigit()), (want, True), "digits")
    if not retail and text not in (data, data[3:], b"01" + data, b"01" + data[3:]):
        raise Wrong(f"{text!r} out of {data!r}")
    return READ


TARGET_SCAN = Target(make_scan, check_scan)
