"""Tags in a 13.56 MHz field, frame by frame as ISO/IEC 14443-3 and -4 type A have it.

A tag takes the frames of a reader and gives its own; `Air` is the field between them, in which two
answers at once collide.
"""

import os

from gatescan.core.compat import TYPE_CHECKING
from gatescan.core.frames.iso14443a import crc_a, crc_ok

if TYPE_CHECKING:
    from typing import Callable

    Ndef = bytes | Callable[[], bytes]

_OFF, _IDLE, _READY, _ACTIVE, _HALT, _ISO_DEP = range(6)
_SHORT = 7  # bits of REQA and WUPA
_NAK_ARGUMENT = (b"\x00", 4)
_NAK_CRC = (b"\x01", 4)
NTAG_213 = b"\x00\x04\x04\x02\x01\x00\x0f\x03"  # answer to GET_VERSION
NTAG_213_TT = b"\x00\x04\x04\x02\x03\x00\x0f\x03"
_ATS = b"\x06\x77\x77\x71\x02\x80"  # of an NTAG 424 (Proxmark/proxmark3#990)
_APPLICATION = b"\x00\xa4\x04\x00\x07\xd2\x76\x00\x00\x85\x01\x01"


def with_crc(frame: bytes) -> bytes:
    """`frame` and its CRC_A, low byte first."""
    crc = crc_a(frame, len(frame))
    return frame + bytes((crc & 0xFF, crc >> 8))


class NfcTag:
    """A tag that knows anticollision and HALT only: a UID of 4, 7 or 10 bytes."""

    sak = 0x08
    atqa = b"\x04\x00"

    def __init__(self, uid: bytes, random_id: bool = False) -> None:
        self.uid = uid
        self.random_id = random_id
        self._state = _OFF
        self._halted = False  # where an error leads back to
        self._level = 0

    def power(self, on: bool) -> None:
        """The field comes or goes; a random id is drawn anew."""
        self._state = _IDLE if on else _OFF
        self._halted = False
        if on and self.random_id:
            self.uid = b"\x08" + os.urandom(3)

    def _parts(self) -> "list[bytes]":
        parts, uid = [], self.uid
        while len(uid) > 4:
            parts.append(b"\x88" + uid[:3])
            uid = uid[3:]
        return parts + [uid]

    def _drop(self) -> None:
        self._state = _HALT if self._halted else _IDLE

    def receive(self, frame: bytes, bits: int = 0) -> "tuple[bytes, int] | None":
        """Take a frame, whose last byte has `bits` bits (0 = 8); (answer, bits), or silence."""
        if self._state == _OFF:
            return None
        if bits == _SHORT:
            awake = frame == b"\x52" or (frame == b"\x26" and self._state == _IDLE)
            if not awake or self._state not in (_IDLE, _HALT):
                if self._state in (_READY, _ACTIVE):
                    self._drop()
                return None
            self._state, self._level = _READY, 0
            return self.atqa, 0
        if self._state == _READY:
            return self._anticollision(frame)
        if self._state == _ACTIVE:
            if not crc_ok(frame, len(frame)):
                self._drop()
                return _NAK_CRC
            if frame[:2] == b"\x50\x00":
                self._state, self._halted = _HALT, True
                return None
            return self.command(frame[:-2])
        if self._state == _ISO_DEP:
            return self._block(frame)
        return None

    def _anticollision(self, frame: bytes) -> "tuple[bytes, int] | None":
        parts = self._parts()
        part = parts[self._level]
        whole = part + bytes((part[0] ^ part[1] ^ part[2] ^ part[3],))
        if frame[0] == b"\x93\x95\x97"[self._level]:
            if frame[1:] == b"\x20":
                return whole, 0
            if frame[1:7] == b"\x70" + whole and crc_ok(frame, len(frame)):
                self._level += 1
                if self._level == len(parts):
                    self._state = _ACTIVE
                    return with_crc(bytes((self.sak,))), 0
                return with_crc(b"\x04"), 0
        self._drop()
        return None

    def command(self, frame: bytes) -> "tuple[bytes, int] | None":
        """Take a command of the selected tag, without CRC."""
        self._drop()
        return _NAK_ARGUMENT

    def _block(self, frame: bytes) -> "tuple[bytes, int] | None":
        if not crc_ok(frame, len(frame)):
            return None
        if frame[0] == 0xC2:  # DESELECT
            self._state, self._halted = _HALT, True
            return with_crc(b"\xc2"), 0
        if frame[0] & 0xE2 != 0x02:  # nothing but I-blocks without chaining
            return None
        return with_crc(frame[:1] + self.apdu(frame[1:-2])), 0

    def apdu(self, apdu: bytes) -> bytes:
        """Take a command APDU; the response with its status word."""
        return b"\x6a\x82"


class Type2Tag(NfcTag):
    """An NTAG 21x: pages, GET_VERSION unless `version` is None, READ_TT_STATUS with `tamper`."""

    sak = 0x00
    atqa = b"\x44\x00"

    def __init__(
        self,
        uid: bytes,
        ndef: bytes = b"",
        version: "bytes | None" = NTAG_213,
        tamper: "bytes | None" = None,
        pages: int = 45,
    ) -> None:
        super().__init__(uid)
        self.version = NTAG_213_TT if tamper else version
        self.tamper = tamper  # four bytes of message, then C, O or I
        self.memory = bytearray(4 * pages)
        self.readable = pages  # a READ of this page or a later one is refused
        u = uid
        self.memory[:8] = u[:3] + bytes((0x88 ^ u[0] ^ u[1] ^ u[2],)) + u[3:7]
        self.memory[8] = u[3] ^ u[4] ^ u[5] ^ u[6]
        self.memory[12:16] = bytes((0xE1, 0x10, (pages - 9) // 2, 0x00))
        self.write(ndef)

    def write(self, ndef: bytes, before: bytes = b"") -> None:
        """Put an NDEF message in its TLV at page 4, behind the TLVs `before`."""
        count = len(ndef)
        length = bytes((count,)) if count < 255 else bytes((255, count >> 8, count & 255))
        data = before + b"\x03" + length + ndef + b"\xfe"
        self.memory[16 : 16 + len(data)] = data

    def command(self, frame: bytes) -> "tuple[bytes, int] | None":
        """READ, GET_VERSION and READ_TT_STATUS."""
        if frame[0] == 0x30 and len(frame) == 2 and frame[1] < self.readable:
            at = 4 * frame[1]  # behind the last page the memory begins again
            return with_crc(bytes(self.memory[at : at + 16] + self.memory[:16])[:16]), 0
        if frame == b"\x60" and self.version is not None:
            return with_crc(self.version), 0
        if frame == b"\xa4\x00" and self.tamper is not None:
            return with_crc(self.tamper), 0
        return super().command(frame)


class Type4Tag(NfcTag):
    """An NTAG 424: ISO-DEP, the NDEF application with its files E103 and E104.

    `ndef` may be a function: it is called whenever E104 is selected, as a SUN counter counts.
    """

    sak = 0x20
    atqa = b"\x44\x03"
    files = (
        b"\x00\x17\x20\x01\x00\x00\xff\x04\x06\xe1\x04\x01\x00\x00\x00"
        b"\x05\x06\xe1\x05\x00\x80\x82\x83"
    )

    def __init__(self, uid: bytes, ndef: "Ndef" = b"", random_id: bool = False) -> None:
        super().__init__(uid, random_id)
        self.ndef = ndef
        self.application = True  # False: another kind of card
        self.document = b""  # the application of a passport or payment card
        self._file: bytes | None = None

    def command(self, frame: bytes) -> "tuple[bytes, int] | None":
        """RATS; everything else is no command before it."""
        if frame[0] == 0xE0:
            self._state = _ISO_DEP
            self._file = None
            return with_crc(_ATS), 0
        return super().command(frame)

    def apdu(self, apdu: bytes) -> bytes:
        """SELECT of the application and its files, READ BINARY."""
        if self.document and apdu[4:-1] == bytes((len(self.document),)) + self.document:
            return b"\x6f\x02\x84\x00\x90\x00"
        if apdu[: len(_APPLICATION)] == _APPLICATION and self.application:
            return b"\x90\x00"
        if apdu[:5] == b"\x00\xa4\x00\x0c\x02" and self.application:
            if apdu[5:7] == b"\xe1\x03":
                self._file = self.files
            elif apdu[5:7] == b"\xe1\x04":
                ndef = self.ndef if isinstance(self.ndef, bytes) else self.ndef()
                self._file = bytes((len(ndef) >> 8, len(ndef) & 0xFF)) + ndef
            else:
                return b"\x6a\x82"
            return b"\x90\x00"
        if apdu[:2] == b"\x00\xb0" and self._file is not None:
            at = apdu[2] << 8 | apdu[3]
            return self._file[at : at + apdu[4]] + b"\x90\x00"
        return super().apdu(apdu)


class Air:
    """The field of one reader and the tags in it."""

    def __init__(self) -> None:
        self.tags: list[NfcTag] = []
        self.on = False
        self.skip = 0  # how many answers arrive as they are before `lose` and `flip` count
        self.lose = 0  # how many of the next answers do not arrive
        self.flip: int | None = None  # bit of the next answer that arrives wrong
        self.switched = 0  # how often the field came on

    def lay(self, tag: NfcTag) -> None:
        """Lay a tag on the reader."""
        self.tags.append(tag)
        tag.power(self.on)

    def take_away(self, tag: NfcTag) -> None:
        """Take a tag away."""
        self.tags.remove(tag)
        tag.power(False)

    def field(self, on: bool) -> None:
        """The reader switches its field."""
        if on != self.on:
            self.on = on
            self.switched += on
            for tag in self.tags:
                tag.power(on)

    def exchange(self, frame: bytes, bits: int = 0) -> "tuple[bytes, int, bool] | None":
        """Send a frame to every tag: (answer, bits of its last byte, collided), or None."""
        answers: list[tuple[bytes, int]] = []
        for tag in self.tags if self.on else ():
            answer = tag.receive(frame, bits)
            if answer is not None:
                answers.append(answer)
        if not answers:
            return None
        first, last = answers[0]
        collided = any(answer != answers[0] for answer in answers)
        if collided:
            first = _garbled([answer for answer, _ in answers])
        data = self.disturbed(first)
        return None if data is None else (data, last, collided)

    def disturbed(self, answer: "bytes | None") -> "bytes | None":
        """What arrives of an answer."""
        if answer is None:
            return None
        if self.skip:
            self.skip -= 1
            return answer
        if self.lose:
            self.lose -= 1
            return None
        if self.flip is not None:
            at, self.flip = self.flip % (8 * len(answer)), None
            wrong = bytearray(answer)
            wrong[at >> 3] ^= 1 << (at & 7)
            return bytes(wrong)
        return answer


def _garbled(answers: "list[bytes]") -> bytes:
    """What is left of answers at once: their bits up to the first that differs, then zeros."""
    first = answers[0]
    for at in range(len(first)):
        differ = 0
        for answer in answers:
            differ |= first[at] ^ (answer[at] if at < len(answer) else 0)
        if differ:
            low = (differ & -differ) - 1
            return first[:at] + bytes((first[at] & low,)) + bytes(len(first) - at - 1)
    return first
