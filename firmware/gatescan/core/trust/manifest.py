"""The signed manifest: which table, for which site, under which key, valid from when to when.

Canonical CBOR (RFC 8949 section 4.2.1) of one map with exactly the keys of `FIELDS`. The
signature covers these bytes and the table's SHA-256 in them, so parts of two releases never mix.
"""

from collections import namedtuple

from gatescan.core.compat import TYPE_CHECKING, const
from gatescan.core.smp import cbor

if TYPE_CHECKING:
    from typing import Any

FORMAT = const(2)  # value of `fmt`; another number is another layout
MAX_BYTES = const(512)  # encoded manifest; a real one takes about 350
SITE_MAX_BYTES = const(32)  # UTF-8 bytes of `site`
KEY_ID_BYTES = const(8)  # lms.key_id

_SHA_BYTES = const(32)
_U32 = const(0xFFFFFFFF)

Manifest = namedtuple(
    "Manifest",
    (
        "fmt",
        "site",
        "key_id",
        "seq",
        "not_before",
        "not_after",
        "min_fw",
        "table_bytes",
        "table_sha256",
        "parent_sha256",
        "delta_bytes",
        "delta_sha256",
        "overlay_bytes",
        "overlay_sha256",
    ),
)
"""fmt, seq, not_before, not_after (UTC seconds), min_fw (packed), table_bytes: int, u32;
site: str; key_id: 8 bytes; table_sha256: 32 bytes; parent_sha256: the same, empty for none.
The delta from that parent and the overlay file made of it: 0 and empty when there is no delta."""

FIELDS = (
    "fmt",
    "site",
    "key_id",
    "seq",
    "not_before",
    "not_after",
    "min_fw",
    "table_bytes",
    "table_sha256",
    "parent_sha256",
    "delta_bytes",
    "delta_sha256",
    "overlay_bytes",
    "overlay_sha256",
)


class ManifestError(ValueError):
    """The manifest is not one of ours; the text is a sentence for people."""


def pack_version(major: int, minor: int, patch: int) -> int:
    """A firmware version as one comparable int, 8 bits for `major` and `minor`, 16 for `patch`."""
    return major << 24 | minor << 16 | patch


def format_version(packed: int) -> str:
    """The version of `pack_version` as people write it, e.g. "1.4.2"."""
    return "%d.%d.%d" % (packed >> 24, packed >> 16 & 255, packed & 0xFFFF)


def _number(fields: "dict[str, Any]", name: str) -> int:
    value = fields[name]
    if type(value) is not int or not 0 <= value <= _U32:
        raise ManifestError("The manifest's %s is not a number of 32 bits; sign it again." % name)
    return value


def _raw(fields: "dict[str, Any]", name: str, length: int = _SHA_BYTES) -> bytes:
    value = fields[name]
    if not isinstance(value, (bytes, bytearray, memoryview)) or len(value) != length:
        raise ManifestError("The manifest's %s is not %d bytes; sign it again." % (name, length))
    return bytes(value)


def _sha_or_none(fields: "dict[str, Any]", name: str) -> bytes:
    value = fields[name]
    return b"" if isinstance(value, (bytes, memoryview)) and not len(value) else _raw(fields, name)


def _site(fields: "dict[str, Any]") -> str:
    site = fields["site"]
    if not isinstance(site, str) or not 1 <= len(site.encode()) <= SITE_MAX_BYTES:
        raise ManifestError(
            "The manifest's site is not a text of 1 to %d bytes; correct the site file." %
            SITE_MAX_BYTES
        )
    return site


def check(fields: "dict[str, Any]") -> Manifest:
    """The Manifest of a dict with exactly the keys of FIELDS.

    Raises ManifestError for a missing or unknown key, a wrong type or a value out of range.
    """
    if "fmt" in fields and _number(fields, "fmt") != FORMAT:  # it may have other fields
        raise ManifestError("The manifest has format %d; update Gatescan." % fields["fmt"])
    for name in FIELDS:
        if name not in fields:
            raise ManifestError("The manifest lacks %s; sign the table again." % name)
    if len(fields) != len(FIELDS):
        raise ManifestError("The manifest has a key this version does not know; update Gatescan.")
    manifest = Manifest(
        FORMAT,
        _site(fields),
        _raw(fields, "key_id", KEY_ID_BYTES),
        _number(fields, "seq"),
        _number(fields, "not_before"),
        _number(fields, "not_after"),
        _number(fields, "min_fw"),
        _number(fields, "table_bytes"),
        _raw(fields, "table_sha256"),
        _sha_or_none(fields, "parent_sha256"),
        _number(fields, "delta_bytes"),
        _sha_or_none(fields, "delta_sha256"),
        _number(fields, "overlay_bytes"),
        _sha_or_none(fields, "overlay_sha256"),
    )
    if not manifest.seq or not manifest.table_bytes:
        raise ManifestError("The manifest's seq and table_bytes start at 1; sign the table again.")
    if manifest.not_before >= manifest.not_after:
        raise ManifestError("The manifest ends before it begins; correct its validity.")
    delta = (
        manifest.delta_bytes > 0,
        len(manifest.delta_sha256) > 0,
        manifest.overlay_bytes > 0,
        len(manifest.overlay_sha256) > 0,
    )
    # A delta has a parent; and its file is told from the whole one by its length alone.
    if any(delta) and not (
        all(delta) and manifest.parent_sha256 and manifest.delta_bytes != manifest.table_bytes
    ):
        raise ManifestError("The manifest's delta is incomplete; sign the table again.")
    return manifest


def encode(fields: "dict[str, Any]") -> bytes:
    """The canonical bytes of a manifest given as a dict; raises ManifestError as `check` does."""
    manifest = check(fields)
    return cbor.encode(dict(zip(FIELDS, manifest)))


def decode(data: "bytes | bytearray | memoryview") -> Manifest:
    """The Manifest in `data`, its bytes copied out.

    Raises ManifestError for anything but the canonical encoding of valid fields, so that one
    manifest has one signature input.
    """
    if len(data) > MAX_BYTES:
        raise ManifestError("The manifest is over %d bytes; it is not one of ours." % MAX_BYTES)
    try:
        fields = cbor.decode(data)
    except cbor.CborError:
        raise ManifestError("The manifest is not readable; copy the table file again.")
    if not isinstance(fields, dict):
        raise ManifestError("The manifest is not a map; it is not one of ours.")
    manifest = check(fields)
    if cbor.encode(fields) != bytes(data):
        raise ManifestError("The manifest is not in canonical form; it is not one of ours.")
    return manifest
