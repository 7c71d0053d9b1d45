"""SHA-256 of files and of single blocks, by a board's own code where it has some.

Such code has the functions of boards/rpi_pico/sha256_thumb.py. It is loaded together with
this module, leaves the RAM with it, and is used after it has given the same as hashlib.
"""

import hashlib

from gatescan.core import compat
from gatescan.core.compat import TYPE_CHECKING, const

if TYPE_CHECKING:
    from typing import Any

    Buffer = bytes | bytearray | memoryview

quick: "Any" = compat.sha256_code() if compat.sha256_code is not None else None

_fresh = bytes(quick.work()) if quick is not None else b""
_BLOCK_BYTES = const(64)
_MOST_BYTES = const(55)  # of a message that fits one block with its padding


class _Hash:
    """As hashlib.sha256(), but only the last `update` may hold a part of a block."""

    def __init__(self) -> None:
        self._work = bytearray(_fresh)
        self._rest = b""
        self._blocks = 0

    def update(self, data: "Buffer") -> None:
        """Take in `data`; raises ValueError after a part of a block."""
        if self._rest:
            raise ValueError("data after a part of a block")
        count = len(data) // _BLOCK_BYTES
        if count:
            quick.blocks(self._work, data, count, 0)
            self._blocks += count
        self._rest = bytes(data[count * _BLOCK_BYTES :])

    def digest(self) -> bytes:
        """The hash of all; may be asked once."""
        rest = self._rest
        length = self._blocks * _BLOCK_BYTES + len(rest)
        zeros = (_MOST_BYTES - len(rest)) % _BLOCK_BYTES
        tail = rest + b"\x80" + bytes(zeros) + (length * 8).to_bytes(8, "big")
        quick.blocks(self._work, tail, len(tail) // _BLOCK_BYTES, 0)
        return quick.digest(self._work)


class _Block:
    """A message of 55 bytes, `data[:55]`, hashed as often as it changes."""

    def __init__(self) -> None:
        self.data = bytearray(_BLOCK_BYTES)
        self.data[_MOST_BYTES] = 0x80
        self.data[_BLOCK_BYTES - 2 :] = (_MOST_BYTES * 8).to_bytes(2, "big")
        self._work = bytearray(_fresh)

    def into(self, out: memoryview) -> None:
        """Write the hash to `out`, 32 bytes; it may lie in `data`."""
        quick.blocks(self._work, self.data, 1, out)


class _PlainBlock:
    """The same by hashlib."""

    def __init__(self) -> None:
        self.data = bytearray(_MOST_BYTES)

    def into(self, out: memoryview) -> None:
        """See `_Block.into`."""
        out[:] = hashlib.sha256(self.data).digest()


def _proven() -> bool:
    """Whether the board's code gives what hashlib gives, for a few blocks of many bits."""
    seed = hashlib.sha256(b"proof").digest()
    data = seed * 8 + seed[:7]
    hashed = _Hash()
    hashed.update(data)
    block = _Block()
    block.data[:_MOST_BYTES] = data[:_MOST_BYTES]
    out = bytearray(32)
    block.into(memoryview(out))
    return (
        hashed.digest() == hashlib.sha256(data).digest()
        and out == hashlib.sha256(data[:_MOST_BYTES]).digest()
    )


new: "Any" = hashlib.sha256
Block: "Any" = _PlainBlock
if quick is not None and _proven():
    new, Block = _Hash, _Block
