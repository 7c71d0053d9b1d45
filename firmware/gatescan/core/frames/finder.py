"""Finds whole frames in a stream: the same ones, whatever pieces it comes in."""

from gatescan.core.compat import TYPE_CHECKING, const

if TYPE_CHECKING:
    from typing import Callable

MORE = const(0)  # what is there may be the beginning of a frame
NOISE = const(-1)  # no frame begins here
BROKEN = const(-2)  # one began, and its length, check or end is wrong


class Frames:
    """`inspect(buffer, at, end)` gives the length of the frame at `at`, or one of the above.

    A frame that is broken costs its first byte only and the rest is looked at again: a good frame
    behind a damaged length is found. `inspect` must not ask for more than `size` bytes.
    """

    def __init__(self, size: int, inspect: "Callable[[bytearray, int, int], int]") -> None:
        self._buffer = bytearray(size)
        self._view = memoryview(self._buffer)
        self._inspect = inspect
        self._at = 0  # first byte not looked at
        self._end = 0
        self.bad = 0  # frames that were broken

    def feed(self, data: "bytes | bytearray | memoryview", at: int, end: int) -> int:
        """Take bytes of `data` from `at` on; returns how far it came (call `take`, go on)."""
        if self._at:
            left = self._end - self._at
            self._buffer[:left] = self._buffer[self._at : self._end]
            self._at, self._end = 0, left
        count = min(end - at, len(self._buffer) - self._end)
        self._buffer[self._end : self._end + count] = memoryview(data)[at : at + count]
        self._end += count
        return at + count

    def take(self) -> "memoryview | None":
        """The next whole frame, good until the next `feed`, or None."""
        while self._at < self._end:
            length = self._inspect(self._buffer, self._at, self._end)
            if length == MORE:
                break
            if length > 0:
                start = self._at
                self._at += length
                return self._view[start : self._at]
            if length == BROKEN:
                self.bad += 1
            self._at += 1
        return None

    @property
    def pending(self) -> int:
        """Bytes of a frame that is not whole yet."""
        return self._end - self._at

    def skip(self) -> None:
        """Its end does not come: drop the first byte of what waits; `take` looks again."""
        if self._at < self._end:
            self._at += 1
            self.bad += 1

    def clear(self) -> None:
        """Drop everything."""
        self._at = self._end = 0
