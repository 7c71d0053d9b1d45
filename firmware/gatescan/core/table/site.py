"""The site of a table and its base facts. Read once, when a table is opened."""

import struct

from gatescan.core.table.format import (
    BITMAP_BYTES,
    FACT_BYTES,
    FT_BITMAP,
    FT_BOOL,
    FT_NULL,
    FT_NUMBER,
    META_FORMAT,
    TableError,
)

_REMEDY = ": sync the table again."


def read_meta(data: bytearray) -> dict:
    """The META section as a dict; raises TableError."""
    (site_id, site, order_id, salt, seq, created, days, institution, langs, lang, _) = (
        struct.unpack(META_FORMAT, data)
    )
    try:
        return {
            "site_id": _text(site_id),
            "site": _text(site),
            "order_id": _text(order_id),
            "salt": salt,
            "seq": seq,
            "created_utc": created,
            "valid_days": days,
            "institution": institution,
            "languages": tuple(n for n in (0, 1) if langs >> n & 1),
            "language": lang,
        }
    except ValueError:  # UnicodeError on both interpreters
        raise TableError("The site data of the table are damaged" + _REMEDY)


def _text(field: bytes) -> str:
    return str(field.split(b"\0")[0], "utf-8")


def read_facts(data: bytearray) -> "list[tuple[int, int | bool | bytes | None]]":
    """The BASE_FACTS section as (fact number, value) in file order; raises TableError."""
    facts = []
    for at in range(0, len(data), FACT_BYTES):
        number, kind, value = struct.unpack_from("<BBq", data, at)
        if kind == FT_NULL:
            value = None
        elif kind == FT_BOOL:
            value = bool(value)
        elif kind == FT_BITMAP:
            value = bytes(data[at + 2 : at + 2 + BITMAP_BYTES])
        elif kind != FT_NUMBER:
            raise TableError("A fact of the table has an unknown type: update the scanner.")
        facts.append((number, value))
    return facts
