"""What barcode engines send: bytes from the wire -> lines and frames, and the identity in them."""

from collections.abc import Callable
from functools import partial

from gatescan.core.frames import engine_frames as framing
from gatescan.core.frames import ssi_frame
from gatescan.core.tags import barcode
from gatescan.core.tags.scheme import refused
from gatescan_host.tags.frames import Frame, Read, frame

_NO_END = "The line has no end: the engine must send CR after a barcode."
_DAMAGED = "The frame is damaged: its check does not fit."
_UNFIT = "Type and content of the packet disagree: scan the barcode again."

Length = Callable[[bytearray, int, int], int]
Check = Callable[[bytearray, int, int], bool]


def line(data: bytes) -> Read:
    """Lines of an engine that sends nothing else, each ended by CR, LF or both."""
    out: list[Frame] = []
    lines: list[bytes] = []
    _take_lines(data, out, lines, True)
    return _identity(out, lines)


def _take_lines(data: bytes, out: list[Frame], lines: list[bytes], last: bool) -> None:
    """Add the lines in `data`; what has no end is one as well, unless more may follow."""
    *whole, rest = data.replace(b"\n", b"\r").split(b"\r")
    for raw in whole:
        if raw:
            lines.append(raw)
            out.append(frame(raw))
    if rest and last:
        out.append(frame(rest, _NO_END))


def _identity(out: list[Frame], lines: list[bytes]) -> Read:
    if len(set(lines)) == 1:
        return barcode.parse(lines[0]), out
    if lines:
        return refused("Several different barcodes were read: scan one at a time."), out
    return refused("No complete line was read: scan the barcode again."), out


def _mixed(starts: bytes, length: Length, check: Check, data: bytes) -> Read:
    """Lines of scans with frames that answer commands between them, as a driver splits them."""
    out: list[Frame] = []
    lines: list[bytes] = []
    buffer = bytearray(data)
    text = at = 0
    while at < len(buffer):
        size = length(buffer, at, len(buffer)) if buffer[at] in starts else framing.NO_FRAME
        if size <= 0 or at + size > len(buffer):
            at += 1
            continue
        _take_lines(data[text:at], out, lines, True)
        good = check(buffer, at, at + size)
        out.append(frame(data[at : at + size], None if good else _DAMAGED))
        at += size
        text = at
    _take_lines(data[text:], out, lines, True)
    return _identity(out, lines)


def ssi(data: bytes) -> Read:
    """Packets of Zebra's Simple Serial Interface; a scan is one of them."""
    out: list[Frame] = []
    lines: list[bytes] = []
    buffer = bytearray(data)
    at = 0
    while at < len(buffer):
        size = framing.ssi_length(buffer, at, len(buffer))
        if size <= 0 or at + size > len(buffer) or not framing.ssi_ok(buffer, at, at + size):
            at += 1
            continue
        packet = data[at : at + size]
        at += size
        out.append(frame(packet))
        if packet[1] != ssi_frame.DECODE_DATA:
            continue
        content = packet[ssi_frame.DATA_AT : -2]
        told = content[1:2] == b"]"
        found = ssi_frame.identified(content[0], content[1:], told) if content else None
        if found is None:
            out[-1].update(ok=False, error=_UNFIT)
        else:
            lines.append(found[0] + found[1])
    if not out and data:
        out.append(frame(data, _DAMAGED))
    return _identity(out, lines)


gm65 = partial(_mixed, b"\x02\x03", framing.gm65_length, framing.gm65_ok)
m3y = partial(_mixed, b"\x5a", framing.m3y_length, framing.m3y_ok)
