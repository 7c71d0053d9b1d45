"""Seals by the reel: a record for a run of serial numbers. Loaded only for a table with such."""

import hashlib
import struct

from gatescan.core.codes import TK_SEAL
from gatescan.core.compat import const
from gatescan.core.table.format import CORRUPT, PREFIX_BYTES, REEL_DIGITS
from gatescan.core.table.pages import Records
from gatescan.core.table.records import TagRecord
from gatescan.core.tags.scheme import S_TEXT

_CHECK_BYTES = const(4)  # behind the key: more of the hash
_FAR = const(60)  # above 10^9 >> 24: no reel is that long


class Reels(Records):
    """The section REELS."""

    def find_seal(self, salt: bytes, key: bytes) -> "TagRecord | int | None":
        """The record of a seal on a reel, None when the key is no such text, or CORRUPT.

        Prefix and number of digits give a place among 2^48, from which the numbers are counted
        on: so one search finds the reel, however many share a prefix.
        """
        if not key or key[0] != S_TEXT:
            return None
        digits = number = 0
        scale = 1
        end = len(key) - 1
        while digits < REEL_DIGITS and 48 <= key[end - digits] <= 57:  # key[0] is no digit
            number += (key[end - digits] - 48) * scale
            scale *= 10
            digits += 1
        if not digits:
            return None
        hashed = hashlib.sha256(salt)
        hashed.update(b"reel")
        hashed.update(key[1 : end + 1 - digits])
        hashed.update(bytes((digits,)))
        return self._search(hashed.digest(), number)

    def _search(self, k: bytes, number: int) -> "TagRecord | int | None":
        low = (k[3] << 16 | k[4] << 8 | k[5]) + (number & 0xFFFFFF)
        high = (k[0] << 16 | k[1] << 8 | k[2]) + (number >> 24) + (low >> 24)
        low &= 0xFFFFFF
        at = self.find_floor(high, low)
        if at < 0:
            return CORRUPT if at == CORRUPT else None
        buffer = self.page.buffer
        for i in range(PREFIX_BYTES, PREFIX_BYTES + _CHECK_BYTES):
            if buffer[at + i] != k[i]:
                return None
        high -= buffer[at] << 16 | buffer[at + 1] << 8 | buffer[at + 2]
        low -= buffer[at + 3] << 16 | buffer[at + 4] << 8 | buffer[at + 5]
        last = struct.unpack_from("<I", buffer, at + PREFIX_BYTES + _CHECK_BYTES)[0]
        if high >= _FAR or (high << 24) + low > last:
            return None
        return TagRecord(TK_SEAL, -1, -1, 0, 0, 0)
