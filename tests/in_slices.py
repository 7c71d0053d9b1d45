"""For tests: work in slices done in one go, and frames read as they come."""

from collections.abc import Generator, Iterator
from typing import Any

from gatescan.core.smp.frame import FrameReader


def finish(slices: Generator[None, None, Any]) -> Any:
    """What comes at the end of `slices`."""
    while True:
        try:
            next(slices)
        except StopIteration as end:
            return end.value


def messages(reader: FrameReader, data: bytes) -> Iterator[bytes]:
    """The whole messages that end in `data`."""
    while data:
        data = data[reader.feed(data) :]
        if reader.message is not None:
            yield bytes(reader.message)
