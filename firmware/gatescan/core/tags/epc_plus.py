"""Binary EPCs of TDS 2.0 and later: SGTIN+ to ITIP+, and SGTIN++ to ITIP++ with a domain name.

Source: GS1 EPC Tag Data Standard 2.3, sections 14.5 (methods), 14.6 (coding tables), 15.3.
The domain name is passed over: whoever wrote the tag chose it, and it is no part of the identity.
So are the further data (+AIDC) that a tag may carry behind the EPC.
"""

from gatescan.core.compat import TYPE_CHECKING
from gatescan.core.tags.epc_fields import KEY_AIS, EpcError

if TYPE_CHECKING:
    from gatescan.core.tags.epc_fields import Bits, Decoded

# header of + and ++, scheme of + and ++, AI (its place in KEY_AIS), digits of the key (0: digits
# up to a mark), serial: a characters, n digits, - none; its greatest length
_ROWS = (
    b"\xf7\xfd\x0a\x13\x00\x0ea\x14",  # SGTIN
    b"\xfb\xfc\x14\x15\x00\x0ea\x14",  # DSGTIN
    b"\xf9\xef\x17\x38\x01\x12-\x00",  # SSCC
    b"\xf2\xe9\x1a\x39\x02\x0da\x14",  # SGLN
    b"\xf1\xeb\x1d\x1e\x03\x0ea\x10",  # GRAI
    b"\xfa\xee\x21\x22\x04\x00-\x00",  # GIAI
    b"\xf4\xe7\x24\x25\x05\x12-\x00",  # GSRN
    b"\xf5\xe8\x27\x28\x06\x12-\x00",  # GSRNP
    b"\xf6\xea\x2b\x2c\x07\x0da\x11",  # GDTI
    b"\xf0\xe6\x2f\x30\x08\x00n\x0c",  # CPI
    b"\xf8\xec\x32\x33\x09\x0dn\x0c",  # SGCN
    b"\xf3\xed\x36\x37\x0a\x12a\x14",  # ITIP
)
_DSGTIN = 0xFB
_KEY_CHARS = 30  # of a GIAI and a CPI
_DATE_AIS = ("11", "13", "15", "16", "17", "7006", "7007")  # TDS 14.5.3

_UPPER = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_LOWER = "abcdefghijklmnopqrstuvwxyz"
_DIGITS = "0123456789"


def decode(header: int, bits: "Bits") -> "Decoded | None":
    """What the EPC names, from behind its header on; None when another file knows the header.

    Raises EpcError for bits that the coding table does not allow.
    """
    for row in _ROWS:
        if header in row[:2]:
            break
    else:
        return None
    more = bits.take(1)  # further data follow the EPC
    bits.take(3)  # filter value: piece, case, pallet
    dates = (_date(bits),) if row[0] == _DSGTIN else ()
    key = _digits(bits, row[5]) if row[5] else _delimited(bits)
    serial = ""
    if row[6] == 0x61:
        serial = _characters(bits, row[7])
    elif row[6] == 0x6E:
        serial = _numeric(bits, _length(bits, 4, row[7]))
    plus_plus = header == row[1]
    if plus_plus:
        _skip_domain(bits)
    if not more:
        bits.end()
    return row[3] if plus_plus else row[2], KEY_AIS[row[4]], key, serial, dates


def _date(bits: "Bits") -> "tuple[str, str]":
    """Prioritised date (14.5.3); that the day exists is checked with the other values."""
    kind = bits.take(4)
    if kind >= len(_DATE_AIS):
        raise EpcError("its kind of date is reserved")
    return _DATE_AIS[kind], bits.number(7, 2) + bits.number(4, 2) + bits.number(5, 2)


def _digits(bits: "Bits", count: int) -> str:
    """Four bits a digit (14.5.4)."""
    out = ""
    for _ in range(count):
        out += bits.number(4, 1)
    return out


def _delimited(bits: "Bits") -> str:
    """Digits up to 1111, or up to 1110 and then characters (14.5.5)."""
    out = ""
    while True:
        nibble = bits.take(4)
        if nibble > 9 or len(out) == _KEY_CHARS:
            break
        out += str(nibble)
    if nibble < 14 or not out:
        raise EpcError("a digit in it does not exist")
    if nibble == 14:
        out += _characters(bits, _KEY_CHARS - len(out))
    return out


def _length(bits: "Bits", count: int, most: int) -> int:
    length = bits.take(count)
    if not 0 < length <= most:
        raise EpcError("its serial number has a wrong length")
    return length


def _numeric(bits: "Bits", length: int) -> str:
    """A number of so many digits in the fewest bits: length * log2(10), rounded up (14.5.6.1)."""
    return bits.number((length * 3322 + 999) // 1000, length)


def _characters(bits: "Bits", most: int) -> str:
    """Characters in the encoding that their first three bits name (14.5.6, table E)."""
    encoding = bits.take(3)
    length = _length(bits, 5, most)
    if encoding == 0:
        return _numeric(bits, length)
    if encoding == 1:
        return _look_up(bits, length, 4, _DIGITS + _UPPER[:6])
    if encoding == 2:
        return _look_up(bits, length, 4, _DIGITS + _LOWER[:6])
    if encoding == 3:
        return _look_up(bits, length, 6, _UPPER + _LOWER + _DIGITS + "-_")
    if encoding == 4:
        text = bits.text7(7 * length, length)
        if len(text) == length:
            return text
        raise EpcError("its serial number has a wrong length")
    if encoding == 5:
        return _urn_code_40(bits, length)
    raise EpcError("its encoding of characters is reserved")


def _look_up(bits: "Bits", length: int, width: int, alphabet: str) -> str:
    out = ""
    for _ in range(length):
        out += alphabet[bits.take(width)]
    return out


def _urn_code_40(bits: "Bits", length: int) -> str:
    """Three characters in 16 bits, the last three filled up with zeros (14.5.6.5)."""
    alphabet = "\0" + _UPPER + "-.:" + _DIGITS
    out = ""
    for _ in range((length + 2) // 3):
        code = bits.take(16) - 1
        if not 0 <= code < 64000:
            raise EpcError("a character in it does not exist")
        out += alphabet[code // 1600] + alphabet[code // 40 % 40] + alphabet[code % 40]
    if out[length:] != "\0" * (len(out) - length) or "\0" in out[:length]:
        raise EpcError("its serial number has a wrong length")
    return out[:length]


def _skip_domain(bits: "Bits") -> None:
    """Domain name in 7-bit characters or URN Code 40 (14.5.16): only its length matters."""
    seven = bits.take(1)
    length = bits.take(6)
    if not length:
        raise EpcError("its domain name is empty")
    bits.skip(7 * length if seven else (length + 2) // 3 * 16)
