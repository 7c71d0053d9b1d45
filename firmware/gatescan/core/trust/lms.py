"""Verifies LMS signatures (RFC 8554) with nothing but SHA-256, in bounded time and memory.

Only n = m = 32. Production signs with H15/W4: 463 to about 600 hashes a signature.
Notation of the RFC: I key identifier, q leaf number, C randomizer, y chains, K one-time key.
"""

import hashlib
import struct

from gatescan.core.compat import TYPE_CHECKING, const
from gatescan.core.trust.sha256 import Block

if TYPE_CHECKING:
    Buffer = bytes | bytearray | memoryview

PUBLIC_KEY_BYTES = const(56)  # type 4, one-time type 4, I 16, root 32
NO_INDEX = const(-1)  # signature_index of something too short to have one

_N = const(32)  # bytes, hash and node
_D_PBLC = b"\x80\x80"  # RFC 8554 section 7.1: what each hash is for
_D_MESG = b"\x81\x81"
_D_LEAF = b"\x82\x82"
_D_INTR = b"\x83\x83"


def _height(lms_type: int) -> int:
    """Tree height of an LMS type (RFC 8554 section 5.1), 0 for a type not supported."""
    return (lms_type - 4) * 5 if 5 <= lms_type <= 9 else 0


def _width(ots_type: int) -> int:
    """Winternitz width in bits of a one-time type (RFC 8554 section 4.1), 0 if unsupported."""
    return 1 << (ots_type - 1) if 1 <= ots_type <= 4 else 0


def _chains(width: int) -> "tuple[int, int]":
    """Number of hash chains and left shift of the checksum for a width (RFC 8554 section 4.1)."""
    if width == 8:
        return 34, 0
    if width == 4:
        return 67, 4
    return (133, 6) if width == 2 else (265, 7)


def signature_bytes(lms_type: int, ots_type: int) -> int:
    """Length in bytes of a signature of these types; 0 for types not supported."""
    height, width = _height(lms_type), _width(ots_type)
    if not height or not width:
        return 0
    return 12 + _N * (1 + _chains(width)[0] + height)


def signature_index(signature: "Buffer") -> int:
    """The leaf number q that `signature` claims; NO_INDEX when it is too short to hold one."""
    if len(signature) < 4:
        return NO_INDEX
    return struct.unpack_from(">I", signature, 0)[0]


def key_id(public_key: "Buffer") -> bytes:
    """The first 8 bytes of SHA-256(public key): how manifests and people name a key."""
    return hashlib.sha256(public_key).digest()[:8]


def _message_digits(key_leaf: bytes, randomizer: "Buffer", message: "Buffer") -> bytearray:
    """Q and room for its checksum: H(I q D_MESG C message), RFC 8554 section 4.5."""
    state = hashlib.sha256(key_leaf + _D_MESG)
    state.update(randomizer)
    state.update(message)
    digits = bytearray(_N + 2)
    digits[:_N] = state.digest()
    return digits


def _append_checksum(digits: bytearray, width: int, shift: int) -> None:
    """Cksm of RFC 8554 section 4.4 over the first 32 bytes, written big endian behind them."""
    top = (1 << width) - 1
    total = 0
    for i in range(_N):
        byte = digits[i]
        for low in range(0, 8, width):
            total += top - (byte >> low & top)
    struct.pack_into(">H", digits, _N, (total << shift) & 0xFFFF)


def _one_time_key(key_leaf: bytes, width: int, ots: memoryview, message: "Buffer") -> bytes:
    """K candidate of RFC 8554 algorithm 4b: every chain walked on to its end and hashed.

    `ots` is C and the chain values, without the type before them.
    """
    sha256 = hashlib.sha256
    count, shift = _chains(width)
    digits = _message_digits(key_leaf, ots[:_N], message)
    _append_checksum(digits, width, shift)
    top = (1 << width) - 1
    per_byte = 8 // width
    block = Block()
    chain = block.data  # I 16, q 4, chain number 2, step 1, value 32
    chain[:20] = key_leaf
    value = memoryview(chain)[23 : 23 + _N]
    out = sha256(key_leaf + _D_PBLC)
    for i in range(count):
        struct.pack_into(">H", chain, 20, i)
        start = _N + _N * i
        value[:] = ots[start : start + _N]
        low = 8 - width * (i % per_byte + 1)
        for step in range(digits[i // per_byte] >> low & top, top):
            chain[22] = step
            block.into(value)
        out.update(value)
    return out.digest()


def _root(identifier: bytes, node: int, one_time_key: bytes, path: memoryview) -> bytes:
    """The root that leaf `node` and its `path` give (RFC 8554 algorithm 6a, step 4)."""
    sha256 = hashlib.sha256
    head = bytearray(22)  # I 16, node number 4, purpose 2
    head[:16] = identifier
    struct.pack_into(">I2s", head, 16, node, _D_LEAF)
    state = sha256(head)
    state.update(one_time_key)
    value = state.digest()
    head[20:] = _D_INTR
    start = 0
    while node > 1:
        sibling = path[start : start + _N]
        start += _N
        struct.pack_into(">I", head, 16, node >> 1)
        state = sha256(head)
        if node & 1:
            state.update(sibling)
            state.update(value)
        else:
            state.update(value)
            state.update(sibling)
        value = state.digest()
        node >>= 1
    return value


def verify(public_key: "Buffer", message: "Buffer", signature: "Buffer") -> bool:
    """Whether `signature` is a valid LMS signature of `message` under the 56-byte `public_key`.

    Never raises for any bytes, and does no work before every length and type fits.
    Source: RFC 8554 algorithms 6 and 6a.
    """
    if len(public_key) != PUBLIC_KEY_BYTES:
        return False
    lms_type, ots_type = struct.unpack_from(">II", public_key, 0)
    total = signature_bytes(lms_type, ots_type)
    if not total or len(signature) != total:
        return False
    height, width = _height(lms_type), _width(ots_type)
    path_at = total - _N * height
    q, signed_ots_type = struct.unpack_from(">II", signature, 0)
    signed_lms_type = struct.unpack_from(">I", signature, path_at - 4)[0]
    if signed_ots_type != ots_type or signed_lms_type != lms_type or q >> height:
        return False
    view = memoryview(signature)
    identifier = bytes(public_key[8:24])
    key = _one_time_key(identifier + bytes(view[:4]), width, view[8 : path_at - 4], message)
    return _root(identifier, (1 << height) + q, key, view[path_at:]) == bytes(public_key[24:])


def is_public_key(data: "Buffer") -> bool:
    """Whether `data` has the length and the type codes of a public key this verifier knows."""
    if len(data) != PUBLIC_KEY_BYTES:
        return False
    lms_type, ots_type = struct.unpack_from(">II", data, 0)
    return signature_bytes(lms_type, ots_type) > 0
