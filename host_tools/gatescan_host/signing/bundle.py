"""Signed table files: written with a key folder, checked with a public key."""

import hashlib
from pathlib import Path

from gatescan.core.trust import bundle, lms, manifest
from gatescan_host.errors import Exit
from gatescan_host.signing import keys
from gatescan_host.signing.errors import SigningError


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
) -> bytes:
    """The signed table file (*.gst) of `table`.

    `seq` must rise with every table of a site; `not_before`, `not_after`: UTC seconds; `min_fw`:
    manifest.pack_version; `parent_sha256`: of the table this one follows, empty for none;
    `published_q` as in keys.sign. Raises SigningError, before a signature is spent where possible.
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
        "table_sha256": hashlib.sha256(table).digest(),
        "parent_sha256": parent_sha256,
    }
    try:
        raw = manifest.encode(fields)
    except manifest.ManifestError as error:
        raise SigningError(str(error)) from None
    return bundle.pack_head(raw, keys.sign(key_folder, raw, published_q)) + table


def parse(data: bytes) -> bundle.BundleHead:
    """The head of a complete signed table file whose table has the signed length and SHA-256.

    Says nothing about who signed it. Raises SigningError.
    """
    try:
        head = bundle.parse_head(data[: bundle.HEAD_MAX_BYTES])
    except bundle.BundleError as error:
        raise _rejected(str(error)) from None
    if head is None or len(data) - head.head_bytes != head.manifest.table_bytes:
        raise _rejected("The table file does not have its signed length: copy it again.")
    if hashlib.sha256(data[head.head_bytes :]).digest() != head.manifest.table_sha256:
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
