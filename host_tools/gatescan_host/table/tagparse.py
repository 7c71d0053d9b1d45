"""`gatescan tags parse`: one JSON line in, one identity out; bytes as from the wire."""

import json
from typing import Any

from gatescan.core.tags import barcode, rfid
from gatescan.core.tags.rdm6300 import Rdm6300Decoder
from gatescan.core.tags.scheme import NAMES, Tag, refused

_LATER = (
    "Input of kind '%s' is not supported by this version: use barcode, or reader rdm6300 or line."
)
_SUPPORTED_READERS = ("rdm6300", "line")
Frame = dict[str, Any]


class _Mistake(Exception):
    """The line cannot be evaluated; the text is the sentence."""


def parse_line(line: str) -> tuple[str, bool]:
    """One output line (JSON, no line end) for one input line, and whether it is an identity.

    Never raises for any text.
    """
    ident: Any = None
    frames: list[Frame] = []
    try:
        try:
            request = json.loads(line)
        except (ValueError, RecursionError):
            raise _Mistake("The line is not JSON: write one object a line.") from None
        if not isinstance(request, dict):
            raise _Mistake("The line is not a JSON object: write one object a line.")
        ident = request.get("id")
        tag, frames = _tag(request)
    except _Mistake as mistake:
        tag = refused(str(mistake))
    out = {
        "id": ident,
        "ok": tag.key is not None,
        "scheme": NAMES[tag.scheme],
        "gtin": tag.gtin,
        "serial": None,
        "ais": [],
        "uid": tag.uid,
        "key": tag.key.hex() if tag.key else None,
        "inferred": tag.inferred,
        "ambiguous": tag.ambiguous,
        "frames": frames,
        "error": tag.error,
    }
    return json.dumps(out), tag.key is not None


def _tag(request: dict[str, Any]) -> tuple[Tag, list[Frame]]:
    if "barcode" in request:
        text = request["barcode"]
        if not isinstance(text, str):
            raise _Mistake("'barcode' is not a text: put it in quotes.")
        return barcode.parse(text.encode("utf-8", "surrogatepass")), []
    for later in ("epc", "ndef"):
        if later in request:
            raise _Mistake(_LATER % later)
    if "reader" not in request:
        raise _Mistake("The line names no input: give barcode, or reader and hex.")
    reader = request["reader"]
    if reader not in _SUPPORTED_READERS:
        raise _Mistake(_LATER % reader)
    try:
        data = bytes.fromhex(request["hex"])
    except (KeyError, TypeError, ValueError):
        raise _Mistake("'hex' is missing or no hex: give the bytes from the wire.") from None
    return _rdm6300(data) if reader == "rdm6300" else _line(data)


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
        return rfid.em4100(agreed[0]), frames
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
