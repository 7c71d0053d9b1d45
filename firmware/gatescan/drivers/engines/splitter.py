"""Takes an engine's stream apart: frames that answer us, and the bytes of scans.

An engine answers while it scans, so replies stand between codes. A frame counts only with a right
check; everything else is the text of a scan, in order.
"""

from gatescan.core.compat import TYPE_CHECKING, const
from gatescan.core.frames import engine_frames as frames
from gatescan.drivers.ticks import ticks_diff

if TYPE_CHECKING:
    from typing import Callable

    from gatescan.drivers.barcode_line import LineAssembler

_GAP_MS = const(30)  # silence inside a frame: it lost its end; 28 bytes at 9600 baud
_BUFFER_BYTES = const(272)
_GM65_STARTS = b"\x02\x03"
_M3Y_START = const(0x5A)
_CR = const(13)
_LF = const(10)


class Splitter:
    """`feed` bytes; scans go to `lines`, frames with a right check to `on_frame(kind, frame)`."""

    def __init__(
        self, lines: "LineAssembler", on_frame: "Callable[[int, memoryview], None]"
    ) -> None:
        self._lines = lines
        self._on_frame = on_frame
        self._buffer = bytearray(_BUFFER_BYTES)
        self._view = memoryview(self._buffer)
        self._at = 0
        self._end = 0
        self._last_ms = 0
        self.kind = 0  # the engine that was found, one of frames.GM65, M3Y, SSI; 0 not known
        self.asked = False  # a question waits for its answer: frames of every kind may come
        self.sent = b""  # the question; a line joined to itself sends it back
        self.packets_only = False  # the engine packs its scans: text between packets is noise
        self.noise = 0  # bytes between packets
        self.bad = 0  # frames with a wrong check or without an end
        self.echoes = 0

    @property
    def holding(self) -> bool:
        """Whether a frame has begun and not ended."""
        return self._at < self._end

    def clear(self) -> None:
        """Forget a frame that has begun: the line changes its speed."""
        self._at = self._end = 0

    def feed(self, data: "bytearray | bytes", count: int, now_ms: int) -> None:
        """Take the first `count` bytes of `data`, which arrived by `now_ms`."""
        self.tick(now_ms)
        self._last_ms = now_ms
        start = 0
        if not self.holding and not self.asked and not self.packets_only:
            while start < count and not self._may_start(data[start]):
                start += 1
            if start:
                self._lines.feed(data, start, now_ms)
        for i in range(start, count):
            if self._end == _BUFFER_BYTES:
                self._move_down()
            self._buffer[self._end] = data[i]
            self._end += 1
            self._settle(now_ms, False)

    def tick(self, now_ms: int) -> None:
        """Let go of a frame whose end is overdue."""
        if self._at < self._end and ticks_diff(now_ms, self._last_ms) > _GAP_MS:
            self._settle(now_ms, True)

    def _may_start(self, byte: int) -> bool:
        if self.asked or self.kind == frames.SSI:
            return True
        if self.kind == frames.M3Y:
            return byte == _M3Y_START
        return self.kind == frames.GM65 and byte in _GM65_STARTS

    def _settle(self, now_ms: int, overdue: bool) -> None:
        """Take what is decided from the front of the buffer; `overdue`: nothing more will come."""
        while self._at < self._end:
            whole = self._whole()
            if whole > self._end - self._at or not whole:
                if not overdue:
                    return
                if whole:
                    self.bad += 1
                whole = frames.NO_FRAME
            if whole != frames.NO_FRAME and self._deliver(whole):
                continue
            if self.packets_only:
                self.noise += 1
            else:
                self._lines.feed(self._view[self._at : self._at + 1], 1, now_ms)
            self._at += 1
        self._at = self._end = 0

    def _whole(self) -> int:
        """Length of the frame at the front, 0 when that is open, NO_FRAME for none."""
        at, end, buffer = self._at, self._end, self._buffer
        first = buffer[at]
        growing = self._lines.growing
        if growing and (first in (_CR, _LF) or not self.asked) and self.kind != frames.SSI:
            return frames.NO_FRAME  # the end of a scan does not wait; inside it nobody answers
        own = self.sent
        if self.asked and own and first == own[0]:
            count = min(end - at, len(own))
            if bytes(self._view[at : at + count]) == own[:count]:
                return len(own)
        if first in _GM65_STARTS and (self.asked or self.kind == frames.GM65):
            return frames.gm65_length(buffer, at, end)
        if first == _M3Y_START and (self.asked or self.kind == frames.M3Y):
            whole = frames.m3y_length(buffer, at, end)
            if whole != frames.NO_FRAME:
                return whole
        if self.asked or self.kind == frames.SSI:
            return frames.ssi_length(buffer, at, end)
        return frames.NO_FRAME

    def _deliver(self, whole: int) -> bool:
        """Hand on the frame at the front if its check is right."""
        at = self._at
        end = at + whole
        first = self._buffer[at]
        if self.asked and bytes(self._view[at:end]) == self.sent:
            self.echoes += 1
            self._at = end
            return True
        if first in _GM65_STARTS and frames.gm65_ok(self._buffer, at, end):
            kind = frames.GM65
        elif first == _M3Y_START and frames.m3y_ok(self._buffer, at, end):
            kind = frames.M3Y
        elif frames.ssi_length(self._buffer, at, end) == whole and frames.ssi_ok(
            self._buffer, at, end
        ):
            kind = frames.SSI
        else:
            self.bad += 1
            return False
        self._at = end
        self._on_frame(kind, self._view[at:end])
        return True

    def _move_down(self) -> None:
        count = self._end - self._at
        self._buffer[:count] = self._buffer[self._at : self._end]
        self._at = 0
        self._end = count
