"""The key of each seal, derived from a site's master key.

A scanner gets the keys of the seals in its table, never the master: whoever opens a lost scanner
can forge those seals and no others. The master stays where seals are made and tables are built.
"""

import hashlib
import hmac

from gatescan.core.trust.cmac import cmac
from gatescan_host.seals.aes import Aes

_KEY_BYTES = 16
_UID_BYTES = 7
_AES_128 = b"\x01"
# AN10922 pads to 32 bytes: from 17 on that is what CMAC does too.
_SHORTEST = 17
_LONGEST = 32

_SLOT = b"SlotMasterKey"
_BASE = b"DivBaseKey"
_PICC = b"PICCDataKey"


def derive(master: bytes, uid: bytes, system: bytes) -> bytes:
    """The AES-128 key of the seal `uid` (NXP AN10922 §2.2, diversified by AES-CMAC).

    `system` is 9 to 24 bytes that name application, key number and site, so that no other use of
    the master gives the same key. Raises ValueError for any other length.
    """
    text = _AES_128 + uid + system
    if len(master) != _KEY_BYTES or len(uid) != _UID_BYTES:
        raise ValueError("A master key has 16 bytes and a UID 7: give such.")
    if not _SHORTEST <= len(text) <= _LONGEST:
        raise ValueError("A system identifier has 9 to 24 bytes: give such a one.")
    return cmac(Aes, master, text)


def derive_sdm_backend(master: bytes, uid: bytes, key_number: int) -> bytes:
    """The same by the scheme of nfc-developer's sdm-backend (2023), for tags it has made.

    HMAC-SHA256 of the master gives one key a slot and one for UIDs; AES-CMAC joins them. Raises
    ValueError for a wrong length of `uid` or a `key_number` that is none of 0..4.
    """
    if len(uid) != _UID_BYTES or not 0 <= key_number <= 4:
        raise ValueError("A UID has 7 bytes and a key number is 0 to 4: give such.")
    slot = _hmac(master, _SLOT + bytes((key_number,)))[:_KEY_BYTES]
    return cmac(Aes, slot, _AES_128 + _hmac(_hmac(master, _BASE), uid)[:_KEY_BYTES])


def sdm_backend_meta_key(master: bytes) -> bytes:
    """The key of the PICC data in that scheme: one for all tags, as their UID is not known yet."""
    return _hmac(master, _PICC)[:_KEY_BYTES]


def _hmac(key: bytes, text: bytes) -> bytes:
    return hmac.new(key, text, hashlib.sha256).digest()
