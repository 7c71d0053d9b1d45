"""ISO/IEC 14443-3 type A as a reader needs it: CRC, UID by cascade levels, the commands.

Popular drivers stop at the first level and take the cascade tag 88 for a byte of the UID: then
all tags of a maker that share three bytes are one tag.
"""

from gatescan.core.compat import TYPE_CHECKING, const

if TYPE_CHECKING:
    Bytes = bytes | bytearray | memoryview

REQA = b"\x26"  # 7 bits, 6.4.1
WUPA = b"\x52"
HLTA = b"\x50\x00"
SELECT_LEVELS = b"\x93\x95\x97"  # 6.5.3.1
NVB_NOTHING = const(0x20)  # anticollision: no UID bit known
NVB_ALL = const(0x70)
SAK_MORE = const(0x04)  # the UID goes on, 6.5.3.4
SAK_ISO_DEP = const(0x20)
SAK_TYPE_2 = const(0x00)
_CASCADE_TAG = const(0x88)
RANDOM_FIRST = const(0x08)  # a 4-byte UID that begins so is drawn anew in each field, 6.5.4
RANDOM = b"\x08"  # what such tags are known by while they lie there


def crc_a(data: "Bytes", count: int) -> int:
    """CRC_A of the first `count` bytes (6.2.4, annex B); its low byte goes first on the air."""
    crc = 0x6363
    for i in range(count):
        x = (data[i] ^ crc) & 0xFF
        x ^= (x << 4) & 0xFF
        crc = (crc >> 8) ^ (x << 8) ^ (x << 3) ^ (x >> 4)
    return crc


def crc_ok(data: "Bytes", count: int) -> bool:
    """Whether the last two of `count` bytes are the CRC_A of those before."""
    if count < 3:
        return False
    return crc_a(data, count - 2) == data[count - 2] | data[count - 1] << 8


def uid_ok(uid: "Bytes") -> bool:
    """Whether these can be a UID: 4, 7 or 10 bytes, no cascade tag where the last level begins."""
    return len(uid) in (4, 7, 10) and uid[len(uid) - 4] != _CASCADE_TAG and any(uid)


def identity_of(uid: bytes) -> bytes:
    """What a tag is known by while it lies there: its UID, or RANDOM."""
    return RANDOM if len(uid) == 4 and uid[0] == RANDOM_FIRST else uid


class Cascade:
    """Puts a UID together from the anticollision answers of up to three levels."""

    def __init__(self) -> None:
        self._uid = bytearray(12)
        self._count = 0
        self.level = 0
        self._part = bytearray(5)

    def restart(self) -> None:
        """Begin another UID."""
        self._count = self.level = 0

    def answer(self, part: "Bytes", count: int) -> bool:
        """Take an anticollision answer: four bytes and BCC; whether it is sound."""
        if count != 5 or part[0] ^ part[1] ^ part[2] ^ part[3] != part[4] or self.level > 2:
            return False
        self._part[:] = part[:5]
        return True

    def select(self, frame: bytearray) -> int:
        """Put the SELECT that repeats the answer into `frame`; its length without CRC."""
        frame[0] = SELECT_LEVELS[self.level]
        frame[1] = NVB_ALL
        frame[2:7] = self._part
        return 7

    def selected(self, sak: int) -> "bytes | None":
        """Take the SAK: the whole UID, b"" when a further level follows, None when it is wrong."""
        tagged = self._part[0] == _CASCADE_TAG
        if bool(sak & SAK_MORE) != tagged or (tagged and self.level == 2):
            return None
        first = 1 if tagged else 0
        more = 4 - first
        self._uid[self._count : self._count + more] = self._part[first:4]
        self._count += more
        self.level += 1
        if tagged:
            return b""
        uid = bytes(memoryview(self._uid)[: self._count])
        return uid if uid_ok(uid) else None
