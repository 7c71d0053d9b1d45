"""Frames of RDM6300 and ID-12LA readers: bytes in, 40-bit ids out.

Frame (RDM6300 manual): 02, ten hex digits, two hex digits XOR of the five bytes, 03. The ID-12LA
variant puts CR LF before 03. The XOR passes noise: one frame is no identity, the driver
(drivers/rdm6300.py) asks for two equal ones.
"""

from gatescan.core.compat import const

_STX = const(0x02)
_ETX = const(0x03)
_CR = const(0x0D)
_LF = const(0x0A)
_HEX_DIGITS = const(12)  # five bytes and the checksum

_IDLE = const(-1)  # between frames
_LOST = const(-2)  # in bytes that were counted as bad already


class Rdm6300Decoder:
    """Fed one byte at a time; drops to the next 02 on anything wrong and counts it in `bad`."""

    def __init__(self) -> None:
        self.bad = 0
        self._bytes = bytearray(6)
        self._at = _IDLE  # hex digits taken, then 13 after CR and 14 after LF

    def feed(self, byte: int) -> "int | None":
        """Take one byte off the wire; the id when this byte completes a well-formed frame."""
        at = self._at
        if byte == _STX:
            if at >= 0:
                self.bad += 1
            self._at = 0
        elif at >= 0:
            return self._inside(at, byte)
        elif at == _IDLE and byte not in (_CR, _LF, 0):
            self._drop()
        return None

    def _inside(self, at: int, byte: int) -> "int | None":
        if at < _HEX_DIGITS:
            if 48 <= byte <= 57:
                nibble = byte - 48
            elif 65 <= byte <= 70:
                nibble = byte - 55
            else:
                self._drop()
                return None
            if at & 1:
                self._bytes[at >> 1] |= nibble
            else:
                self._bytes[at >> 1] = nibble << 4
            self._at = at + 1
        elif byte == _ETX and at != _HEX_DIGITS + 1:
            b = self._bytes
            if b[0] ^ b[1] ^ b[2] ^ b[3] ^ b[4] ^ b[5]:
                self._drop()
                return None
            self._at = _IDLE
            return int.from_bytes(memoryview(b)[:5], "big")
        elif byte == (_CR, _LF, -1)[at - _HEX_DIGITS]:
            self._at = at + 1
        else:
            self._drop()
        return None

    def _drop(self) -> None:
        self.bad += 1
        self._at = _LOST
