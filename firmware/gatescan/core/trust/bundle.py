"""The signed table file (*.gst): magic, lengths, manifest, signature, table.

    "GSTS" | u16be manifest bytes | u16be signature bytes | manifest | signature | table

The delta file (*.gsd) beside it has the same head, and the delta in place of the table.
"""

import struct
from collections import namedtuple

from gatescan.core.compat import TYPE_CHECKING, const
from gatescan.core.trust import lms, manifest

if TYPE_CHECKING:
    Buffer = bytes | bytearray | memoryview

MAGIC = b"GSTS"
SIGNATURE_MAX_BYTES = const(4096)  # H15/W4 takes 2668
HEAD_MAX_BYTES = const(8 + 512 + 4096)  # fixed part, manifest.MAX_BYTES, SIGNATURE_MAX_BYTES

_FIXED_BYTES = const(8)

BundleHead = namedtuple("BundleHead", "manifest manifest_raw signature head_bytes")
"""manifest: manifest.Manifest; manifest_raw: bytes that were signed; signature: bytes;
head_bytes: offset of the table, or of the delta, in the file."""


class BundleError(ValueError):
    """The file is not a signed table; the text is a sentence for people."""


def pack_head(manifest_raw: "Buffer", signature: "Buffer") -> bytes:
    """What stands before the table; raises BundleError for a part over its limit."""
    _check_lengths(len(manifest_raw), len(signature))
    fixed = MAGIC + struct.pack(">HH", len(manifest_raw), len(signature))
    return fixed + bytes(manifest_raw) + bytes(signature)


def _check_lengths(manifest_bytes: int, signature_bytes: int) -> None:
    if not 0 < manifest_bytes <= manifest.MAX_BYTES:
        raise BundleError("The manifest's length is impossible; copy the table file again.")
    if not 0 < signature_bytes <= SIGNATURE_MAX_BYTES:
        raise BundleError("The signature's length is impossible; copy the table file again.")


def parse_head(prefix: "Buffer") -> "BundleHead | None":
    """The head of a bundle that begins with `prefix`, or None when more bytes are needed.

    HEAD_MAX_BYTES are always enough. Raises BundleError as soon as the bytes cannot be the
    beginning of a signed table. Says nothing about the signature: see `signed_by`.
    """
    have = len(prefix)
    if bytes(prefix[: len(MAGIC)]) != MAGIC[:have]:
        raise BundleError("This is not a signed table file; use the .gst file of the build.")
    if have < _FIXED_BYTES:
        return None
    manifest_bytes, signature_bytes = struct.unpack_from(">HH", prefix, 4)
    _check_lengths(manifest_bytes, signature_bytes)
    signature_at = _FIXED_BYTES + manifest_bytes
    head_bytes = signature_at + signature_bytes
    if have < head_bytes:
        return None
    raw = bytes(prefix[_FIXED_BYTES:signature_at])
    try:
        decoded = manifest.decode(raw)
    except manifest.ManifestError as error:
        raise BundleError(str(error))
    return BundleHead(decoded, raw, bytes(prefix[signature_at:head_bytes]), head_bytes)


def signed_by(head: BundleHead, public_key: "Buffer") -> bool:
    """Whether `public_key` signed this head's manifest and the manifest names that key."""
    if head.manifest.key_id != lms.key_id(public_key):
        return False
    return lms.verify(public_key, head.manifest_raw, head.signature)
