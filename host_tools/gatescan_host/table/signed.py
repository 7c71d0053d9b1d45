"""From a site file and a key to a signed table: what `table build` and the demo do."""

import os
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gatescan_host.signing import bundle, keys
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
    try:
        return path.read_bytes()
    except FileNotFoundError:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        salt = os.urandom(_SALT_BYTES)
        with os.fdopen(descriptor, "wb") as file:
            file.write(salt)
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
    parent_sha = bundle.parse(parent).manifest.table_sha256 if parent is not None else b""
    data = bundle.sign_table(
        built.data,
        key_folder,
        site_id=source.site.site_id,
        seq=number,
        not_before=now - _CLOCK_SLACK_S,
        not_after=now + source.site.valid_days * _DAY_S,
        parent_sha256=parent_sha,
    )
    return SignedTable(data, number, source.site.site_id, built.stats)
