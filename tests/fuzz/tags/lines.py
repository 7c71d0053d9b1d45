"""Target: `gatescan tags parse`, line by line, with what all readers send."""

import json
import random

from fuzz.tags import barcodes, engines, epcs, ids, ndefs, nfc, radio
from fuzz.tags.case import READ, REFUSED, Case, Target, Wrong, damaged
from gatescan_host.tags.parse import parse_line
from gatescan_host.tags.wires import READERS

_FIELDS = ["id", "ok", "scheme", "gtin", "serial", "ais", "uid", "key", "inferred", "ambiguous",
           "frames", "error"]  # fmt: skip
_WIRES = {
    "line": engines.TARGET_LINES, "gm65": engines.TARGET_GM65, "m3y": engines.TARGET_M3Y,
    "ssi": engines.TARGET_SSI, "rdm6300": ids.TARGET_STREAM, "r200": radio.TARGET_R200,
    "pn532": radio.TARGET_PN532, "mfrc522": nfc.TARGET_UID,
}  # fmt: skip
_TOKENS = (b'"', b"{", b"}", b"null", b"1e999", b"\\ud800", b",", b'"id":', b"[" * 2000, b'"epc":')


def make(rng: random.Random) -> Case:
    """A request, seldom damaged: as a rule what is in it is."""
    what = rng.random()
    if what < 0.3:
        text = barcodes.make(rng).data.decode("utf-8", rng.choice(("replace", "surrogateescape")))
        request = {"id": rng.choice((1, None, "a", [1])), "barcode": text}
    elif what < 0.4:
        request = {"id": 2, "epc": epcs.TARGET_PLUS.make(rng).data.hex()}
    elif what < 0.5:
        request = {"id": 3, "ndef": ndefs.make(rng).data.hex()}
    else:
        reader = rng.choice(sorted(READERS))
        data = _WIRES[reader].make(rng).data
        if rng.random() < 0.2:
            data += data
        request = {"id": 4, "reader": reader, "hex": data.hex()}
    data = json.dumps(request).encode()
    return Case(damaged(rng, data, _TOKENS) if rng.random() < 0.2 else data)


def check(case: Case) -> str:
    """See Target."""
    text, known = parse_line(case.data.decode("utf-8", "surrogateescape"))
    out = json.loads(text)
    if "\n" in text or list(out) != _FIELDS:
        raise Wrong(f"no line of the contract: {text}")
    if out["ok"] is not known or known != (out["key"] is not None) or known == bool(out["error"]):
        raise Wrong(f"ok, key and error contradict one another: {text}")
    if not known and (out["scheme"] or out["uid"] or out["gtin"] or out["ais"]):
        raise Wrong(f"something is told of what is refused: {text}")
    if out["ambiguous"] and known:
        raise Wrong(f"two readings and an identity: {text}")
    for frame in out["frames"]:
        if sorted(frame) != ["error", "hex", "ok"] or frame["ok"] == bool(frame["error"]):
            raise Wrong(f"no frame of the contract: {frame}")
        bytes.fromhex(frame["hex"])
    if out["scheme"] == "em4100" and sum(frame["ok"] for frame in out["frames"]) < 2:
        raise Wrong("one read is no identity")
    return READ if known else REFUSED


TARGET = Target(make, check)
