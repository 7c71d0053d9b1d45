"""The part of CBOR (RFC 8949) that SMP and the signed manifest use, canonical and definite only.

Integers up to 64 bits, byte strings, text, arrays, maps with text keys, false, true, null.
Byte strings come back as views into the input: nothing is copied until somebody keeps it.
"""

import struct

from gatescan.core.compat import TYPE_CHECKING, const

if TYPE_CHECKING:
    from typing import Any

_MAX_DEPTH = const(6)  # levels; the deepest message of this protocol has 3
_MAX_ITEMS = const(64)  # entries of one array or map


class CborError(ValueError):
    """The bytes are not CBOR of the supported kind; the text says what is wrong."""


def _head(out: bytearray, major: int, value: int) -> None:
    major <<= 5
    if value < 24:
        out.append(major | value)
    elif value < 0x100:
        out.append(major | 24)
        out.append(value)
    elif value < 0x10000:
        out.extend(struct.pack(">BH", major | 25, value))
    elif value < 0x100000000:
        out.extend(struct.pack(">BI", major | 26, value))
    else:
        out.extend(struct.pack(">BQ", major | 27, value))


def _key_order(key: str) -> "tuple[int, bytes]":
    raw = key.encode()
    return len(raw), raw


def encode_into(out: bytearray, value: "Any") -> bytearray:
    """Append the encoding of `value` to `out` and return `out`.

    Maps are written with their keys sorted by length, then bytewise, so that equal
    content gives equal bytes. Raises CborError for a type that SMP does not know.
    """
    if value is None:
        out.append(0xF6)
    elif value is True:
        out.append(0xF5)
    elif value is False:
        out.append(0xF4)
    elif isinstance(value, int):
        if not -(1 << 64) <= value < 1 << 64:
            raise CborError("integer over 64 bits")
        if value >= 0:
            _head(out, 0, value)
        else:
            _head(out, 1, -1 - value)
    elif isinstance(value, str):
        raw = value.encode()
        _head(out, 3, len(raw))
        out.extend(raw)
    elif isinstance(value, (bytes, bytearray, memoryview)):
        _head(out, 2, len(value))
        out.extend(value)
    elif isinstance(value, (list, tuple)):
        _head(out, 4, len(value))
        for item in value:
            encode_into(out, item)
    elif isinstance(value, dict):
        _head(out, 5, len(value))
        for key in sorted(value, key=_key_order):
            encode_into(out, key)
            encode_into(out, value[key])
    else:
        raise CborError("type not in the protocol")
    return out


def encode(value: "Any") -> bytes:
    """The encoding of `value` as bytes; see `encode_into`."""
    return bytes(encode_into(bytearray(), value))


def _text(view: memoryview) -> str:
    try:
        return str(view, "utf-8")
    except UnicodeError:
        raise CborError("text is not UTF-8")


class _Decoder:
    def __init__(self, view: memoryview) -> None:
        self.view = view
        self.end = len(view)
        self.pos = 0

    def head(self) -> "tuple[int, int]":
        view, pos = self.view, self.pos
        if pos >= self.end:
            raise CborError("cut short")
        first = view[pos]
        low = first & 31
        self.pos = pos = pos + 1
        if low < 24:
            return first >> 5, low
        if low > 27:
            raise CborError("indefinite length or reserved head")
        width = 1 << (low - 24)
        if pos + width > self.end:
            raise CborError("cut short")
        if first >> 5 == 7:
            raise CborError("floats and extended simple values are not in the protocol")
        value = 0
        for i in range(pos, pos + width):
            value = value << 8 | view[i]
        self.pos = pos + width
        return first >> 5, value

    def item(self, depth: int) -> "Any":
        if depth > _MAX_DEPTH:
            raise CborError("nested too deeply")
        major, value = self.head()
        if major == 0:
            return value
        if major == 1:
            return -1 - value
        if major == 2 or major == 3:
            start = self.pos
            if value > self.end - start:
                raise CborError("cut short")
            self.pos = start + value
            part = self.view[start : start + value]
            return part if major == 2 else _text(part)
        if major == 4 or major == 5:
            if value > _MAX_ITEMS:
                raise CborError("too many entries")
            return self.items(value, depth) if major == 4 else self.map(value, depth)
        if major == 7 and value in (20, 21, 22):
            return None if value == 22 else value == 21
        raise CborError("tags and simple values are not in the protocol")

    def items(self, count: int, depth: int) -> "list[Any]":
        out = []
        for _ in range(count):
            out.append(self.item(depth + 1))
        return out

    def map(self, count: int, depth: int) -> "dict[str, Any]":
        out = {}
        for _ in range(count):
            key = self.item(depth + 1)
            if not isinstance(key, str):
                raise CborError("a map key is not text")
            if key in out:
                raise CborError("a map key stands twice")
            out[key] = self.item(depth + 1)
        return out


def decode(data: "bytes | bytearray | memoryview") -> "Any":
    """The value in `data`, which must hold exactly one; byte strings are views into `data`.

    Raises CborError, and nothing else, for any other input.
    """
    decoder = _Decoder(memoryview(data))
    value = decoder.item(0)
    if decoder.pos != decoder.end:
        raise CborError("bytes after the end")
    return value
