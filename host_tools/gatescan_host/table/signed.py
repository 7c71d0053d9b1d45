"""From a site file and a key to a signed table: what `table build` and the demo do."""

import os
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from gatescan.core.table import format as fmt
from gatescan.core.table.format import TableError
from gatescan.core.trust import lms
from gatescan_host.errors import GatescanError
from gatescan_host.signing import bundle, keys
from gatescan_host.signing.leaf_counter import write_flushed
from gatescan_host.site.intake import Intake
from gatescan_host.site.load import load_site
from gatescan_host.table.build import build_table
from gatescan_host.table.built import BuiltTable
from gatescan_host.table.delta import Delta, NoDelta, make_delta, prove
from gatescan_host.table.parent import Parent, read_parent
from gatescan_host.table.read import open_bytes
from gatescan_host.table.rebase import rebase_saves_percent

_SALT_BYTES = 16
_DAY_S = 86400
_CLOCK_SLACK_S = 3600  # scanners whose clock is a little behind take the table at once
_WORTH_DELTA = 3  # a delta is smaller than this part of the table, or there is none
_WORTH_REBASE_PERCENT = 3
_FIGURES = ("delta_bytes", "ops_bytes", "changes", "overlay_bytes", "rebase_saves_percent")


@dataclass(frozen=True)
class SignedTable:
    """The bytes of a .gst file and what is in them.

    `delta`: those of the .gsd file beside it, empty without a delta; `remarks`: sentences for
    people about what the parent brought or did not bring.
    """

    data: bytes
    seq: int
    site_id: str
    stats: dict[str, Any]
    delta: bytes = b""
    remarks: list[str] = field(default_factory=list)


def site_salt(key_folder: Path) -> bytes:
    """The secret that keys this site's tag ids, made on first use and kept beside the key."""
    path = key_folder / "site.salt"
    if not path.exists():
        write_flushed(path, os.urandom(_SALT_BYTES), 0o600)
    salt = path.read_bytes()
    if len(salt) != _SALT_BYTES:
        raise GatescanError(
            f"{path} is damaged: put its copy back, or remove it and have every scanner synced "
            "anew and the command sheet printed anew; old log entries of tags then cannot be told"
            " apart."
        )
    return salt


def build_signed(
    site_path: Path,
    key_folder: Path,
    *,
    now_utc: int | None = None,
    seq: int | None = None,
    parent: bytes | None = None,
    intake: Intake | None = None,
) -> SignedTable:
    """Compile `site_path` and sign it; raises GatescanError.

    `seq` rises with every signature of a key unless given; `parent` is the signed table file
    that this one follows: its code is kept, and a delta leads from it to this one; `intake` says
    how item lists are taken in.
    """
    now = int(time.time()) if now_utc is None else now_utc
    source = load_site(site_path)
    before = read_parent(parent, source.site.site_id) if parent is not None else None
    number = keys.status(key_folder).used + 1 if seq is None else seq
    salt = site_salt(key_folder)
    built = build_table(
        source, seq=number, created_utc=now, salt=salt, intake=intake, parent=before
    )
    built.stats.update(dict.fromkeys(_FIGURES))
    remarks: list[str] = []
    delta = _follow(before, built, remarks) if before is not None else None
    published_q = -1
    if before is not None and before.head.manifest.key_id == lms.key_id(keys.public(key_folder)):
        # A key folder put back from a copy shows here: it would sign with a spent leaf.
        published_q = lms.signature_index(before.head.signature)
    data = bundle.sign_table(
        built.data,
        key_folder,
        site_id=source.site.site_id,
        seq=number,
        not_before=now - _CLOCK_SLACK_S,
        not_after=now + source.site.valid_days * _DAY_S,
        parent_sha256=before.head.manifest.table_sha256 if before is not None else b"",
        published_q=published_q,
        delta=bundle.DeltaFiles(delta.data, delta.overlay) if delta is not None else None,
    )
    beside = bundle.delta_file(data, delta.data) if delta is not None else b""
    return SignedTable(data, number, source.site.site_id, built.stats, beside, remarks)


def _follow(parent: Parent, built: BuiltTable, remarks: list[str]) -> Delta | None:
    """The delta from the parent, None where the whole table is as good; tells its figures."""
    items = open_bytes(built.data).files.need(fmt.K_ITEMS)
    saves = rebase_saves_percent(built.items, parent.codes, items.length)
    built.stats["rebase_saves_percent"] = saves
    if saves > _WORTH_REBASE_PERCENT:
        remarks.append(f"Building without --parent would save {saves} % of the items' bytes.")
    try:
        delta = make_delta(parent.data, built.data, built.items)
        if _WORTH_DELTA * len(delta.data) >= len(built.data):
            raise NoDelta(f"it would take {len(delta.data)} of the {len(built.data)} bytes")
        if not prove(parent.table, delta):
            raise GatescanError(
                "The delta does not give what it should, which is a fault of this program: build"
                " without --parent."
            )
    except NoDelta as why:
        remarks.append(f"There is no delta, send the whole table: {why}.")
        return None
    except TableError as damage:
        raise GatescanError(f"The parent cannot be followed: {damage}") from None
    built.stats["delta_bytes"] = len(delta.data)
    built.stats["ops_bytes"] = delta.ops_bytes
    built.stats["changes"] = delta.changes
    built.stats["overlay_bytes"] = len(delta.overlay)
    return delta
