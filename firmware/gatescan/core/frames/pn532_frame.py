"""Frames between a PN532 and its host: normal, extended, ACK, NACK, error.

Source: PN532 user manual UM0701-02, 6.2.1. Preamble and postamble are zeros of any number here;
a frame begins at its start code 00 FF.
"""

from gatescan.core.compat import TYPE_CHECKING, const
from gatescan.core.frames.finder import BROKEN, MORE, NOISE

if TYPE_CHECKING:
    Bytes = bytes | bytearray | memoryview

TO_PN532 = const(0xD4)
FROM_PN532 = const(0xD5)
ACK = b"\x00\x00\xff\x00\xff\x00"
NACK = b"\x00\x00\xff\xff\x00\x00"
MAX_DATA_BYTES = const(264)  # of an extended frame
MAX_BYTES = const(272)

A_DATA = const(0)
AN_ACK = const(1)
A_NACK = const(2)
AN_ERROR = const(3)  # "syntax error at application level"
_ERROR_TFI = const(0x7F)
_NORMAL_HEADER = const(4)  # 00 FF LEN LCS
_EXTENDED_HEADER = const(7)  # 00 FF FF FF LENM LENL LCS


def build(command: bytes) -> bytes:
    """The frame that carries `command` (code and parameters, at most 254 bytes) to the PN532."""
    count = len(command) + 1
    check = -(TO_PN532 + sum(command)) & 0xFF
    head = bytes((0x00, 0x00, 0xFF, count, -count & 0xFF, TO_PN532))
    return head + command + bytes((check, 0x00))


def inspect(buffer: bytearray, at: int, end: int) -> int:
    """Length of the frame at `at`, or MORE, NOISE, BROKEN: see frames.py."""
    if buffer[at]:
        return NOISE
    if end - at < 2:
        return MORE
    if buffer[at + 1] != 0xFF:
        return NOISE
    if end - at < _NORMAL_HEADER:
        return MORE
    count, check = buffer[at + 2], buffer[at + 3]
    if (count == 0 and check == 0xFF) or (count == 0xFF and check == 0):
        return _NORMAL_HEADER
    data = at + _NORMAL_HEADER
    if count == 0xFF and check == 0xFF:
        data = at + _EXTENDED_HEADER
        if end < data:
            return MORE
        count = buffer[at + 4] << 8 | buffer[at + 5]
        if (buffer[at + 4] + buffer[at + 5] + buffer[at + 6]) & 0xFF or count > MAX_DATA_BYTES:
            return BROKEN
    elif (count + check) & 0xFF:
        return BROKEN
    if not count:
        return BROKEN
    if end <= data + count:
        return MORE
    if sum(memoryview(buffer)[data : data + count + 1]) & 0xFF:
        return BROKEN
    return data + count + 1 - at


def kind_of(frame: "Bytes") -> int:
    """What a whole frame is: A_DATA, AN_ACK, A_NACK or AN_ERROR."""
    if len(frame) == _NORMAL_HEADER:
        return AN_ACK if frame[2] == 0 else A_NACK
    return AN_ERROR if frame[2] == 1 and frame[4] == _ERROR_TFI else A_DATA


def data_of(frame: memoryview) -> memoryview:
    """TFI, command code and parameters of a data frame."""
    extended = frame[2] == 0xFF and frame[3] == 0xFF
    return frame[_EXTENDED_HEADER if extended else _NORMAL_HEADER : -1]


def targets_of(data: "Bytes") -> "list[tuple[int, bytes, int]] | None":
    """(number, UID, SAK) of each target in an InListPassiveTarget response, 106 kbit/s type A.

    None when it contradicts itself. Source: UM0701-02, 7.3.5: count, then for each number,
    SENS_RES(2), SEL_RES, length, NFCID1, and for ISO-DEP the ATS with its length first.
    """
    end = len(data)
    if end < 3 or data[2] > 2:
        return None
    targets = []
    at = 3
    for _ in range(data[2]):
        if at + 5 > end or at + 5 + data[at + 4] > end:
            return None
        number, sak, count = data[at], data[at + 3], data[at + 4]
        targets.append((number, bytes(data[at + 5 : at + 5 + count]), sak))
        at += 5 + count
        if sak & 0x20:
            if at >= end or not data[at] or at + data[at] > end:
                return None
            at += data[at]
    return targets if at == end else None
