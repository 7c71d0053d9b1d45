"""The three framings of engines on a UART: where a frame ends and whether its check is right.

GM65 family: GROW GM65-S manual V1.3, 8.1-8.4; its replies carry a true CRC (`33 31` is only the
one of value 0). M3Y-W: `5A 01 lenH lenL payload bcc A5`. SSI: Zebra Simple Serial Interface
Programmer's Guide 72E-40451, chapter 2: no start byte, so length, opcode, source and checksum
have to agree.
"""

from gatescan.core.compat import TYPE_CHECKING, const
from gatescan.core.smp.crc16 import crc16

if TYPE_CHECKING:
    from typing import Protocol

    class Host(Protocol):
        """What a dialogue may ask of its engine beside answers to its questions."""

        def say(self, __data: bytes) -> None:
            """Send at once; no answer is expected."""

        def scan(self, __mark: bytes, __text: "memoryview | bytes", __now_ms: int) -> None:
            """A scan came in a frame: its AIM identifier and its text."""

        def spoil(self) -> None:
            """A scan was lost on the line: somebody has to scan again."""

GM65 = const(1)
M3Y = const(2)
SSI = const(3)
NO_FRAME = const(-1)
MAX_FRAME_BYTES = const(262)  # a GM65 reply with 256 zones

_GM65_HEAD = const(4)
_GM65_CHECK = const(2)
_M3Y_HEAD = const(4)
_M3Y_END = const(0xA5)
_M3Y_MAX = const(128)  # an acknowledgement or a version text; longer is noise
_SSI_LEAST = const(4)
# What a decoder sends: version, image, parameters, ACK, NAK, decode data, event, multi-packet
_SSI_OPCODES = b"\xa4\xb1\xc6\xd0\xd1\xf3\xf6\x73"


def crc16_xmodem(data: "bytes | bytearray | memoryview", start: int, end: int) -> int:
    """CRC-16/XMODEM of `data[start:end]`."""
    return crc16(memoryview(data)[start:end], end - start, 0)


def xor_of(data: "bytes | bytearray | memoryview", start: int, end: int) -> int:
    """The block check character: all bytes of `data[start:end]` exclusive-ored."""
    check = 0
    for i in range(start, end):
        check ^= data[i]
    return check


def ssi_checksum(data: "bytes | bytearray | memoryview", start: int, end: int) -> int:
    """Two's complement of the 16-bit sum of `data[start:end]`."""
    total = 0
    for i in range(start, end):
        total += data[i]
    return -total & 0xFFFF


def gm65_length(data: bytearray, at: int, end: int) -> int:
    """Bytes of the GM65 frame at `data[at:end]`; 0 when too few are there, NO_FRAME for none.

    02 answers a command, 03 a heartbeat; both are followed by 00 00 and the count of data bytes,
    where 0 stands for 256.
    """
    for i in range(at + 1, min(end, at + 3)):
        if data[i]:
            return NO_FRAME
    if end - at < _GM65_HEAD:
        return 0
    return _GM65_HEAD + (data[at + 3] or 256) + _GM65_CHECK


def m3y_length(data: bytearray, at: int, end: int) -> int:
    """Bytes of the M3Y frame at `data[at:end]`; 0 when too few are there, NO_FRAME for none."""
    count = end - at
    if (count > 1 and data[at + 1] != 1) or (count > 2 and data[at + 2]):
        return NO_FRAME
    if count < _M3Y_HEAD:
        return 0
    if data[at + 3] > _M3Y_MAX:
        return NO_FRAME
    return _M3Y_HEAD + data[at + 3] + 2


def ssi_length(data: bytearray, at: int, end: int) -> int:
    """Bytes of the SSI packet at `data[at:end]`; 0 when too few are there, NO_FRAME for none."""
    count = end - at
    if (
        data[at] < _SSI_LEAST
        or (count > 1 and data[at + 1] not in _SSI_OPCODES)
        or (count > 2 and data[at + 2])  # the source: 0 is the decoder, 4 the host
    ):
        return NO_FRAME
    return data[at] + 2 if count > 2 else 0


def gm65_ok(data: bytearray, at: int, end: int) -> bool:
    """Whether the CRC of the whole GM65 frame `data[at:end]` fits: it covers type to data."""
    last = end - _GM65_CHECK
    return crc16_xmodem(data, at + 2, last) == data[last] << 8 | data[last + 1]


def m3y_ok(data: bytearray, at: int, end: int) -> bool:
    """Whether the check of the M3Y frame `data[at:end]` fits: it covers byte 1 to payload."""
    return data[end - 1] == _M3Y_END and xor_of(data, at + 1, end - 2) == data[end - 2]


def ssi_ok(data: bytearray, at: int, end: int) -> bool:
    """Whether the checksum of the whole SSI packet `data[at:end]` fits."""
    return ssi_checksum(data, at, end - 2) == data[end - 2] << 8 | data[end - 1]
