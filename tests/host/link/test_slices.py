"""Requests whose work takes long: others run meanwhile, and nothing of the request is lost."""

import asyncio
import struct
from collections.abc import Generator
from typing import Any

import pytest

from gatescan.app.link.server import LinkServer
from gatescan.core.smp import cbor
from gatescan.core.smp.frame import FrameReader, encode_lines
from gatescan.core.smp.router import Router
from in_slices import messages

_SLICES = 5


class _Wire:
    """All requests come in one read; answers are kept."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.written = b""

    def readinto(self, buffer: bytearray) -> int:
        part, self.data = self.data[: len(buffer)], self.data[len(buffer) :]
        buffer[: len(part)] = part
        return len(part)

    def write(self, data: memoryview) -> int:
        self.written += bytes(data)
        return len(data)


def _request(sequence: int, data: bytes) -> bytes:
    body = cbor.encode({"d": data})
    return encode_lines(struct.pack(">BBHHBB", 10, 0, len(body), 0, sequence, 0) + body)


def test_requests_right_behind_one_another_keep_their_contents():
    def slow(arguments: dict) -> Generator[None, None, Any]:
        for _ in range(_SLICES):
            yield
        return {"r": arguments["d"]}

    def open_line() -> Generator[None, None, Any]:
        yield
        router = Router(2048)
        router.add(0, 0, write=slow)
        return FrameReader(2048), router

    sent = [bytes((number,)) * 20 for number in range(5)]
    wire = _Wire(b"".join(_request(number, data) for number, data in enumerate(sent)))
    looks = 0

    async def reader() -> None:
        nonlocal looks
        while True:
            looks += 1
            await asyncio.sleep(0)

    async def run() -> None:
        other = asyncio.create_task(reader())
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(LinkServer(wire, open_line).serve(), 0.3)
        other.cancel()

    asyncio.run(run())
    answers = [cbor.decode(one[8:])["r"] for one in messages(FrameReader(2048), wire.written)]
    assert [bytes(answer) for answer in answers] == sent
    assert looks >= _SLICES * len(sent)
