"""Binary EPCs with a company prefix of 6 to 12 digits (partition): SGTIN-96 to ITIP-212.

Source: GS1 EPC Tag Data Standard 2.3, sections 14.4 (decoding methods) and 14.6 (coding tables).
"""

from gatescan.core.compat import TYPE_CHECKING
from gatescan.core.tags import gtin
from gatescan.core.tags.epc_fields import KEY_AIS, EpcError

if TYPE_CHECKING:
    from gatescan.core.tags.epc_fields import Bits, Decoded

# Bits of the company prefix by partition 0 to 6; it has 12 to 6 digits (TDS table 14-16).
_PREFIX_BITS = b"\x28\x25\x22\x1e\x1b\x18\x14"

# header, scheme, AI (its place in KEY_AIS), bits of prefix and reference, digits of both,
# reference: # zero-filled number, u plain number, s 7-bit text, v 6-bit text up to a zero,
# serial: i number, s 7-bit text, n number behind a 1, z reserved zeros, - none; bits of serial
_ROWS = (
    b"\x30\x08\x00\x2c\x0d#i\x26",  # SGTIN-96
    b"\x36\x09\x00\x2c\x0d#s\x8c",  # SGTIN-198
    b"\x31\x16\x01\x3a\x11#z\x18",  # SSCC-96
    b"\x32\x18\x02\x29\x0c#i\x29",  # SGLN-96
    b"\x39\x19\x02\x29\x0c#s\x8c",  # SGLN-195
    b"\x33\x1b\x03\x2c\x0c#i\x26",  # GRAI-96
    b"\x37\x1c\x03\x2c\x0c#s\x70",  # GRAI-170
    b"\x34\x1f\x04\x52\x1eu-\x00",  # GIAI-96
    b"\x38\x20\x04\xbc\x1es-\x00",  # GIAI-202
    b"\x2d\x23\x05\x3a\x11#z\x18",  # GSRN-96
    b"\x2e\x26\x06\x3a\x11#z\x18",  # GSRNP-96
    b"\x2c\x29\x07\x29\x0c#i\x29",  # GDTI-96
    b"\x3e\x2a\x07\x29\x0c#s\x77",  # GDTI-174
    b"\x3c\x2d\x08\x33\x0fui\x1f",  # CPI-96
    b"\x3d\x2e\x08\x00\x1evi\x28",  # CPI-var
    b"\x3f\x31\x09\x29\x0c#n\x29",  # SGCN-96
    b"\x40\x34\x0a\x2c\x0d#i\x26",  # ITIP-110
    b"\x41\x35\x0a\x2c\x0d#s\x8c",  # ITIP-212
)


def decode(header: int, bits: "Bits") -> "Decoded | None":
    """What the EPC names, from behind its header on; None when another file knows the header.

    Raises EpcError for bits that the coding table does not allow. The filter value (piece, case,
    pallet) is no part of the identity.
    """
    for row in _ROWS:
        if row[0] == header:
            break
    else:
        return None
    bits.take(3)
    partition = bits.take(3)
    if partition == 7:
        raise EpcError("its partition 7 does not exist")
    prefix = bits.number(_PREFIX_BITS[partition], 12 - partition)
    reference = _reference(row, bits, _PREFIX_BITS[partition], 12 - partition)
    ai = KEY_AIS[row[2]]
    key = _key(ai, prefix, reference)
    if ai == "8006":
        key += bits.number(7, 2) + bits.number(7, 2)  # piece, and of how many
    serial = _serial(chr(row[6]), bits, row[7])
    bits.end()
    return row[1], ai, key, serial, ()


def _reference(row: bytes, bits: "Bits", prefix_bits: int, prefix_digits: int) -> str:
    """The digits or characters that stand behind the company prefix."""
    count = row[3] - prefix_bits
    most = row[4] - prefix_digits
    kind = chr(row[5])
    if kind == "#":
        return bits.number(count, most)
    if kind == "u":
        digits = str(bits.take(count))
        if len(digits) > most:
            raise EpcError("a number in it is too large")
        return digits
    if kind == "s":
        return bits.text7(count, most)
    return _text6(bits, most)


def _text6(bits: "Bits", most: int) -> str:
    """6-bit characters up to six zeros: the low bits of their ASCII code (TDS annex G)."""
    out = ""
    while True:
        code = bits.take(6)
        if not code:
            break
        char = chr(code + 64 if code < 32 else code)
        if not ("0" <= char <= "9" or "A" <= char <= "Z" or char in "#-/"):
            raise EpcError("a character in it does not exist")
        out += char
        if len(out) > most:
            raise EpcError("its reference is too long")
    if not out:
        raise EpcError("its reference is empty")
    return out


def _key(ai: str, prefix: str, reference: str) -> str:
    """The value of the key: digits in the order of a barcode, and their check digit (TDS 7)."""
    if ai in ("8004", "8010"):
        return prefix + reference
    if ai in ("01", "00", "8006"):  # the first digit of the reference leads: indicator, extension
        digits = reference[0] + prefix + reference[1:]
    else:
        digits = prefix + reference
    digits += str(gtin.check_digit(digits.encode(), 0, len(digits)))
    return "0" + digits if ai == "8003" else digits


def _serial(kind: str, bits: "Bits", count: int) -> str:
    if kind == "i":
        return str(bits.take(count))
    if kind == "s":
        return bits.text7(count, count // 7)
    if kind == "n":
        digits = str(bits.take(count))
        if digits[0] != "1" or len(digits) == 1:
            raise EpcError("its serial number has no end mark")
        return digits[1:]
    if kind == "z" and bits.take(count):
        raise EpcError("its reserved bits are not zero")
    return ""
