"""Barcode engines that send a code as a line of text over a UART (GM65 family, DE2120, Zebra raw).

A line ends with CR, LF or both. Hostile or broken input costs a counter, never memory or a wrong
line: a code is short, arrives in one go and holds no control characters but GS and its kin.
"""

from gatescan.core.compat import TYPE_CHECKING, const
from gatescan.drivers.ticks import ticks_diff

if TYPE_CHECKING:
    from typing import Protocol

    class Uart(Protocol):
        """What the driver needs of a UART; `readinto` never waits."""

        def readinto(self, __buf: bytearray) -> "int | None":
            """Fill the buffer with what has arrived; None or 0 when nothing has."""

        def write(self, __data: bytes) -> "int | None":
            """Send to the device; returns how many bytes went."""


MAX_LINE_BYTES = const(128)  # five of them: a board has no RAM for longer web addresses
_QUEUE = const(4)  # finished lines that wait; a guard scans one item at a time
_QUIET_MS = const(10)  # silence that ends a scan: ten bytes at 9600 baud, no person is as fast
_IDLE_MS = const(500)  # a half line older than this lost its end
_CHUNK_BYTES = const(64)
_CHUNKS_A_TICK = const(16)  # bounds one tick: 1 kB, more than the UART's ring holds
_CR = const(13)
_LF = const(10)
# EOT, TAB and FS to US appear inside codes (ISO/IEC 15434, GS1 element strings).
_ALLOWED_CONTROLS = b"\x04\x09\x1c\x1d\x1e\x1f"
_BRACKET = const(0x5D)
_NOT_TOLD = b"]X0"  # some symbology
_TAKE = const(0)  # inside a good line
_SKIP = const(1)  # inside a line that is lost, up to its end


def as_content(line: bytes) -> bytes:
    """A line of an engine that gives no AIM identifiers: nobody may print one into a barcode.

    Content that begins with `]` gets `]X0` before it.
    """
    return _NOT_TOLD + line if line[0] == _BRACKET else line


class LineAssembler:
    """Bytes in, whole lines out; every buffer is made once."""

    def __init__(self) -> None:
        self._lines = [bytearray(MAX_LINE_BYTES) for _ in range(_QUEUE + 1)]
        self._lengths = [0] * (_QUEUE + 1)
        self._times = [0] * (_QUEUE + 1)
        self._first = 0  # oldest finished line
        self._fill = 0  # the line that grows
        self._length = 0
        self._state = _TAKE
        self._last_ms = 0
        self.taken_ms = 0  # when the last byte of the line last taken arrived
        self.received = 0  # whole lines
        self.dropped = 0  # whole lines for which the queue had no room
        self.overlong = 0
        self.half = 0  # lines whose end did not come in time
        self.garbage = 0  # control characters and line noise

    def feed(self, data: "bytes | bytearray | memoryview", count: int, now_ms: int) -> None:
        """Take the first `count` bytes of `data`, which arrived by `now_ms`."""
        self.tick(now_ms)
        self._last_ms = now_ms
        for i in range(count):
            self._byte(data[i], now_ms)

    def tick(self, now_ms: int) -> None:
        """Drop a line whose end is overdue."""
        if (self._length or self._state == _SKIP) and (
            ticks_diff(now_ms, self._last_ms) > _IDLE_MS
        ):
            if self._state == _TAKE:
                self.half += 1
            self._length = 0
            self._state = _TAKE

    @property
    def last_ms(self) -> int:
        """When the last byte arrived."""
        return self._last_ms

    @property
    def growing(self) -> bool:
        """Whether a line has begun and not ended."""
        return self._length > 0 or self._state == _SKIP

    def clear(self) -> None:
        """Drop every line, finished or not; what still comes of the last one is skipped."""
        if self.growing:
            self._state = _SKIP
        self._length = 0
        self._first = self._fill

    def waiting(self) -> int:
        """Number of finished lines."""
        return (self._fill - self._first) % (_QUEUE + 1)

    def take(self) -> "bytes | None":
        """The oldest finished line, or None; `taken_ms` then tells when it was complete."""
        if self._first == self._fill:
            return None
        at = self._first
        self._first = (at + 1) % (_QUEUE + 1)
        self.taken_ms = self._times[at]
        return bytes(memoryview(self._lines[at])[: self._lengths[at]])

    def _byte(self, byte: int, now_ms: int) -> None:
        if byte in (_CR, _LF):
            if self._state == _TAKE and self._length:
                self._finish(now_ms)
            self._length = 0
            self._state = _TAKE
        elif (byte < 0x20 and byte not in _ALLOWED_CONTROLS) or byte == 0x7F:
            self.garbage += 1
            # Noise before a line costs nothing (engines send it at power-on); inside, the line
            # may have lost a digit as well, so it is not to be trusted.
            if self._length:
                self._length = 0
                self._state = _SKIP
        elif self._state == _TAKE:
            if self._length == MAX_LINE_BYTES:
                self.overlong += 1
                self._length = 0
                self._state = _SKIP
            else:
                self._lines[self._fill][self._length] = byte
                self._length += 1

    def _finish(self, now_ms: int) -> None:
        self.received += 1
        after = (self._fill + 1) % (_QUEUE + 1)
        if after == self._first:
            # The older lines stand first in time and stay; the guard scans the item again.
            self.dropped += 1
            return
        self._lengths[self._fill] = self._length
        self._times[self._fill] = now_ms
        self._fill = after


class BarcodeLine:
    """A line engine on a UART; call `tick` often, then `take` until it gives None."""

    def __init__(self, uart: "Uart", before: "BarcodeLine | None" = None) -> None:
        """`before`: whose lines and counts this one goes on with."""
        self.uart = uart
        self._chunk: bytearray = before._chunk if before else bytearray(_CHUNK_BYTES)
        self.lines: LineAssembler = before.lines if before else LineAssembler()
        # scans dropped because they held more than one line
        self.bursts: int = before.bursts if before else 0
        # bytes since the start: whether there is a reader at all
        self.heard: int = before.heard if before else 0

    def tick(self, now_ms: int) -> None:
        """Read what has arrived; never waits."""
        self._receive(now_ms)
        self.lines.tick(now_ms)

    def _receive(self, now_ms: int) -> None:
        for _ in range(_CHUNKS_A_TICK):
            count = self.uart.readinto(self._chunk)
            if not count:
                break
            self.heard += count
            self._hear(count, now_ms)

    def _hear(self, count: int, now_ms: int) -> None:
        """Take what has come into the chunk."""
        self.lines.feed(self._chunk, count, now_ms)

    @property
    def busy(self) -> bool:
        """Whether a line grows or waits for the end of its scan."""
        return self.lines.growing or self.lines.waiting() > 0

    def take(self, now_ms: int) -> "bytes | None":
        """The line of a scan without its end, or None; a scan is over after a short silence.

        A 2-D code may hold line ends of its own and would be several scans at once: a card, a
        seal, a command. A person cannot scan that fast, so a burst of lines is none at all.
        """
        lines = self.lines
        if not lines.waiting() or ticks_diff(now_ms, lines.last_ms) < _QUIET_MS:
            return None
        if lines.waiting() > 1 or lines.growing:
            lines.clear()
            self.bursts += 1
            return None
        return lines.take()
