"""HMAC-SHA256 (RFC 2104) for sessions and reports between one scanner and its host.

Never for tables: whoever can check a MAC can make one. Tables carry LMS signatures.
"""

import hashlib

from gatescan.core.compat import TYPE_CHECKING, const

if TYPE_CHECKING:
    Buffer = bytes | bytearray | memoryview

NONCE_BYTES = const(16)  # drawn by the scanner, good for one answer

_BLOCK_BYTES = const(64)  # of SHA-256
_UNLOCK = b"gatescan unlock 1"
_REPORT = b"gatescan report 1"


def hmac_sha256(key: "Buffer", *parts: "Buffer") -> bytes:
    """The 32-byte HMAC of the concatenated `parts` under `key` of any length (RFC 2104)."""
    block = bytearray(_BLOCK_BYTES)
    if len(key) > _BLOCK_BYTES:
        key = hashlib.sha256(key).digest()
    block[: len(key)] = key
    for i in range(_BLOCK_BYTES):
        block[i] ^= 0x36
    inner = hashlib.sha256(block)
    for part in parts:
        inner.update(part)
    for i in range(_BLOCK_BYTES):
        block[i] ^= 0x36 ^ 0x5C
    outer = hashlib.sha256(block)
    outer.update(inner.digest())
    return outer.digest()


def equal(a: "Buffer", b: "Buffer") -> bool:
    """Whether `a` and `b` are the same bytes, in a time that tells only their lengths."""
    if len(a) != len(b):
        return False
    difference = 0
    for i in range(len(a)):
        difference |= a[i] ^ b[i]
    return difference == 0


def _bound(purpose: bytes, device_id: "Buffer", nonce: "Buffer") -> "list[Buffer]":
    """Purpose, scanner and nonce; a length before each id keeps it from running into the next."""
    return [purpose, bytes((len(device_id),)), device_id, bytes((len(nonce),)), nonce]


def unlock_mac(key: "Buffer", device_id: "Buffer", nonce: "Buffer") -> bytes:
    """What the host answers to the scanner's `nonce` to open a session for changes."""
    return hmac_sha256(key, *_bound(_UNLOCK, device_id, nonce))


def report_mac(key: "Buffer", device_id: "Buffer", nonce: "Buffer", report: "Buffer") -> bytes:
    """What the scanner puts under a `report`: the host knows who said it, and that it is new."""
    return hmac_sha256(key, *_bound(_REPORT, device_id, nonce), report)
