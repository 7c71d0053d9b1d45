"""The record of one seal in a table: FORMAT.md, SEALS."""

import struct
from binascii import crc32
from collections import namedtuple

from gatescan.core.compat import TYPE_CHECKING, const
from gatescan.core.table.format import CORRUPT, SEAL_BYTES

if TYPE_CHECKING:
    from gatescan.core.table.layers import Place

_CHECKED_BYTES = const(44)

# kind: SK_*; flags: SB_*; last_ctr: highest counter seen by the host; uid: 7 bytes;
# meta_key: of the PICC data, None where they are not encrypted; file_key: of this seal
SealRecord = namedtuple(
    "SealRecord", ("kind", "flags", "last_ctr", "uid", "meta_key", "file_key")
)


def read_seal(place: "Place", number: int) -> "SealRecord | int | None":
    """Seal `number` (from 1) of the section at `place`; None without such a seal, or CORRUPT."""
    read_at, offset, length = place
    at = (number - 1) * SEAL_BYTES
    if not 0 <= at < length:
        return None
    data = bytearray(SEAL_BYTES)
    try:
        read_at(offset + at, data)
    except OSError:
        return CORRUPT
    kind, flags, ctr, uid, meta_key, file_key, crc = struct.unpack("<BB3s7s16s16sI", data)
    if crc32(memoryview(data)[:_CHECKED_BYTES], crc32(struct.pack("<I", number))) != crc:
        return CORRUPT
    return SealRecord(
        kind,
        flags,
        int.from_bytes(ctr, "little"),
        uid,
        meta_key if meta_key.strip(b"\0") else None,
        file_key,
    )
