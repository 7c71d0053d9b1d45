"""Signed table files: written with a key folder, checked with a public key."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from gatescan.core.trust import bundle, lms, manifest
from gatescan_host.errors import Exit
from gatescan_host.signing import keys
from gatescan_host.signing.errors import SigningError


@dataclass(frozen=True)
class DeltaFiles:
    """What a scanner that has the parent needs instead of the table."""

    delta: bytes
    overlay: bytes  # the file that it makes of it


def _rejected(sentence: str) -> SigningError:
    return SigningError(sentence, Exit.TABLE_REJECTED)


def sign_table(
    table: bytes,
    key_folder: Path,
    *,
    site_id: str,
    seq: int,
    not_before: int,
    not_after: int,
    min_fw: int = 0,
    parent_sha256: bytes = b"",
    published_q: int = -1,
    delta: DeltaFiles | None = None,
) -> bytes:
    """The signed table file (*.gst) of `table`.

    `seq` must rise with every table of a site; `not_before`, `not_after`: UTC seconds; `min_fw`:
    manifest.pack_version; `parent_sha256`: of the table this one follows, empty for none;
    `published_q` as in keys.sign; `delta`: from that parent, signed with the table. Raises
    SigningError, before a signature is spent where possible.
    """
    public_key = keys.public(key_folder)
    fields = {
        "fmt": manifest.FORMAT,
        "site": site_id,
        "key_id": lms.key_id(public_key),
        "seq": seq,
        "not_before": not_before,
        "not_after": not_after,
        "min_fw": min_fw,
        "table_bytes": len(table),
        "table_sha256": _sha256(table),
        "parent_sha256": parent_sha256,
        "delta_bytes": len(delta.delta) if delta else 0,
        "delta_sha256": _sha256(delta.delta) if delta else b"",
        "overlay_bytes": len(delta.overlay) if delta else 0,
        "overlay_sha256": _sha256(delta.overlay) if delta else b"",
    }
    try:
        raw = manifest.encode(fields)
    except manifest.ManifestError as error:
        raise SigningError(str(error)) from None
    return bundle.pack_head(raw, keys.sign(key_folder, raw, published_q)) + table


def _sha256(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


def delta_file(table_file: bytes, delta: bytes) -> bytes:
    """The delta file (*.gsd) beside a signed table file: its head, and the delta it was signed
    with. Raises SigningError.
    """
    head = parse(table_file)
    if _sha256(delta) != head.manifest.delta_sha256:
        raise _rejected("The delta is not the one that was signed: build the table again.")
    return table_file[: head.head_bytes] + delta


def parse(data: bytes) -> bundle.BundleHead:
    """The head of a complete signed table file whose table has the signed length and SHA-256.

    Says nothing about who signed it. Raises SigningError.
    """
    try:
        head = bundle.parse_head(data[: bundle.HEAD_MAX_BYTES])
    except bundle.BundleError as error:
        raise _rejected(str(error)) from None
    if head is not None and 0 < head.manifest.delta_bytes == len(data) - head.head_bytes:
        raise _rejected("The file holds only a change of a table: use the .gst file beside it.")
    if head is None or len(data) - head.head_bytes != head.manifest.table_bytes:
        raise _rejected("The table file does not have its signed length: copy it again.")
    if _sha256(data[head.head_bytes :]) != head.manifest.table_sha256:
        raise _rejected("The table in the file is not the one that was signed: copy it again.")
    return head


def verify_bundle(data: bytes, public_key: bytes) -> manifest.Manifest:
    """The manifest of a signed table file that is whole and signed by `public_key`.

    Time, site and seq are not judged: that is trust/acceptance.py. Raises SigningError.
    """
    head = parse(data)
    if head.manifest.key_id != lms.key_id(public_key):
        raise _rejected(
            f"The table was signed with key {head.manifest.key_id.hex()} and the key given is "
            f"{lms.key_id(public_key).hex()}: give the public key of that site."
        )
    if not bundle.signed_by(head, public_key):
        raise _rejected("The table's signature is wrong: do not use this file, build it again.")
    return head.manifest
