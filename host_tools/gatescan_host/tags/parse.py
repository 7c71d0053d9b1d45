"""`gatescan tags parse`: one JSON line in, one identity out."""

from typing import Any

from gatescan.core.tags import barcode, epc, ndef
from gatescan.core.tags.names import NAMES
from gatescan.core.tags.scheme import refused
from gatescan_host import json_lines
from gatescan_host.json_lines import LineError
from gatescan_host.tags.frames import Frame, Read
from gatescan_host.tags.wires import READERS

_MAX_BYTES = 1 << 16  # of one input; a reader's longest answer has some hundred


def parse_line(line: str) -> tuple[str, bool]:
    """One output line (JSON, no line end) for one input line, and whether it is an identity.

    Never raises for any text.
    """
    ident: Any = None
    frames: list[Frame] = []
    try:
        request = json_lines.request(line)
        ident = request.get("id")
        tag, frames = _tag(request)
    except LineError as mistake:
        tag = refused(str(mistake))
    out = {
        "id": ident,
        "ok": tag.key is not None,
        "scheme": NAMES[tag.scheme],
        "gtin": tag.gtin,
        "serial": tag.serial,
        "ais": [list(pair) for pair in tag.ais],
        "uid": tag.uid,
        "key": tag.key.hex() if tag.key else None,
        "inferred": tag.inferred,
        "ambiguous": tag.ambiguous,
        "frames": frames,
        "error": tag.error,
    }
    return json_lines.written(out), tag.key is not None


def _tag(request: dict[str, Any]) -> Read:
    given = [name for name in ("barcode", "epc", "ndef", "reader") if name in request]
    if len(given) != 1:
        raise LineError(
            "The line names no input, or several: give one of barcode, epc, ndef, or reader"
            " with hex."
        )
    if given == ["barcode"]:
        text = request["barcode"]
        if not isinstance(text, str):
            raise LineError("'barcode' is not a text: put it in quotes.")
        return barcode.parse(text.encode("utf-8", "surrogatepass")), []
    if given == ["epc"]:
        return epc.read(_bytes(request, "epc")), []
    if given == ["ndef"]:
        return ndef.read(_bytes(request, "ndef")), []
    reader = request["reader"]
    if not isinstance(reader, str) or reader not in READERS:
        raise LineError(f"This reader is not known: use one of {', '.join(READERS)}.")
    return READERS[reader](_bytes(request, "hex"))


def _bytes(request: dict[str, Any], name: str) -> bytes:
    text = request.get(name)
    if not isinstance(text, str):
        raise LineError(f"'{name}' is missing or no text: give the bytes as hex digits in quotes.")
    if len(text) > 2 * _MAX_BYTES:
        raise LineError(f"'{name}' is too long: give at most {_MAX_BYTES} bytes.")
    try:
        # TDS annex E.3 prints EPCs of an odd number of digits; a tag has whole bytes.
        return bytes.fromhex(text + "0" * (name == "epc" and len(text) & 1))
    except ValueError:
        raise LineError(f"'{name}' is no hex: give two hex digits a byte.") from None
