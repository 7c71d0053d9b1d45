"""What an NTAG 424 DNA seal shows: a fresh Secure Unique NFC message at every read.

NXP AN12196 rev. 2.0, 3.4; the message is that of core/seals/message.py.
"""

import os
from binascii import hexlify

from gatescan.core.compat import TYPE_CHECKING
from gatescan.core.trust.cmac import cmac

if TYPE_CHECKING:
    from gatescan.core.trust.cmac import Aes

_ECB, _CBC = 1, 2
_MAX_CTR = 0xFFFFFF
_SV1 = b"\xc3\x3c\x00\x01\x00\x80"  # of the key that encrypts the file's part
_SV2 = b"\x3c\xc3\x00\x01\x00\x80"  # of the key of the MAC
_HTTPS = b"\x04"
_HOST = b"seal.example/?"


class SunSeal:
    """Call it for the NDEF message of the next read: the content function of a Type4Tag."""

    def __init__(
        self,
        aes: "Aes",
        uid: bytes,
        file_key: bytes,
        meta_key: "bytes | None",
        ctr: int = 0,
        status: "bytes | None" = b"CC",
    ) -> None:
        """`aes` as core/trust/cmac.py says; `ctr` is the counter of the next read.

        `meta_key` None: UID and counter stand in clear. `status`: TTPermStatus and TTCurrStatus;
        None for a chip without a loop, whose MAC covers nothing but UID and counter.
        """
        self._aes = aes
        self._uid = uid
        self._file_key = file_key
        self._meta_key = meta_key
        self.ctr = ctr
        self.status = status

    def __call__(self) -> bytes:
        """The message, and the next one has a higher counter, up to the chip's last."""
        ctr = self.ctr
        self.ctr = min(ctr + 1, _MAX_CTR)
        aes, uid = self._aes, self._uid
        mirrored = uid + ctr.to_bytes(3, "little")
        if self._meta_key is None:
            text = b"uid=" + _hex(uid) + b"&ctr=" + _hex(ctr.to_bytes(3, "big"))
        else:
            plain = b"\xc7" + mirrored + os.urandom(5)
            text = b"picc_data=" + _hex(aes(self._meta_key, _CBC, bytes(16)).encrypt(plain))
        covered = b""
        if self.status is not None:
            key = cmac(aes, self._file_key, _SV1 + mirrored)
            iv = aes(key, _ECB).encrypt(mirrored[7:] + bytes(13))
            covered = _hex(aes(key, _CBC, iv).encrypt(self.status + bytes(14))) + b"&cmac="
            text += b"&enc=" + covered
        else:
            text += b"&cmac="
        full = cmac(aes, cmac(aes, self._file_key, _SV2 + mirrored), covered)
        text = _HTTPS + _HOST + text + _hex(bytes([full[i] for i in range(1, 16, 2)]))
        return b"\xd1\x01" + bytes((len(text),)) + b"U" + text


def _hex(data: bytes) -> bytes:
    # The chip mirrors capitals (NT4H2421Tx, 9.3.1).
    return hexlify(data).upper()
