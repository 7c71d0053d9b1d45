"""Fixed-width records of a table as named tuples: site, tags, inmates, facts."""

import struct
from binascii import crc32
from collections import namedtuple

from gatescan.core.table.format import (
    BITMAP_BYTES,
    CORRUPT,
    NO_CLASS,
    NO_OWNER,
    TAG_KEY_BYTES,
)

# kind: TK_*; class_id and owner (index of an inmate): -1 = none; flags: TF_*; command: CMD_*
TagRecord = namedtuple("TagRecord", ("kind", "class_id", "owner", "flags", "command", "arg"))

# pseudonym: 8 bytes, keyed; regime: 0 sentenced, 1 pretrial; restricted (section 1(2)) and decided
# (section 11): bitmap of categories in the form of core/law/facts.py; None = the list is not
# known, which is never "empty"; permitted: the permissions are known; rights: as FORMAT.md says
Inmate = namedtuple(
    "Inmate", ("pseudonym", "regime", "restricted", "decided", "permitted", "rights")
)


def read_tag(data: bytearray, at: int, classes: int, inmates: int) -> "TagRecord | int":
    """The tag record at `data[at:]`; CORRUPT when it names a class or inmate that is not there."""
    kind, class_id, owner, flags, command, arg = struct.unpack_from(
        "<BBHBBI", data, at + TAG_KEY_BYTES
    )
    class_id = -1 if class_id == NO_CLASS else class_id
    owner = -1 if owner == NO_OWNER else owner
    if class_id >= classes or owner >= inmates:
        return CORRUPT
    return TagRecord(kind, class_id, owner, flags, command, arg)


def read_inmate(data: bytearray, rights: "bytes | bytearray", index: int) -> "Inmate | int":
    """The inmate record in `data` with its entries; CORRUPT when their CRC does not fit."""
    pseudonym, regime, known, _, restricted, decided, crc = struct.unpack("<8sBBH8s8sI", data)
    seed = crc32(memoryview(data)[:28], crc32(struct.pack("<I", index)))
    if crc32(rights, seed) != crc or regime > 1:
        return CORRUPT
    return Inmate(
        pseudonym,
        regime,
        restricted[:BITMAP_BYTES] if known & 1 else None,
        decided[:BITMAP_BYTES] if known & 2 else None,
        known & 4 != 0,
        rights,
    )
