"""A frame off the wire as `gatescan tags parse` tells it."""

from typing import Any

from gatescan.core.tags.scheme import Tag

Frame = dict[str, Any]  # hex, ok, error
Read = tuple[Tag, list[Frame]]  # what the bytes identify, and the frames in them


def frame(data: bytes | bytearray | memoryview, error: str | None = None) -> Frame:
    """One frame; `error` says what is wrong with it."""
    return {"hex": bytes(data).hex().upper(), "ok": error is None, "error": error}
