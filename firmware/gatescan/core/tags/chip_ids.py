"""Ids of NFC chips -> one identity. An id is an index into the table, never a proof."""

from binascii import hexlify

from gatescan.core.compat import const
from gatescan.core.tags.scheme import S_ISO14443A, S_ISO15693, Tag, known, refused

_CASCADE_TAG = const(0x88)  # ISO/IEC 14443-3, 6.5.4: "the UID goes on", no byte of any UID
_RANDOM = const(0x08)
_FIXED_NOT_UNIQUE = const(0x0F)  # low nibble of a 4-byte UID's first byte
_RESERVED = const(0x08)  # the same nibble, whatever the other one
_ISO15693 = const(0xE0)

_AGAIN = ": hold the tag to the reader again."
_NOISE = "The RFID id is reader noise" + _AGAIN
_CHANGING = (
    "The card gives another number each time and identifies nothing: hold the item's other tag"
    " to the reader, or classify it by hand."
)
_SHARED = (
    "Other tags may carry the same RFID number: hold the item's other tag to the reader, or"
    " classify it by hand."
)
_HALF = "Only a part of the RFID id was read" + _AGAIN
_LENGTH = "The RFID id has not 4, 7 or 10 bytes" + _AGAIN
_NOT_VICINITY = "The RFID id is no ISO 15693 id of 8 bytes" + _AGAIN


def iso14443a(uid: "bytes | bytearray | memoryview") -> Tag:
    """Identity of an ISO/IEC 14443-3 type A UID of 4, 7 or 10 bytes, without cascade tags.

    Refused are (6.5.4 of that standard, with Amendment 1; NXP AN10927, section 2) random ids,
    4-byte numbers that are not unique or reserved, and UIDs in which a cascade tag stands where
    none can: readers that stop at the first cascade level report 88 and three bytes of a UID.
    """
    raw = bytes(uid)
    size = len(raw)
    if size not in (4, 7, 10):
        return refused(_LENGTH)
    if _same(raw):
        return refused(_NOISE)
    first = raw[0]
    if first == _CASCADE_TAG or (size == 7 and raw[3] == _CASCADE_TAG):
        return refused(_HALF)
    if size == 4:
        if first == _RANDOM:
            return refused(_CHANGING)
        if first & 0x0F in (_FIXED_NOT_UNIQUE, _RESERVED):
            return refused(_SHARED)
    return known(S_ISO14443A, bytes((S_ISO14443A,)) + raw, uid=_hex(raw))


def iso15693(uid: "bytes | bytearray | memoryview", lsb_first: bool = False) -> Tag:
    """Identity of an ISO/IEC 15693-3 UID: E0, manufacturer, 6 bytes of serial (section 4.1).

    `lsb_first`: the bytes come in the order of the air interface, as many readers give them.
    """
    raw = bytes(uid)
    if lsb_first:
        raw = bytes(reversed(raw))
    if len(raw) != 8 or raw[0] != _ISO15693:
        return refused(_NOT_VICINITY)
    if _same(raw[2:]):
        return refused(_NOISE)
    return known(S_ISO15693, bytes((S_ISO15693,)) + raw, uid=_hex(raw))


def _same(raw: bytes) -> bool:
    """All bits 0 or all bits 1: a stuck line, no id."""
    return raw in (b"\x00" * len(raw), b"\xff" * len(raw))


def _hex(raw: bytes) -> str:
    return hexlify(raw).decode().upper()
