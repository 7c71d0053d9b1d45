"""Percent-decoding of web addresses (RFC 3986, section 2.1)."""

_HEX = b"0123456789abcdefABCDEF"


def unescape(data: bytes, plus_is_space: bool = False) -> "bytes | None":
    """`data` with each %XX replaced by its byte; None where % does not lead two hex digits.

    `plus_is_space`: as in a query, where forms write + for a space (WHATWG URL, section 5.1).
    """
    if plus_is_space:
        data = data.replace(b"+", b" ")
    parts = data.split(b"%")
    if len(parts) == 1:
        return data
    out = bytearray(parts[0])
    for part in parts[1:]:
        if len(part) < 2 or part[0] not in _HEX or part[1] not in _HEX:
            return None
        out.append(int(part[:2], 16))
        out.extend(part[2:])
    return bytes(out)
