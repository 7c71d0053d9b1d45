"""Writes tests/unit/trust/lms_vectors.jsonl with pyhsslms, an independent LMS implementation.

Usage: python tests/host/signing/make_lms_vectors.py   (about two minutes, nearly all of it H15)

Everything random comes from SHA-256 of a counter, so a second run writes the same bytes.
`rfc8554.jsonl` beside it holds RFC 8554 appendix F: both test cases are two-level HSS
signatures, split here into the LMS signature over the lower key and the one over the message.
"""

import hashlib
import json
from pathlib import Path

from pyhsslms import pyhsslms as peer

TARGET = Path(__file__).resolve().parents[2] / "unit" / "trust" / "lms_vectors.jsonl"
HEIGHTS = {5: b"\0\0\0\5", 10: b"\0\0\0\6", 15: b"\0\0\0\7"}
WIDTHS = {1: b"\0\0\0\1", 2: b"\0\0\0\2", 4: b"\0\0\0\3", 8: b"\0\0\0\4"}
MESSAGE = b"Gatescan: only signed tables"
# (height, width, leaf): every width, every height up to the production one, first and last leaf
CASES = ((5, 1, 3), (5, 2, 0), (5, 4, 31), (5, 8, 17), (10, 4, 1023), (15, 4, 20000))

_drawn = 0


def repeatable_bytes(count: int) -> bytes:
    global _drawn
    _drawn += 1
    return hashlib.sha256(b"gatescan lms vectors %d" % _drawn).digest()[:count]


def main() -> None:
    peer.randBytes = repeatable_bytes
    with TARGET.open("w", encoding="ascii") as out:
        for height, width, leaf in CASES:
            key = peer.LmsPrivateKey(
                HEIGHTS[height], WIDTHS[width], repeatable_bytes(32), repeatable_bytes(16), leaf
            )
            row = {
                "name": f"pyhsslms H{height}/W{width} leaf {leaf}",
                "public": key.publicKey().serialize().hex(),
                "message": MESSAGE.hex(),
                "signature": key.sign(MESSAGE).hex(),
            }
            out.write(json.dumps(row) + "\n")


if __name__ == "__main__":
    main()
