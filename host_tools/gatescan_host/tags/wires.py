"""What readers send: bytes from the wire -> frames, and the identity that they agree on."""

from collections.abc import Callable
from typing import Any

from gatescan.core.tags import barcode, em4100
from gatescan.core.tags.rdm6300 import Rdm6300Decoder
from gatescan.core.tags.scheme import Tag, refused

Frame = dict[str, Any]  # hex, ok, error


def _rdm6300(data: bytes) -> tuple[Tag, list[Frame]]:
    """Frames of the wire; an identity is an id that two frames in a row agree on."""
    decoder = Rdm6300Decoder()
    frames: list[Frame] = []
    seen = bytearray()
    last: int | None = None
    agreed: list[int] = []
    good = 0
    for byte in data:
        bad = decoder.bad
        found = decoder.feed(byte)
        if decoder.bad > bad:
            if byte == 2:  # the new frame begins here; the lost one ends before
                _bad_frame(frames, seen)
                seen = bytearray((byte,))
            else:
                seen.append(byte)
                _bad_frame(frames, seen)
                seen = bytearray()
            last = None
            continue
        if byte == 2:
            seen = bytearray()
        seen.append(byte)
        if found is not None:
            frames.append({"hex": seen.hex().upper(), "ok": True, "error": None})
            seen = bytearray()
            good += 1
            if found == last and found not in agreed:
                agreed.append(found)
            last = found
    if seen[:1] == b"\x02":
        _bad_frame(frames, seen)
    if len(agreed) == 1:
        return em4100.read(agreed[0]), frames
    if agreed:
        return refused("Two tags were read at once: hold one tag to the reader."), frames
    if good:
        return refused("One read is no identity: hold the tag still for a second read."), frames
    return refused("No well-formed frame was read: hold the tag to the reader again."), frames


def _bad_frame(frames: list[Frame], seen: bytearray) -> None:
    sentence = "The frame is damaged: length, characters or checksum do not fit."
    frames.append({"hex": seen.hex().upper(), "ok": False, "error": sentence})


def _line(data: bytes) -> tuple[Tag, list[Frame]]:
    """Lines of a barcode engine, each ended by CR, LF or both."""
    frames: list[Frame] = []
    lines: list[bytes] = []
    for raw in data.replace(b"\n", b"\r").split(b"\r")[:-1]:
        if raw:
            lines.append(raw)
            frames.append({"hex": raw.hex().upper(), "ok": True, "error": None})
    rest = data.replace(b"\n", b"\r").split(b"\r")[-1]
    if rest:
        sentence = "The line has no end: the engine must send CR after a barcode."
        frames.append({"hex": rest.hex().upper(), "ok": False, "error": sentence})
    if len(set(lines)) == 1:
        return barcode.parse(lines[0]), frames
    if lines:
        return refused("Several different barcodes were read: scan one at a time."), frames
    return refused("No complete line was read: scan the barcode again."), frames


READERS: dict[str, Callable[[bytes], tuple[Tag, list[Frame]]]] = {
    "rdm6300": _rdm6300,
    "line": _line,
}
