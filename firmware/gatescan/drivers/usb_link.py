"""The serial link over standard input and output, a board's own USB: bytes without waiting."""

import select
import sys

import micropython
from gatescan.core.compat import TYPE_CHECKING, const

if TYPE_CHECKING:
    from typing import Any

_CHUNK_BYTES = const(64)  # one USB packet; what `write` sends at most in a call


class UsbLink:
    """Takes standard input and output over; Ctrl-C is a byte like others."""

    def __init__(self) -> None:
        # Any: CPython's types know neither ipoll nor readinto here.
        self._in: Any = sys.stdin.buffer
        self._out: Any = sys.stdout.buffer
        self._one = bytearray(1)
        self._readable: Any = select.poll()
        self._readable.register(sys.stdin, select.POLLIN)
        self._writable: Any = select.poll()
        self._writable.register(sys.stdout, select.POLLOUT)
        micropython.kbd_intr(-1)

    def readinto(self, buf: bytearray) -> "int | None":
        """Fill `buf` with what has arrived; None when nothing has.

        Byte by byte: the stream would wait for the rest of a longer read.
        """
        one = self._one
        count = 0
        while count < len(buf) and self._ready(self._readable):
            self._in.readinto(one)
            buf[count] = one[0]
            count += 1
        return count or None

    def write(self, view: "bytes | memoryview") -> "int | None":
        """Send up to 64 bytes of `view`; the number sent, None while the host does not read."""
        if not self._ready(self._writable):
            return None
        return self._out.write(view if len(view) <= _CHUNK_BYTES else view[:_CHUNK_BYTES])

    @staticmethod
    def _ready(poll: "Any") -> bool:
        for _ in poll.ipoll(0):  # any() would build a generator for every byte
            return True
        return False
