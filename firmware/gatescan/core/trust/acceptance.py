"""Whether a table whose signature is good may replace the present one: a pure decision.

The floors only rise, and the caller keeps them over a power cycle.
"""

from collections import namedtuple

from gatescan.core.compat import TYPE_CHECKING, const
from gatescan.core.trust import lms, manifest

if TYPE_CHECKING:
    from gatescan.core.trust.manifest import Manifest

# Why a table was refused. Stored in the journal and sent over the link: never renumber.
REFUSED_MALFORMED = const(0x01)  # no bundle head or manifest of ours
REFUSED_SIGNATURE = const(0x02)  # the signature does not verify
REFUSED_SITE = const(0x03)  # made for another site
REFUSED_KEY = const(0x04)  # signed with a key this scanner does not hold
REFUSED_OLD = const(0x05)  # seq not above the last one accepted
REFUSED_ACTIVE = const(0x06)  # this very table is active already
REFUSED_SIGNER = const(0x07)  # leaf number not above the last one: a signer put back from a copy
REFUSED_SIZE = const(0x08)  # does not fit
REFUSED_FIRMWARE = const(0x09)  # needs newer firmware
REFUSED_EXPIRED = const(0x0A)
REFUSED_EARLY = const(0x0B)  # not valid yet
REFUSED_CONTENT = const(0x0C)  # the table's bytes do not have the signed SHA-256
REFUSED_SELFTEST = const(0x0D)  # signed, but the table reader refuses it

_NAMES = (
    "accepted malformed signature site key old active signer size firmware expired early content "
    "selftest"
)

Refusal = namedtuple("Refusal", "code sentence")
"""code: REFUSED_*; sentence: what happened and what to do."""


def refusal_name(code: int) -> str:
    """The short name of a REFUSED_* code for reports and JSON, e.g. "expired"."""
    names = _NAMES.split()
    return names[code] if 0 <= code < len(names) else "refused_%d" % code


def _origin(m: "Manifest", site_id: str, key_id: bytes) -> "Refusal | None":
    if m.site != site_id:
        return Refusal(
            REFUSED_SITE,
            "The table was made for site %s and this scanner belongs to %s: "
            "send this scanner its own site's table." % (m.site, site_id),
        )
    if m.key_id != key_id:
        return Refusal(
            REFUSED_KEY,
            "The table was signed with a key this scanner does not know: "
            "sign it with the site's key, or provision the scanner anew.",
        )
    return None


def _freshness(
    m: "Manifest", seq_floor: int, active_sha256: "bytes | None", q: int, q_floor: int
) -> "Refusal | None":
    if m.table_sha256 == active_sha256 and m.seq == seq_floor:
        return Refusal(REFUSED_ACTIVE, "This table is active already: there is nothing to do.")
    if m.seq <= seq_floor:
        return Refusal(
            REFUSED_OLD,
            "The table has number %d and the scanner has already accepted %d: "
            "build it again with a higher number." % (m.seq, seq_floor),
        )
    if q <= q_floor:
        return Refusal(
            REFUSED_SIGNER,
            "The signature has number %d and number %d was seen before: the signing key was "
            "restored from a copy; stop using it and make a new key." % (q, q_floor),
        )
    return None


def _fit(m: "Manifest", free_bytes: int, firmware_version: int) -> "Refusal | None":
    if m.table_bytes > free_bytes:
        return Refusal(
            REFUSED_SIZE,
            "The table takes %d bytes and the scanner has room for %d: "
            "leave items out, or install it with --single-slot." % (m.table_bytes, free_bytes),
        )
    if m.min_fw > firmware_version:
        return Refusal(
            REFUSED_FIRMWARE,
            "The table needs firmware %s and the scanner runs %s: deploy the newer firmware first."
            % (manifest.format_version(m.min_fw), manifest.format_version(firmware_version)),
        )
    return None


def _in_time(m: "Manifest", now_utc: "int | None") -> "Refusal | None":
    if now_utc is None:
        return None
    if now_utc >= m.not_after:
        return Refusal(
            REFUSED_EXPIRED, "The table has expired: build and sign a new one, then sync again."
        )
    if now_utc < m.not_before:
        return Refusal(
            REFUSED_EARLY,
            "The table is not valid yet: sync again later, or set the scanner's clock.",
        )
    return None


def judge(
    m: "Manifest",
    *,
    site_id: str,
    key_id: bytes,
    seq_floor: int,
    q: int,
    q_floor: int,
    free_bytes: int,
    firmware_version: int,
    now_utc: "int | None",
    active_sha256: "bytes | None" = None
) -> "Refusal | None":
    """None when the table may be accepted, else the Refusal to send and to journal.

    `seq_floor`, `q_floor`: highest manifest number and leaf number accepted so far under
    `key_id`, 0 and lms.NO_INDEX for none; `q`: lms.signature_index of the verified signature.
    `free_bytes`: room of the slot; `firmware_version`: manifest.pack_version. `now_utc`: UTC
    seconds, None when the clock is lost: time then refuses nothing here, and the scanner treats
    the table as stale. `active_sha256`: SHA-256 of the table in use, None without one.
    """
    if q == lms.NO_INDEX:
        return Refusal(REFUSED_SIGNATURE, "The table has no signature: sign it and sync again.")
    return (
        _origin(m, site_id, key_id)
        or _freshness(m, seq_floor, active_sha256, q, q_floor)
        or _fit(m, free_bytes, firmware_version)
        or _in_time(m, now_utc)
    )
