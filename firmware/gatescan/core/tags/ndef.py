"""What is written on an NFC tag -> one identity, or one sentence why there is none.

Sources (NFC Forum): Data Exchange Format (NDEF) 1.0, RTD Text 1.0, RTD URI 1.0, RTD Smart Poster
1.0, Type 2 Tag and Type 4 Tag specifications. Anyone can write such a tag: whatever does not fit
those to the byte is refused.
"""

from gatescan.core.compat import TYPE_CHECKING, const
from gatescan.core.tags import nfc_text
from gatescan.core.tags.scheme import S_NDEF_TEXT, Tag, known, refused

if TYPE_CHECKING:
    Record = tuple[int, bytes, bytes]

_MAX_BYTES = const(2048)  # the largest Type 2 tag
_MAX_RECORDS = const(16)
_MAX_TEXT_CHARS = const(48)  # as content.MAX_TEXT_CHARS

_HAND = " Classify the item by hand."
_DAMAGED = "The content of the NFC tag is damaged: hold it to the reader again." + _HAND
_EMPTY = "The NFC tag is empty." + _HAND
_OTHER = "The NFC tag holds nothing that identifies an item." + _HAND
_LONG = "The text on the NFC tag is too long for a tag." + _HAND
_SIGNS = "The text on the NFC tag holds characters that the scanner cannot show." + _HAND

# Header of a record (NDEF 3.2): flags, then three bits Type Name Format
_BEGIN = const(0x80)
_END = const(0x40)
_CHUNK = const(0x20)
_SHORT = const(0x10)
_WITH_ID = const(0x08)
_TNF_EMPTY = const(0)
_TNF_WELL_KNOWN = const(1)
_TNF_UNKNOWN = const(5)


def message_of_type2(memory: "bytes | bytearray | memoryview") -> "bytes | None":
    """The NDEF message in the memory of a Type 2 tag, from page 0; None when there is none.

    Capability container and TLV blocks: Type 2 Tag 1.2, 2.1 and 2.3. Bytes that lock and memory
    control blocks set aside are stepped over. Also None: a message that is not whole in `memory`.
    """
    if len(memory) < 16 or memory[12] != 0xE1 or memory[13] >> 4 != 1 or memory[15] >> 4:
        return None
    end = min(len(memory), 16 + memory[14] * 8)
    aside = bytearray(end)  # 1: no part of the blocks
    block = bytearray(end)
    at = 16
    while at < end:
        kind, at = _take(memory, aside, at, 1, block)
        if kind == 1 and block[0] == 0:  # NULL
            continue
        if kind != 1 or block[0] == 0xFE:  # terminator
            return None
        tag = block[0]
        count, at = _take(memory, aside, at, 1, block)
        size = block[0]
        if size == 0xFF:
            count, at = _take(memory, aside, at, 2, block)
            size = block[0] << 8 | block[1]
            if count != 2 or not 0xFF <= size < 0xFFFF:
                return None
        count, at = _take(memory, aside, at, size, block) if count else (-1, at)
        if count != size or (tag in (1, 2) and size != 3):
            return None
        if tag == 3:
            return bytes(block[:size])
        if tag in (1, 2):
            start = (block[0] >> 4 << (block[2] & 15)) + (block[0] & 15)
            length = block[1] or 256
            if tag == 1:
                length = (length + 7) >> 3  # in bits
            for i in range(start, min(start + length, end)):
                aside[i] = 1
    return None


def _take(
    memory: "bytes | bytearray | memoryview",
    aside: bytearray,
    at: int,
    count: int,
    block: bytearray,
) -> "tuple[int, int]":
    """Move `count` bytes from `at` on into `block`: (how many there were, where the next is)."""
    taken = 0
    while taken < count and at < len(aside):
        if not aside[at]:
            block[taken] = memory[at]
            taken += 1
        at += 1
    return taken, at


def message_of_type4(file: "bytes | bytearray | memoryview") -> "bytes | None":
    """The NDEF message in the NDEF file of a Type 4 tag (two bytes of length first), or None."""
    if len(file) < 2:
        return None
    end = 2 + (file[0] << 8 | file[1])
    return bytes(file[2:end]) if end <= len(file) else None


def read(message: "bytes | bytearray | memoryview") -> Tag:
    """Identity by the first text, address or smart poster of an NDEF message; never raises.

    Text: S_NDEF_TEXT, its key the UTF-8 form, so that no text of a tag equals a printed command.
    An address: S_NDEF_URI, or the product that a GS1 Digital Link or an SGTIN names. The other
    records (signatures, application names, media) are checked for their lengths and passed over.
    """
    if len(message) > _MAX_BYTES:
        return refused(_LONG)
    if not message:
        return refused(_EMPTY)
    records = _records(bytes(message))
    if records is None:
        return refused(_DAMAGED)
    for tnf, kind, payload in records:
        if tnf == _TNF_WELL_KNOWN:
            if kind == b"T":
                return _text_tag(payload)
            if kind == b"U":
                return _address(payload)
            if kind == b"Sp":
                return _smart_poster(payload)
    return refused(_EMPTY if records[0][0] == _TNF_EMPTY else _OTHER)


def _records(data: bytes) -> "list[Record] | None":
    """[(type name format, type, payload), ..] of a well-formed message, else None (NDEF 3.2)."""
    found: "list[Record]" = []
    at = 0
    while len(found) < _MAX_RECORDS:
        if at + 3 > len(data):
            return None
        flags = data[at]
        tnf = flags & 7
        fixed = (3 if flags & _SHORT else 6) + (1 if flags & _WITH_ID else 0)
        # in the first record, and only there, a message begins; chunks are not put together
        if flags & _CHUNK or (flags & _BEGIN == 0) != bool(found) or at + fixed > len(data):
            return None
        type_size = data[at + 1]
        id_size = data[at + fixed - 1] if flags & _WITH_ID else 0
        size = data[at + 2] if flags & _SHORT else int.from_bytes(data[at + 2 : at + 6], "big")
        start = at + fixed
        at = start + type_size + id_size + size
        typed = tnf not in (_TNF_EMPTY, _TNF_UNKNOWN)
        if at > len(data) or tnf > _TNF_UNKNOWN or typed != (type_size > 0):
            return None
        if tnf == _TNF_EMPTY and at > start:
            return None
        kind = data[start : start + type_size]
        if not _is_graphic(kind):
            return None
        found.append((tnf, kind, data[at - size : at]))
        if flags & _END:
            return found if at == len(data) else None
    return None


def _is_graphic(data: bytes) -> bool:
    """Whether `data` is ASCII without controls and spaces, as names of types and languages are."""
    return all(0x20 < byte < 0x7F for byte in data)


def _text_tag(payload: bytes) -> Tag:
    text = _text_of(payload)
    if text is None:
        return refused(_DAMAGED)
    if len(text) > _MAX_TEXT_CHARS:
        return refused(_LONG)
    if not nfc_text.is_shown(text):
        return refused(_SIGNS)
    if not text.strip():
        return refused(_EMPTY)
    from gatescan.core.tags import documents

    raw = text.encode()
    if documents.kind_of(raw):
        # nothing of it is kept; and no passport or card says what it is in a text
        return documents.tag_of(documents.PERSONAL)
    return known(S_NDEF_TEXT, bytes((S_NDEF_TEXT,)) + raw, text=text)


def _text_of(payload: bytes) -> "str | None":
    """The text of a text record: status, language code, text (RTD Text 3.2.1); None: malformed."""
    status = payload[0] if payload else 0
    start = 1 + (status & 0x3F)
    if start == 1 or status & 0x40 or start > len(payload):
        return None
    if not _is_graphic(payload[1:start]):
        return None
    return nfc_text.utf16(payload[start:]) if status & 0x80 else nfc_text.utf8(payload[start:])


def _address(payload: bytes) -> Tag:
    from gatescan.core.tags import ndef_uri

    return ndef_uri.read(payload)


def _smart_poster(payload: bytes) -> Tag:
    """The one address of a smart poster (RTD Smart Poster 3.3), if its other records are sound."""
    records = _records(payload)
    if records is None:
        return refused(_DAMAGED)
    address = None
    for tnf, kind, content in records:
        if tnf != _TNF_WELL_KNOWN:
            continue
        wrong = (
            (kind == b"U" and address is not None)
            or (kind == b"T" and _text_of(content) is None)
            or (kind == b"act" and (len(content) != 1 or content[0] > 2))
            or (kind == b"s" and len(content) != 4)
            or (kind == b"t" and nfc_text.utf8(content) is None)
            or kind == b"Sp"
        )
        if wrong:
            return refused(_DAMAGED)
        if kind == b"U":
            address = content
    return refused(_EMPTY) if address is None else _address(address)
