"""Binary EPC of an RFID tag -> the same identity as a barcode of the piece has.

Source: GS1 EPC Tag Data Standard (TDS) 2.3, sections 7 (EPC and GS1 key), 14 (binary encoding).
"""

from gatescan.core.compat import TYPE_CHECKING, const
from gatescan.core.tags import element_string, epc_classic, epc_plus
from gatescan.core.tags.epc_fields import Bits, EpcError
from gatescan.core.tags.identity import tag_of
from gatescan.core.tags.scheme import refused

if TYPE_CHECKING:
    from gatescan.core.tags.epc_fields import Decoded
    from gatescan.core.tags.scheme import Tag

_MAX_BYTES = const(62)  # a tag's word for the length has five bits: 31 words of 16 bits

_HAND = " Classify the item by hand."
# EPCs that no barcode carries (TDS table 14-1)
_NO_KEY = {0x2F: "USDOD-96", 0x35: "GID-96", 0x3A: "GDTI-113", 0x3B: "ADI-var"}
# What else makes one piece of a key: its own element string, or the end of the key's value.
_SERIAL_AIS = {"01": "21", "8006": "21", "414": "254", "8010": "8011"}


def read(data: "bytes | bytearray | memoryview") -> "Tag":
    """Identity of the EPC that a reader delivered: the words behind the PC, without its CRC.

    `data` may end in zeros, as readers deliver whole words. Its PC must have said that it is an
    EPC (bit 17h zero, TDS 9.3). Never raises: what is no valid EPC of a GS1 key has `error` set
    and no key.
    """
    if not 0 < len(data) <= _MAX_BYTES:
        return refused("The RFID tag has no EPC of a possible length." + _HAND)
    bits = Bits(data)
    header = bits.take(8)
    try:
        decoded = epc_classic.decode(header, bits) or epc_plus.decode(header, bits)
    except EpcError as why:
        return refused(
            "The EPC of the RFID tag is wrong (%s): hold the tag to the reader again, then"
            " classify the item by hand." % why.args[0]
        )
    if decoded is None:
        return refused(_unknown(header))
    ais = _pairs(decoded)
    fault = element_string.fault_of(ais)
    if fault:
        return refused(fault)
    return tag_of(decoded[0], ais)


def _unknown(header: int) -> str:
    """Why a header is refused."""
    if header in _NO_KEY:
        return "An EPC of kind %s names no GS1 key." % _NO_KEY[header] + _HAND
    if header == 0:
        return "The RFID tag is not programmed." + _HAND
    if header == 0xE2:
        return "The RFID tag gave the number of its chip in place of an EPC." + _HAND
    return "EPCs with the header %02X do not exist." % header + _HAND


def _pairs(decoded: "Decoded") -> "list[tuple[str, str]]":
    """(AI, value) pairs as the element string of a barcode has them (TDS 7)."""
    _, ai, key, serial, more = decoded
    if ai not in _SERIAL_AIS:
        return [(ai, key + serial)]
    # A location whose extension is a lone zero has none (TDS 14.6.3).
    if ai == "414" and serial == "0":
        return [(ai, key)]
    pairs = [(ai, key), (_SERIAL_AIS[ai], serial)]
    pairs.extend(more)
    return pairs
