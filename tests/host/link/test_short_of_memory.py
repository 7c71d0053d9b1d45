"""Memory or a module that is missing costs the host an answer, never the scanner a task."""

import asyncio
import struct
from collections.abc import Generator, Iterator
from typing import Any

import pytest

from gatescan.app.link import server as subject
from gatescan.core.smp import cbor, message
from gatescan.core.smp.frame import FrameReader, encode_lines
from gatescan.core.smp.router import Router
from in_slices import finish

_ENOUGH_LOOKS = 5  # after the last part: what had to be answered was answered in between
_ECHO = struct.pack(">BBHHBB", 10, 0, 6, 0, 1, 0) + cbor.encode({"d": "hi"})


class _Line:
    """A stream that hands out what it was given and keeps what was written."""

    def __init__(self, *parts: bytes) -> None:
        self.parts = list(parts)
        self.written = b""
        self.silence = 0  # looks since the last part

    def readinto(self, buffer: bytearray) -> int | None:
        if not self.parts:
            self.silence += 1
            return None
        part = self.parts.pop(0)
        buffer[: len(part)] = part
        return len(part)

    def write(self, data: memoryview) -> int:
        self.written += bytes(data)
        return len(data)


def _serve(line: _Line, open_line: object) -> subject.LinkServer:
    """Serve until everything given was read and answered; a fault of the task is raised."""
    server = subject.LinkServer(line, open_line)  # type: ignore[arg-type]

    async def run() -> None:
        task = asyncio.create_task(server.serve())
        while line.silence < _ENOUGH_LOOKS and not task.done():
            await asyncio.sleep(0)
        task.cancel()
        await task

    with pytest.raises(asyncio.CancelledError):
        asyncio.run(run())
    return server


def _open() -> Generator[None, None, Any]:
    yield
    router = Router(2048)
    router.add(0, 0, write=lambda arguments: {"r": arguments["d"]})
    return FrameReader(2048), router


def test_no_room_to_open_the_line_costs_a_request():
    refusals = [MemoryError(), MemoryError()]

    def open_line() -> Generator[None, None, Any]:
        if refusals:
            raise refusals.pop()
        return (yield from _open())

    asked = encode_lines(_ECHO)
    line = _Line(asked, asked, asked)
    server = _serve(line, open_line)
    assert line.written.count(b"\n") == 1, "the third request found room"
    assert server.lost_answers == 2


def test_no_room_for_an_answer_costs_the_answer(monkeypatch):
    import gatescan.core.smp.frame as frame

    refusals = [MemoryError()]
    whole = frame.encode_lines

    def encode(answer: bytearray) -> bytes:
        if refusals:
            raise refusals.pop()
        return whole(answer)

    monkeypatch.setattr(frame, "encode_lines", encode)
    asked = whole(_ECHO)
    line = _Line(asked, asked)
    server = _serve(line, _open)
    assert line.written.count(b"\n") == 1 and server.lost_answers == 1


@pytest.mark.parametrize(
    ("fault", "code"),
    [(ImportError("no module"), message.E_UNKNOWN), (OSError(5), message.E_UNKNOWN),
     (ValueError("incompatible .mpy file"), message.E_UNKNOWN),
     (MemoryError(), message.E_NO_MEMORY)],
)  # fmt: skip
def test_a_group_that_cannot_be_loaded_is_an_answer(fault, code):
    def find(group: int) -> Iterator[None]:
        yield
        raise fault

    router = Router(2048, find)
    answer = finish(router.respond(memoryview(_ECHO)))
    assert answer is not None and cbor.decode(bytes(answer)[8:]) == {"rc": code}
    assert router.faults == (code == message.E_UNKNOWN)
