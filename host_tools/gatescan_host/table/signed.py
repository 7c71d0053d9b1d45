"""From a site file and a key to a signed table: what `table build` and the demo do."""

import os
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gatescan.core.trust import lms
from gatescan_host.errors import GatescanError
from gatescan_host.signing import bundle, keys
from gatescan_host.signing.leaf_counter import write_flushed
from gatescan_host.site.load import load_site
from gatescan_host.table.build import build_table

_SALT_BYTES = 16
_DAY_S = 86400
_CLOCK_SLACK_S = 3600  # scanners whose clock is a little behind take the table at once


@dataclass(frozen=True)
class SignedTable:
    """The bytes of a .gst file and what is in them."""

    data: bytes
    seq: int
    site_id: str
    stats: dict[str, Any]


def site_salt(key_folder: Path) -> bytes:
    """The secret that keys this site's tag ids, made on first use and kept beside the key."""
    path = key_folder / "site.salt"
    if not path.exists():
        write_flushed(path, os.urandom(_SALT_BYTES), 0o600)
    salt = path.read_bytes()
    if len(salt) != _SALT_BYTES:
        raise GatescanError(
            f"{path} is damaged: put its copy back, or remove it and have every scanner synced "
            "anew; old log entries of tags then cannot be told apart."
        )
    return salt


def build_signed(
    site_path: Path,
    key_folder: Path,
    *,
    now_utc: int | None = None,
    seq: int | None = None,
    parent: bytes | None = None,
) -> SignedTable:
    """Compile `site_path` and sign it; raises GatescanError.

    `seq` rises with every signature of a key unless given; `parent` is the signed table file
    that this one follows.
    """
    now = int(time.time()) if now_utc is None else now_utc
    source = load_site(site_path)
    number = keys.status(key_folder).used + 1 if seq is None else seq
    built = build_table(source, seq=number, created_utc=now, salt=site_salt(key_folder))
    before = bundle.parse(parent) if parent is not None else None
    published_q = -1
    if before is not None and before.manifest.key_id == lms.key_id(keys.public(key_folder)):
        # A key folder put back from a copy shows here: it would sign with a spent leaf.
        published_q = lms.signature_index(before.signature)
    data = bundle.sign_table(
        built.data,
        key_folder,
        site_id=source.site.site_id,
        seq=number,
        not_before=now - _CLOCK_SLACK_S,
        not_after=now + source.site.valid_days * _DAY_S,
        parent_sha256=before.manifest.table_sha256 if before is not None else b"",
        published_q=published_q,
    )
    return SignedTable(data, number, source.site.site_id, built.stats)
