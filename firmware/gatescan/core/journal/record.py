"""The journal's event record: 32 bytes of body, then a 16-byte link of the hash chain.

    seq u32 | utc u32 | tick_ms u32 | boot u16 | kind u8 | flags u8 | table_seq u16 |
    verdict u8 | category u8 | citation u32 | tag 8 bytes          (all little endian)

No names: `tag` is a retail code, or a keyed hash of whatever else identifies an item or a person.
"""

import struct
from collections import namedtuple

from gatescan.core.compat import TYPE_CHECKING, const

if TYPE_CHECKING:
    Buffer = bytes | bytearray | memoryview

BODY_BYTES = const(32)
LINK_BYTES = const(16)
RECORD_BYTES = const(48)  # body and link
TAG_BYTES = const(8)
NO_TAG = bytes(8)

# Kinds of events, stored for ever: never renumber. What the fields mean where they differ from
# a scan stands beside; a field not named is 0, and a seq of 0 was not known.
JK_BOOT = const(0x01)  # verdict = reset cause
JK_SCAN = const(0x02)  # verdict, category, citation, tag, flags of the item
JK_SEALED = const(0x03)  # tag = seal, category = obligation O_SEAL, citation = seq of the scan
JK_DONE = const(0x04)  # tag = item, category = obligation O_*, citation = seq of the scan
JK_VISIT_OPEN = const(0x05)  # tag = visit card
JK_VISIT_END = const(0x06)  # citation = seq of the opening
JK_TABLE_ACTIVATED = const(0x07)  # table_seq = new one, tag = first bytes of its SHA-256
JK_TABLE_REFUSED = const(0x08)  # verdict = REFUSED_* of trust/acceptance.py, table_seq = its own
JK_CLOCK_SET = const(0x09)  # utc = new time, citation = time before, 0 = was not set
JK_UNLOCK = const(0x0A)
JK_UNLOCK_FAILED = const(0x0B)
JK_PROVISIONED = const(0x0C)  # tag = first bytes of the key id
JK_FAULT = const(0x0D)  # verdict = fault code of app, citation = detail
JK_TAG_REFUSED = const(0x0E)  # as a scan; the tag was unreadable or ambiguous
JK_LOGIN = const(0x0F)  # tag = guard's badge
JK_MAINTENANCE = const(0x10)
JK_SEAL_CHECK = const(0x11)  # tag = seal, category = SO_*, citation = seq of the item's scan

# flags
JF_CLOCK_OK = const(0x01)  # utc can be trusted
JF_STALE_TABLE = const(0x02)  # the table had expired, or the clock was lost
JF_SEALED = const(0x10)
JF_LABELLED = const(0x20)

_FOR_WHOM_SHIFT = const(2)  # 2 bits
_REGISTERED_SHIFT = const(6)  # 2 bits
_LAYOUT = "<IIIHBBHBBI8s"
_RETAIL_LIMIT = const(100_000_000_000_000)  # a GTIN has at most 14 digits
_KEYED = const(0x80)  # top bit of byte 1: the 7 bytes are a hash; a GTIN never reaches it

Record = namedtuple(
    "Record", "seq utc tick_ms boot kind flags table_seq verdict category citation tag"
)
"""utc: seconds since 1970, 0 = clock not set; tick_ms: since boot; boot: number of the start;
table_seq: low 16 bits; citation: packed by law/citation.py; tag: 8 bytes."""


class RecordError(ValueError):
    """A value does not fit its field, or bytes are not a whole record."""


def pack_into(
    buffer: "bytearray | memoryview",
    seq: int,
    kind: int,
    utc: int = 0,
    tick_ms: int = 0,
    boot: int = 0,
    flags: int = 0,
    table_seq: int = 0,
    verdict: int = 0,
    category: int = 0,
    citation: int = 0,
    tag: "Buffer" = NO_TAG,
) -> None:
    """Write a body to the first 32 bytes of `buffer`.

    `tick_ms`, `boot` and `table_seq` count on and wrap into their fields. Raises RecordError
    when another value does not fit, before anything is written.
    """
    if not (0 <= seq <= 0xFFFFFFFF and 0 <= utc <= 0xFFFFFFFF and 0 <= citation <= 0xFFFFFFFF):
        raise RecordError("seq, utc or citation is not a number of 32 bits")
    if kind < 0 or flags < 0 or verdict < 0 or category < 0:
        raise RecordError("kind, flags, verdict or category is negative")
    if kind > 255 or flags > 255 or verdict > 255 or category > 255:
        raise RecordError("kind, flags, verdict or category is not a number of 8 bits")
    if len(tag) != TAG_BYTES:
        raise RecordError("a tag is 8 bytes")
    struct.pack_into(
        _LAYOUT, buffer, 0, seq, utc, tick_ms & 0xFFFFFFFF, boot & 0xFFFF, kind, flags,
        table_seq & 0xFFFF, verdict, category, citation, tag,
    )


def pack(seq: int, kind: int, **fields: "int | Buffer") -> bytes:
    """The 32-byte body of an event; fields and errors as in `pack_into`."""
    body = bytearray(BODY_BYTES)
    pack_into(body, seq, kind, **fields)  # type: ignore[arg-type]
    return bytes(body)


def unpack(body: "Buffer", offset: int = 0) -> Record:
    """The Record whose body begins at `offset`; any 32 bytes are one.

    Raises RecordError when fewer are there. Kinds not known here pass: a newer scanner wrote them.
    """
    if offset < 0 or len(body) < offset + BODY_BYTES:
        raise RecordError("a record's body is 32 bytes")
    return Record(*struct.unpack_from(_LAYOUT, body, offset))


def make_flags(
    clock_ok: bool,
    stale_table: bool = False,
    for_whom: int = 0,
    sealed: bool = False,
    labelled: bool = False,
    registered_to: int = 0,
) -> int:
    """The flags byte; `for_whom` and `registered_to` are the positions of their codes, 0 to 3."""
    return (
        (JF_CLOCK_OK if clock_ok else 0)
        | (JF_STALE_TABLE if stale_table else 0)
        | (JF_SEALED if sealed else 0)
        | (JF_LABELLED if labelled else 0)
        | (for_whom & 3) << _FOR_WHOM_SHIFT
        | (registered_to & 3) << _REGISTERED_SHIFT
    )


def for_whom(flags: int) -> int:
    """The position of the `for_whom` code in a flags byte."""
    return flags >> _FOR_WHOM_SHIFT & 3


def registered_to(flags: int) -> int:
    """The position of the `registered_to` code in a flags byte."""
    return flags >> _REGISTERED_SHIFT & 3


def retail_tag(scheme: int, gtin: int) -> bytes:
    """The tag of a retail code: scheme, then the GTIN as a number of 7 bytes, big endian.

    Raises RecordError for a number of more than 14 digits: it would look like a hash.
    """
    if not 0 < gtin < _RETAIL_LIMIT:
        raise RecordError("a GTIN has 1 to 14 digits")
    return bytes((scheme,)) + gtin.to_bytes(7, "big")


def keyed_tag(scheme: int, digest: "Buffer") -> bytes:
    """The tag of anything else: scheme, then the first 7 bytes of a keyed hash, top bit set."""
    return bytes((scheme, digest[0] | _KEYED)) + bytes(digest[1:7])


def tag_gtin(tag: "Buffer") -> int:
    """The GTIN in a tag of `retail_tag`, 0 for a keyed tag or none."""
    number = int.from_bytes(bytes(tag[1:8]), "big")
    return number if number < _RETAIL_LIMIT else 0
