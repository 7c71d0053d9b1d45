"""Frames of R200 and M100 UHF readers, `AA .. DD` and `BB .. 7E`: bytes in, tags out.

header, type, command, parameter length (2), parameters, sum of type..parameters, end. The end
byte may occur inside, so a frame is found by its length alone. Sources: R200 user protocol V2.3.3;
M100 firmware command manual 1.1 to 2.3.
"""

from gatescan.core.compat import TYPE_CHECKING, const
from gatescan.core.frames.finder import BROKEN, MORE, NOISE
from gatescan.core.smp.crc16 import crc16 as crc16_xmodem

if TYPE_CHECKING:
    Bytes = bytes | bytearray | memoryview

COMMAND = const(0)
RESPONSE = const(1)
NOTICE = const(2)

HEADERS = b"\xbb\xaa"
_ENDS = {0xBB: 0x7E, 0xAA: 0xDD}
_AROUND = const(7)  # bytes of a frame without its parameters
_MAX_PARAMETERS = const(96)  # a notice has at most 67: RSSI, PC, 31 words of EPC, CRC
MAX_BYTES = const(103)


def build(header: int, command: int, parameters: bytes = b"", kind: int = COMMAND) -> bytes:
    """A frame in the framing that begins with `header`."""
    count = len(parameters)
    body = bytes((kind, command, count >> 8, count & 0xFF)) + parameters
    return bytes((header,)) + body + bytes((sum(body) & 0xFF, _ENDS[header]))


def inspect(buffer: bytearray, at: int, end: int) -> int:
    """Length of the frame at `at`, or MORE, NOISE, BROKEN: see frames.py."""
    ending = _ENDS.get(buffer[at])
    if ending is None:
        return NOISE
    if end - at < 5:
        return NOISE if end - at > 1 and buffer[at + 1] > NOTICE else MORE
    if buffer[at + 1] > NOTICE:
        return NOISE
    count = buffer[at + 3] << 8 | buffer[at + 4]
    if count > _MAX_PARAMETERS:
        return BROKEN
    last = at + _AROUND + count - 1
    if last >= end:
        return MORE
    if buffer[last] != ending:
        return BROKEN
    if sum(memoryview(buffer)[at + 1 : last - 1]) & 0xFF != buffer[last - 1]:
        return BROKEN
    return last + 1 - at


def crc16(data: "Bytes") -> int:
    """The CRC that a Gen2 tag sends after PC and EPC (ISO/IEC 18000-63, annex F): that of XMODEM
    with start and final XOR FFFF, CRC-16/GENIBUS.
    """
    return crc16_xmodem(data, len(data), 0xFFFF) ^ 0xFFFF


def tag_of(frame: "Bytes") -> "tuple[bytes, bool, int] | None":
    """(UII, whether it is an EPC, RSSI in dBm) of a notice frame, or None when it is damaged.

    The sum of the frame passes swapped bytes; the tag's own CRC does not. PC (ISO/IEC 18000-63,
    6.3.2.1.2.2): bits 15-11 words of the UII, bit 8 set = an ISO numbering system, no EPC.
    """
    count = len(frame) - _AROUND
    if frame[1] != NOTICE or count < 5:
        return None
    rssi = frame[5] - 256 if frame[5] > 127 else frame[5]
    pc = frame[6] << 8 | frame[7]
    last = len(frame) - 4  # the CRC
    if 2 * (pc >> 11) != count - 5:
        return None
    if crc16(frame[6:last]) != frame[last] << 8 | frame[last + 1]:
        return None
    return bytes(frame[8:last]), not pc & 0x100, rssi
