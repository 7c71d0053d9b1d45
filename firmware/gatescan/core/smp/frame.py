"""SMP over console: base64 lines of at most 128 bytes that carry one checked frame.

First line 06 09, further lines 04 14, each ended by LF. The decoded body is u16be length
(message + 2), the message, u16be CRC-16/XMODEM over the message.
Source: Zephyr documentation, "SMP over console"; mcumgr transport/smp-console.md.
"""

import binascii
import struct

from gatescan.core.compat import const
from gatescan.core.smp.crc16 import crc16

_BODY_BYTES = const(93)  # bytes of a frame in one line: 124 base64 characters
_LINE_BYTES = const(160)  # longest line read; the protocol says 128, some clients add CR
_LF = b"\n"
_START = b"\x06\x09"
_GO_ON = b"\x04\x14"


class FrameReader:
    """Bytes from the wire in, whole messages out; anything else is dropped and counted.

    `feed` never raises and never keeps more than one line and one frame of at most
    `frame_bytes` message bytes.
    """

    def __init__(self, frame_bytes: int) -> None:
        self._line = bytearray(_LINE_BYTES)
        self._line_view = memoryview(self._line)
        self._line_used = 0
        self._frame = bytearray(frame_bytes + 4)
        self._view = memoryview(self._frame)
        self._used = 0
        self._need = 0  # body bytes announced, 0 = no frame begun
        self.message: memoryview | None = None  # the last `feed` ended with; valid up to the next
        self.dropped = 0  # lines and frames refused since start
        self.frames = 0  # frames delivered since start

    def feed(self, data: "bytes | memoryview") -> int:
        """Take `data` up to the end of its first whole message; how many bytes were taken.

        `message` is that message, None when there is none.
        """
        data = bytes(data)  # `find` and slices run in C, a loop over bytes would not
        self.message = None
        at = 0
        while self.message is None:
            end = data.find(_LF, at)
            if end < 0:
                self._collect(data[at:])
                return len(data)
            if self._line_used:
                self._collect(data[at:end])
                used, self._line_used = self._line_used, 0
                self._end_line(bytes(self._line_view[:used]))
            elif end > at:
                self._end_line(data[at:end])
            at = end + 1
        return at

    def _collect(self, part: bytes) -> None:
        room = _LINE_BYTES - self._line_used
        if len(part) > room:
            part = part[:room]  # too long: a line that fills the buffer is none
        self._line[self._line_used : self._line_used + len(part)] = part
        self._line_used += len(part)

    def abandon(self) -> None:
        """Forget a frame begun and never ended: the caller saw the line go quiet."""
        if self._line_used or self._need:
            self.dropped += 1
        self._line_used = 0
        self._need = 0

    def _end_line(self, line: bytes) -> None:
        # A torn line may run into the next frame's first one: the last start marker counts.
        start = line.rfind(_START)
        if len(line) >= _LINE_BYTES or (
            start < 0 and not (self._need and line.startswith(_GO_ON))
        ):
            self._drop()
            return
        try:
            part = binascii.a2b_base64(memoryview(line)[start + 2 if start >= 0 else 2 :])
        except ValueError:
            self._drop()
            return
        if start >= 0:
            part = self._begin(part)
        if self._used + len(part) > self._need or not part:
            self._drop()
            return
        self._frame[self._used : self._used + len(part)] = part
        self._used += len(part)
        if self._used == self._need:
            self._deliver()

    def _begin(self, part: bytes) -> bytes:
        if self._need:
            self.dropped += 1
        self._used = self._need = 0
        if len(part) < 2:
            return b""
        need = part[0] << 8 | part[1]
        if 2 < need <= len(self._frame) - 2:
            self._need = need
        return part[2:]

    def _deliver(self) -> None:
        used, self._need = self._used, 0
        # The CRC of a message followed by its own CRC is zero.
        if crc16(self._frame, used, 0):
            self.dropped += 1
            return
        self.frames += 1
        self.message = self._view[: used - 2]

    def _drop(self) -> None:
        self.dropped += 1
        self._need = 0


def encode_lines(message: "bytes | bytearray") -> bytes:
    """`message` as the lines that go on the wire."""
    body = struct.pack(">H", len(message) + 2) + message
    body += struct.pack(">H", crc16(message, len(message), 0))
    out = bytearray()
    for at in range(0, len(body), _BODY_BYTES):
        out.extend(_GO_ON if at else _START)
        out.extend(binascii.b2a_base64(body[at : at + _BODY_BYTES]))
    return bytes(out)
