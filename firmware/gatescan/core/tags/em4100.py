"""EM4100 ids (125 kHz) -> one identity. An id is an index into the table, never a proof."""

from gatescan.core.tags.scheme import S_EM4100, Tag, known, refused


def read(id40: "int | bytes | bytearray | memoryview") -> Tag:
    """Identity of a 40-bit EM4100 id (version byte first), given as a number or 5 bytes.

    Ten equal nibbles are refused: readers report 0000000000 and FFFFFFFFFF out of noise.
    """
    if isinstance(id40, int):
        if not 0 <= id40 < 1 << 40:
            return refused("The RFID id has not 40 bits: hold the tag to the reader again.")
        raw = id40.to_bytes(5, "big")
    else:
        raw = bytes(id40)
        if len(raw) != 5:
            return refused("The RFID id has not 40 bits: hold the tag to the reader again.")
    uid = "%02X%02X%02X%02X%02X" % tuple(raw)
    if uid == uid[0] * 10:
        return refused("The RFID id is reader noise: hold the tag to the reader again.")
    return known(S_EM4100, bytes((S_EM4100,)) + raw, uid=uid)
