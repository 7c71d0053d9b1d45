"""Barcode engines and tags that a simulated scanner may have: what is asked for."""

import re
from enum import StrEnum
from typing import Any

from gatescan_host.link.provisioning import Reader


class Engine(StrEnum):
    """KINDS of boards/simulator/sim_engines.py; a line only sends."""

    LINE = "line"
    GM65 = "gm65"
    GM861 = "gm861"
    M3Y = "m3y"
    SSI = "ssi"


_HEX = re.compile(r"(?:[0-9A-Fa-f]{2})*")
_KEY = (16,)
_NTAG_213_NDEF = range(142)  # what 36 pages hold beside the TLV around it
_NTAG_424_NDEF = range(255)
# Kind -> its parts in hex -> how many bytes each may have; those in _OPTIONAL may be absent.
_PARTS: dict[str, dict[str, tuple[int, ...] | range]] = {
    "uid": {"uid": (4, 7, 10)},
    "type2": {"uid": (7,), "ndef": _NTAG_213_NDEF, "tamper": (5,)},
    "type4": {"uid": (7,), "ndef": _NTAG_424_NDEF},
    "ntag424": {"uid": (7,), "file_key": _KEY, "meta_key": _KEY},
    "epc": {"epc": range(2, 63, 2)},
}
_OPTIONAL = ("ndef", "tamper", "meta_key")
_MAX_CTR = 0xFFFFFF


def checked(tag: dict[str, Any], reader: str) -> dict[str, Any]:
    """`tag` with what it needs and nothing else, for the simulated board to lay on `reader`.

    `kind` and the parts of that kind in hex; an "ntag424" has `ctr` too, the counter of its next
    message, and `status`, two letters or None. ValueError, with a sentence, where one is wrong.
    """
    kind = tag.get("kind")
    if kind not in _PARTS:
        raise ValueError(f"a tag's kind is one of {', '.join(_PARTS)}")
    if (kind == "epc") != (reader == Reader.R200) or reader == Reader.RDM6300:
        raise ValueError(f"the reader {reader} sees no tag of kind {kind}")
    made: dict[str, Any] = {"kind": kind}
    for name, sizes in _PARTS[kind].items():
        text = tag.get(name)
        if text is None and name in _OPTIONAL:
            continue
        if not isinstance(text, str) or not _HEX.fullmatch(text) or len(text) // 2 not in sizes:
            counts = f"{sizes[0]} to {sizes[-1]}" if len(sizes) > 1 else str(sizes[0])
            raise ValueError(f"a tag of kind {kind} needs {name}, {counts} bytes in hex")
        made[name] = text.lower()
    known = set(made) | set(_PARTS[kind])
    if kind == "ntag424":
        known |= {"ctr", "status"}
        made["ctr"], made["status"] = tag.get("ctr", 0), tag.get("status", "CC")
        if type(made["ctr"]) is not int or not 0 <= made["ctr"] <= _MAX_CTR:
            raise ValueError(f"a counter is 0 to {_MAX_CTR}")
        if made["status"] is not None and (
            not isinstance(made["status"], str) or not re.fullmatch("[A-Z]{2}", made["status"])
        ):
            raise ValueError("a status has two letters, like CC")
    if set(tag) - known:
        raise ValueError(f"a tag of kind {kind} has no {', '.join(sorted(set(tag) - known))}")
    return made
