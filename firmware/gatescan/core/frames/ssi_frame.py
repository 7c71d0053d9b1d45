"""Simple Serial Interface: packets, and the AIM identifier of each type of code.

Zebra Simple Serial Interface Programmer's Guide 72E-40451: chapter 2 (packets), DECODE_DATA
(code types). AIM identifiers: ISO/IEC 15424:2008.
"""

from gatescan.core.compat import const
from gatescan.core.frames.engine_frames import ssi_checksum
from gatescan.core.tags import gtin

ACK = const(0xD0)
NAK = const(0xD1)
PARAM_SEND = const(0xC6)
PARAM_REQUEST = const(0xC7)
REQUEST_REVISION = const(0xA3)
REPLY_REVISION = const(0xA4)
DECODE_DATA = const(0xF3)
SEGMENT = const(0x73)  # one packet of a long message; its first data byte is its number
NAK_RESEND = const(1)
RETRANSMITTED = const(0x01)  # bit of the status: this packet was sent before
CONTINUES = const(0x02)  # bit of the status: more packets belong to this one
DATA_AT = const(4)
_HOST = const(4)
_UPC_A = const(0x08)
_UPC_E0 = const(0x09)
_EAN_8 = const(0x0A)
_EAN_13 = const(0x0B)
_UPC_E1 = const(0x10)
_ADDON_2 = const(0x40)  # added to the five types above
_ADDON_5 = const(0x80)
_DATABAR = (0x30, 0x31)
# type, letter, modifier; modifiers that the type does not tell are those of the plain form
_AIM = (
    b"\x01A0\x02F0\x03C0\x04S0\x05R0\x06I0\x07G0\x08E0\x09E0\x0aE4\x0bE0\x0cH3\x0eM0\x0fC1\x10E0"
    b"\x11L0\x13A4\x18F0\x19C0\x1aL0\x1bd1\x1cQ1\x20A0\x25U0\x2cQ1\x2dz0\x30e0\x31e0\x32e0\xb4e0"
    b"\xc1d2\xc2Q3"
    b"\xf0L0\xf1Q1\xf2d1\xf3z0\xf4U0\xa2C2\xa4P0"  # GROW GM67
)
_OTHER = b"X0"


def packet(opcode: int, data: bytes = b"") -> bytes:
    """A packet of the host: length, opcode, source, status, data, checksum."""
    out = bytes((DATA_AT + len(data), opcode, _HOST, 0)) + data
    check = ssi_checksum(out, 0, len(out))
    return out + bytes((check >> 8, check & 0xFF))


def aim_of(kind: int) -> bytes:
    """Letter and modifier for a code type; `X0`, any other symbology, where there is none."""
    for i in range(0, len(_AIM), 3):
        if _AIM[i] == kind:
            return _AIM[i + 1 : i + 3]
    return _OTHER


def identified(kind: int, data: bytes, carries_id: bool) -> "tuple[bytes, bytes] | None":
    """(AIM identifier with its `]`, text) of a scan; None when type and content disagree.

    `carries_id`: the engine puts the identifier before the text itself; its letter has to be the
    one of the type, for text that begins with `]` is no identifier.
    """
    mark = aim_of(kind)
    addon = kind & (_ADDON_2 | _ADDON_5)
    retail = kind & ~(_ADDON_2 | _ADDON_5) in (_UPC_A, _UPC_E0, _EAN_8, _EAN_13, _UPC_E1)
    if carries_id:
        letter = b"E" if retail else mark[:1]
        if len(data) < 4 or data[0] != 0x5D or not 48 <= data[2] <= 57:
            return None
        if letter != b"X" and data[1:2] != letter:
            return None
        if not retail or addon:
            return data[:3], data[3:]
        data = data[3:]
    if not retail:
        if kind in _DATABAR and len(data) == 14:
            data = b"01" + data  # sent without its application identifier
        return b"]" + mark, data
    return _retail(kind & ~(_ADDON_2 | _ADDON_5), addon, data)


def _retail(kind: int, addon: int, data: bytes) -> "tuple[bytes, bytes] | None":
    """EAN and UPC as ISO/IEC 15424 wants them: 13 digits, `]E4` with 8, `]E3` with an add-on."""
    extra = 5 if addon == _ADDON_5 else 2 if addon == _ADDON_2 else 0
    if addon == _ADDON_2 | _ADDON_5 or len(data) <= extra or not gtin.all_digits(data):
        return None
    digits = data[: len(data) - extra]
    if kind == _EAN_8:
        return (b"]E4", digits) if len(digits) == 8 else None
    if kind in (_UPC_E0, _UPC_E1) and len(digits) == 8:
        digits = gtin.upce_expand(digits) or b""
    if len(digits) == 12 and kind != _EAN_13:
        digits = b"0" + digits
    if len(digits) != 13:
        return None
    return (b"]E3", digits + data[-extra:]) if extra else (b"]E0", digits)
