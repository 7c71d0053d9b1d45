"""Serves the host over the serial link: bytes in, requests to their handlers, answers out."""


from gatescan.app.runtime import sleep_ms
from gatescan.core.compat import TYPE_CHECKING, const
from gatescan.core.smp.frame import FrameReader, encode_lines
from gatescan.drivers.ticks import ticks_diff, ticks_ms

if TYPE_CHECKING:
    from typing import Any, Callable

    from gatescan.core.smp.message import Router

BUFFER_BYTES = const(2048)  # what clients read as buf_size; messages are 4 bytes shorter
_CHUNK_BYTES = const(256)
_IDLE_POLL_MS = const(5)
_QUIET_MS = const(1000)  # a frame begun and silent this long is given up
_WRITE_PATIENCE_MS = const(500)  # a host that does not read loses the answer and asks again


class LinkServer:
    """One request at a time from `stream` (readinto and write that never block)."""

    def __init__(self, stream: "Any", router: "Router") -> None:
        self._stream = stream
        self._router = router
        self._reader = FrameReader(BUFFER_BYTES)
        self._requests: list = []
        self._heard_ms = ticks_ms()
        self.lost_answers = 0
        # called once, after the answer has gone out
        self.after_answer: Callable[[], None] | None = None

    @property
    def dropped(self) -> int:
        """Lines and frames refused since start."""
        return self._reader.dropped

    async def serve(self) -> None:
        """Answer for ever."""
        chunk = bytearray(_CHUNK_BYTES)
        view = memoryview(chunk)
        while True:
            count = self._stream.readinto(chunk)
            if not count:
                if ticks_diff(ticks_ms(), self._heard_ms) > _QUIET_MS:
                    self._reader.abandon()
                await sleep_ms(_IDLE_POLL_MS)
                continue
            self._heard_ms = ticks_ms()
            self._reader.feed(view[:count], self._take)
            while self._requests:
                await self._send(self._requests.pop(0))
            await sleep_ms(0)

    def _take(self, message: memoryview) -> None:
        answer = self._router.respond(message)
        if answer is not None:
            self._requests.append(answer)

    async def _send(self, answer: bytearray) -> None:
        left = memoryview(encode_lines(answer))
        begun_ms = ticks_ms()
        while len(left):
            count = self._stream.write(left)
            if count:
                left = left[count:]
            elif ticks_diff(ticks_ms(), begun_ms) > _WRITE_PATIENCE_MS:
                self.lost_answers += 1
                break
            else:
                await sleep_ms(1)
        if self.after_answer is not None:
            action, self.after_answer = self.after_answer, None
            action()
