"""`gatescan seals check`: one message of a seal in as a JSON line, what it proves out.

`ok` means "intact" and nothing less: a script that looks at it alone fails closed. A genuine and
fresh message is intact in two cases: its encrypted part begins with CC, or the seal mirrors no
encrypted part at all (`enc_file` null: an NTAG 424 DNA without a loop, as in AN12196 §3.4.4.2.1),
and then `tamper` is null. An encrypted part without a status is a loop nobody has heard of:
unreadable, though `uid` and `ctr` are proven. So that a message does not pass for one of the
first kind because its encrypted part got lost, a MAC input that holds one is refused without it.
"""

import difflib
import re
from typing import Any

from gatescan.core.codes import SO_CLONED, SO_INTACT, SO_OPENED, SO_UNREADABLE
from gatescan.core.seals import sun
from gatescan.core.seals.outcome import Outcome, unreadable
from gatescan_host import json_lines
from gatescan_host.json_lines import LineError
from gatescan_host.seals.aes import Aes

NAMES = {
    SO_INTACT: "intact",
    SO_OPENED: "opened",
    SO_CLONED: "cloned_or_replayed",
    SO_UNREADABLE: "unreadable",
}
_FIELDS = (
    "id", "sdmmac", "file_key", "mac_input", "enc_file", "picc_enc", "meta_key", "uid", "ctr",
    "last_ctr",
)  # fmt: skip
_HEX = re.compile(r"(?:[0-9A-Fa-f]{2})*")
_COUNTER = re.compile(r"[0-9A-Fa-f]{1,6}")
_ENCRYPTED = re.compile(rb"[0-9A-Fa-f]{32}")


def check_line(line: str) -> tuple[str, bool]:
    """One output line (JSON, no line end) for one input line, and whether the seal is intact.

    Never raises for any text.
    """
    ident: Any = None
    try:
        request = json_lines.request(line)
        ident = request.get("id")
        _no_mistyped(request)
        outcome = _outcome(request)
    except LineError as mistake:
        outcome = unreadable(str(mistake))
    ok = outcome.found == SO_INTACT
    out = {
        "id": ident,
        "ok": ok,
        "outcome": NAMES[outcome.found],
        "uid": outcome.uid.hex().upper() if outcome.uid else None,
        "ctr": outcome.ctr,
        "tamper": outcome.tamper,
        "error": outcome.error,
    }
    return json_lines.written(out), ok


def _no_mistyped(request: dict[str, Any]) -> None:
    """Others may add fields of their own; one that is nearly ours would be left out of the check.

    Without last_ctr, say, nothing is a replay.
    """
    for name in request:
        meant = difflib.get_close_matches(name.lower(), _FIELDS, 1, 0.7)
        if meant and name not in _FIELDS:
            raise LineError(f"The field {name!r} is not known: write {meant[0]!r}.")


def _outcome(request: dict[str, Any]) -> Outcome:
    sdmmac = _bytes(request, "sdmmac", sun.MAC_BYTES)
    file_key = _bytes(request, "file_key", 16)
    mac_input = _covered(request)
    enc_file = _bytes(request, "enc_file")
    picc_enc = _bytes(request, "picc_enc")
    last_ctr = _counter(request, "last_ctr")
    if sdmmac is None or file_key is None:
        raise LineError("sdmmac or file_key is missing: give the seal's MAC and its key.")
    if enc_file is None and _hides_file(mac_input, picc_enc):
        raise LineError("The MAC covers encrypted file data that is not there: give enc_file.")
    if picc_enc is None:
        uid, ctr = _bytes(request, "uid", sun.UID_BYTES), _counter(request, "ctr")
        if uid is None or ctr is None:
            raise LineError("The message has no picc_enc: give it, or uid and ctr as mirrored.")
    else:
        meta_key = _bytes(request, "meta_key", 16)
        if meta_key is None:
            raise LineError("meta_key is missing: give the key of the PICC data.")
        found = sun.picc_data(Aes, meta_key, picc_enc)
        if isinstance(found, Outcome):
            return found
        uid, ctr = found
    return sun.verify(
        Aes, file_key, uid, ctr, sdmmac, mac_input, enc_file,
        last_ctr=sun.NO_COUNTER if last_ctr is None else last_ctr,
        has_loop=enc_file is not None,
    )  # fmt: skip


def _bytes(request: dict[str, Any], name: str, length: int | None = None) -> bytes | None:
    """A field of hex digits as bytes, None where it is absent; raises LineError."""
    text = request.get(name)
    if text is None:
        return None
    if not isinstance(text, str) or not _HEX.fullmatch(text):
        raise LineError(f"{name} is not hex: give pairs of hex digits, nothing between them.")
    if length is not None and len(text) != 2 * length:
        raise LineError(f"{name} has not {2 * length} hex digits: give {length} bytes.")
    return bytes.fromhex(text)


def _covered(request: dict[str, Any]) -> bytes:
    """What the MAC covers: hex of its text, or the text, which has a &."""
    text = request.get("mac_input")
    if isinstance(text, str) and "&" in text and text.isascii():
        return text.encode()
    return _bytes(request, "mac_input") or b""


def _counter(request: dict[str, Any], name: str) -> int | None:
    """A counter as a number, or in hex as the tag mirrors it, most significant digit first."""
    value = request.get(name)
    if value is None:
        return None
    if isinstance(value, str) and _COUNTER.fullmatch(value):
        value = int(value, 16)
    if type(value) is not int or not 0 <= value <= sun.MAX_CTR:
        raise LineError(f"{name} is no counter: give 0 to {sun.MAX_CTR} or six hex digits.")
    return value


def _hides_file(mac_input: bytes, picc_enc: bytes | None) -> bool:
    """Whether the MAC covers a block in hex that is not the PICC data."""
    if picc_enc is not None:
        mac_input = re.sub(picc_enc.hex().encode(), b" ", mac_input, count=1, flags=re.IGNORECASE)
    return _ENCRYPTED.search(mac_input) is not None
