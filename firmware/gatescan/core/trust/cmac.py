"""AES-CMAC (RFC 4493, NIST SP 800-38B) over a block cipher that the caller brings.

`aes` is MicroPython's `cryptolib.aes`, or on a computer what does the same:
`aes(key, 1).encrypt(data)` gives ECB as bytes, `.encrypt(data, out)` writes it to `out`, which
may be `data`. An object that has encrypted never decrypts.
"""

from gatescan.core.compat import TYPE_CHECKING, const

if TYPE_CHECKING:
    from typing import Any, Callable

    Aes = Callable[..., Any]
    Buffer = bytes | bytearray | memoryview

_ECB = const(1)  # mode of cryptolib.aes
_BLOCK_BYTES = const(16)


def cmac(aes: "Aes", key: "Buffer", message: "Buffer") -> bytes:
    """The 16-byte AES-CMAC of `message`, which may be empty, under an AES key (RFC 4493 §2.4).

    Raises ValueError for a key of a length that AES does not have.
    """
    encrypt = aes(key, _ECB).encrypt
    length = len(message)
    last = (length - 1) // _BLOCK_BYTES * _BLOCK_BYTES if length else 0
    subkey = _doubled(encrypt(bytes(_BLOCK_BYTES)))
    state = bytearray(_BLOCK_BYTES)
    for start in range(0, last, _BLOCK_BYTES):
        for i in range(_BLOCK_BYTES):
            state[i] ^= message[start + i]
        encrypt(state, state)
    rest = length - last
    for i in range(rest):
        state[i] ^= message[last + i]
    if rest < _BLOCK_BYTES:
        state[rest] ^= 0x80
        subkey = _doubled(subkey)
    for i in range(_BLOCK_BYTES):
        state[i] ^= subkey[i]
    return encrypt(state)


def _doubled(block: "Buffer") -> bytearray:
    """`block` times x in GF(2^128) (RFC 4493 §2.3), in a time that does not tell its bits."""
    out = bytearray(_BLOCK_BYTES)
    carry = 0
    for i in range(_BLOCK_BYTES - 1, -1, -1):
        out[i] = block[i] << 1 & 0xFF | carry
        carry = block[i] >> 7
    out[-1] ^= 0x87 * carry
    return out
