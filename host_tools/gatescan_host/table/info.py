"""What is in a table: counts and sections, one tag looked up, integrity checked."""

from pathlib import Path
from typing import Any

from gatescan.core.law import names
from gatescan.core.table.format import CORRUPT, MISS, TableError
from gatescan.core.tags import barcode, em4100
from gatescan.core.tags.names import NAMES
from gatescan.core.tags.scheme import S_GTIN, Tag
from gatescan_host.errors import Exit, GatescanError
from gatescan_host.site.model import ATTRIBUTES
from gatescan_host.table.read import open_table

_SECTIONS = (
    "", "meta", "classes", "items", "item_index", "tags", "tag_index", "inmates", "base_facts",
    "policy", "texts", "rights", "ranges", "range_index", "reels", "reel_index", "codes",
)
_TAG_KINDS = ("", "inmate", "item", "seal", "badge", "command")
_MATCHED = (None, "item", "range", "overlay_item", "overlay_range", "tag", "reel")  # M_*


def info(path: Path) -> dict[str, Any]:
    """Site, counts and the size of each section; raises GatescanError."""
    table = open_table(path)
    meta = table.meta
    return {
        "site_id": meta["site_id"],
        "site": meta["site"],
        "institution": _name(names.INSTITUTIONS, meta["institution"]),
        "order_id": meta["order_id"],
        "seq": meta["seq"],
        "created_utc": meta["created_utc"],
        "valid_days": meta["valid_days"],
        "languages": [("da", "en")[n] for n in meta["languages"]],
        "items": table.items,
        "tags": table.tags,
        "inmates": table.inmates,
        "bytes": table.size,
        "sections": {_name(_SECTIONS, s.kind): s.length for s in table.sections},
    }


def get(path: Path, code: str) -> dict[str, Any]:
    """Look up a barcode, or an RFID id written `em4100:<10 hex digits>`; raises GatescanError."""
    table = open_table(path)
    tag = _tag(code)
    out: dict[str, Any] = {
        "scheme": NAMES[tag.scheme],
        "gtin": tag.gtin,
        "uid": tag.uid,
        "found": False,
        "matched": None,
        "category": "unknown",
        "attributes": [],
        "tag": None,
        "error": tag.error,
    }
    if tag.key is None:
        return out
    class_id: int = MISS
    record = table.lookup_tag(tag.key)
    if record is None and tag.scheme == S_GTIN:
        class_id = table.lookup_key(tag.key)
    elif record is not None and not isinstance(record, int):
        out["tag"] = {
            "kind": _name(_TAG_KINDS, record.kind),
            "owner": record.owner if record.owner >= 0 else None,
            "flags": record.flags,
            "command": record.command,
            "arg": record.arg,
        }
        out["found"] = True
        class_id = record.class_id if record.class_id >= 0 else MISS
    if CORRUPT in (record, class_id):
        raise GatescanError(
            f"{path} is damaged where {code} would stand: build or sync it again.",
            Exit.TABLE_REJECTED,
        )
    out["matched"] = _MATCHED[table.matched]
    if class_id >= 0:
        category, bits = table.class_of(class_id)
        out["found"] = True
        out["category"] = _name(names.CATEGORIES, category)
        out["attributes"] = [name for name, bit in ATTRIBUTES.items() if bits & bit]
    return out


def verify(path: Path) -> dict[str, Any]:
    """Check every CRC and the SHA-256 of a table; raises GatescanError with exit code 6."""
    table = open_table(path)
    try:
        for _ in table.verify():
            pass
    except TableError as error:
        raise GatescanError(f"{path}: {error}", Exit.TABLE_REJECTED) from None
    return {"ok": True, "bytes": table.size, "items": table.items, "tags": table.tags}


def _tag(code: str) -> Tag:
    if code.lower().startswith("em4100:"):
        try:
            return em4100.read(bytes.fromhex(code[7:]))
        except ValueError:
            raise GatescanError(
                f"'{code}' is no RFID id: write em4100: and ten hex digits.", Exit.USAGE
            ) from None
    return barcode.parse(code.encode())


def _name(known: tuple[str, ...], number: int) -> str:
    return known[number] if 0 <= number < len(known) else str(number)
