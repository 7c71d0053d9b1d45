"""Serves the host over the serial link: bytes in, requests to their handlers, answers out."""

import gc

from gatescan.app import heap
from gatescan.app.runtime import sleep_ms
from gatescan.core.compat import TYPE_CHECKING, const
from gatescan.drivers.ticks import ticks_diff, ticks_ms

if TYPE_CHECKING:
    from typing import Any, Callable

    from gatescan.core.smp.frame import FrameReader
    from gatescan.core.smp.router import Router, Slices

BUFFER_BYTES = const(2048)  # what clients read as buf_size; messages are 4 bytes shorter
_CHUNK_BYTES = const(256)
_POLL_MS = const(2)  # while a host talks
_IDLE_POLL_MS = const(20)
_PAUSE_MS = const(200)  # after so long without a byte no host is in the middle of something
_QUIET_MS = const(1000)  # a frame begun and silent this long is given up
_WRITE_PATIENCE_MS = const(500)  # a host that does not read loses the answer and asks again


class LinkServer:
    """One request at a time from `stream` (readinto and write that never block).

    `open_line()` gives, in slices, what reads frames and what answers them, when the first byte
    comes; `close` lets go of both.
    """

    def __init__(self, stream: "Any", open_line: "Callable[[], Slices]") -> None:
        self._stream = stream
        self._open_line = open_line
        self._line: tuple[FrameReader, Router] | None = None
        self._dropped = 0  # by the readers before the present one
        self._heard_ms = ticks_ms()
        self._talking = False  # a host has been heard a moment ago
        self.lost_answers = 0
        # called once, after the answer has gone out
        self.after_answer: Callable[[], None] | None = None

    @property
    def dropped(self) -> int:
        """Lines and frames refused since start."""
        return self._dropped + (self._line[0].dropped if self._line is not None else 0)

    @property
    def is_open(self) -> bool:
        """Whether a host has been heard since the last `close`."""
        return self._line is not None

    def close(self) -> None:
        """Forget the line until the next byte comes."""
        self._dropped = self.dropped
        self._line = None

    def silent_ms(self, now_ms: int) -> int:
        """How long nothing has been heard."""
        return ticks_diff(now_ms, self._heard_ms)

    async def serve(self) -> None:
        """Answer for ever."""
        chunk = bytearray(_CHUNK_BYTES)
        view = memoryview(chunk)
        while True:
            count = self._stream.readinto(chunk)
            if not count:
                await sleep_ms(self._silence(ticks_ms()))
                continue
            self._heard_ms = ticks_ms()
            self._talking = True
            try:
                await self._take(view[:count])
            except MemoryError:
                self._lost()
            await sleep_ms(0)

    def _silence(self, now_ms: int) -> int:
        """Nothing has come: how long to wait until the next look."""
        silent_ms = self.silent_ms(now_ms)
        if silent_ms > _QUIET_MS and self._line is not None:
            self._line[0].abandon()
        if self._talking and silent_ms > _PAUSE_MS:
            self._talking = False
            heap.tidy()
        return _POLL_MS if self._talking else _IDLE_POLL_MS

    async def _take(self, data: memoryview) -> None:
        """Answer the requests that end in `data`; readers and buttons have a look meanwhile."""
        if self._line is None:
            self._line = await _finish(self._open_line())
        reader, router = self._line
        while len(data):
            data = data[reader.feed(data) :]
            if reader.message is not None:
                answer = await _finish(router.respond(reader.message))
                if answer is not None:
                    await self._send(answer)

    def _lost(self) -> None:
        """The host asks again; at the gate nothing has happened that a guard should see."""
        self.lost_answers += 1
        gc.collect()

    async def _send(self, answer: bytearray) -> None:
        from gatescan.core.smp.frame import encode_lines

        try:
            left = memoryview(encode_lines(answer))
        except MemoryError:
            left = memoryview(b"")
            self._lost()
        begun_ms = ticks_ms()
        while len(left):
            count = self._stream.write(left)
            if count:
                left = left[count:]
            elif ticks_diff(ticks_ms(), begun_ms) > _WRITE_PATIENCE_MS:
                self._lost()
                break
            else:
                await sleep_ms(1)
        if self.after_answer is not None:
            action, self.after_answer = self.after_answer, None
            action()


async def _finish(slices: "Slices") -> "Any":
    """What comes at the end of `slices`; between them the other tasks run."""
    while True:
        try:
            next(slices)
        except StopIteration as end:
            return end.value
        await sleep_ms(0)
