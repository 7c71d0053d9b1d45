"""MFRC522 (13.56 MHz, ISO/IEC 14443-3 type A): UIDs of 4, 7 and 10 bytes, NDEF of Type 2 tags.

Neighbouring readers shift bits of a UID under a good CRC, so a tag is selected twice; after it was
halted nothing may answer, or a second tag lies there. ISO-DEP is the PN532's: of an NTAG 424 this
reader gives the UID only.
"""

from gatescan.core.compat import TYPE_CHECKING, const
from gatescan.core.frames.iso14443a import (
    HLTA,
    NVB_NOTHING,
    REQA,
    SAK_TYPE_2,
    SELECT_LEVELS,
    WUPA,
    Cascade,
    crc_a,
    crc_ok,
)
from gatescan.drivers.rfid import RK_ISO14443A, Sighting
from gatescan.drivers.rfid.chip_reader import ChipReader
from gatescan.drivers.rfid.mfrc522_chip import (
    COLLISION,
    DAMAGED,
    NAK,
    NOTHING,
    PENDING,
    Mfrc522Chip,
)
from gatescan.drivers.rfid.type2 import Type2
from gatescan.drivers.ticks import ticks_diff

if TYPE_CHECKING:
    from typing import Callable, Generator

    from gatescan.core.frames.iso14443a import Bytes
    from gatescan.drivers.rfid.chip_reader import Answer
    from gatescan.drivers.rfid.mfrc522_chip import Spi
    from gatescan.drivers.rfid.reader import Asking

    Exchange = Generator[None, None, int]

_NXP = b"\x90\x91\x92"  # versions 0.0, 1.0, 2.0; clones say 12, 82, 88, B2 and work alike
_DEAD_MS = const(60)  # the chip's own timer ends an exchange after 10
_GUARD_MS = const(6)  # an unmodulated field before the first command (ISO/IEC 14443-3, 5)
_PERIOD_MS = const(80)
_BITS_SHORT = const(7)  # of REQA and WUPA


class Mfrc522(ChipReader):
    """`cs(level)` drives the select pin, low = selected; `reset(level)` drives NRSTPD."""

    _BOOT_MS = 5

    def __init__(
        self,
        spi: "Spi",
        cs: "Callable[[int], object]",
        reset: "Callable[[int], object] | None" = None,
    ) -> None:
        super().__init__(reset)
        self._chip = Mfrc522Chip(spi, cs)
        self._version = 0
        self._dead = False
        self._frame = bytearray(12)
        self._cascade = Cascade()
        self._type2 = Type2()
        self._sak = 0

    def _probe(self) -> "Asking":
        chip = self._chip
        chip.reset()
        yield from self._pause(self._BOOT_MS)
        version = self._version = chip.version()
        if version in (0x00, 0xFF):
            return False
        chip.set_up()
        self.model = "MFRC522" if version in _NXP else "MFRC522 clone"
        self.version = "%02X" % version
        if not (chip.as_set_up() and chip.antenna(False)):
            return False
        # With the field off nothing answers, and the chip's own timer must say so.
        self._dead = False
        return (yield from self._exchange(REQA, 1, _BITS_SHORT)) == NOTHING and not self._dead

    def _silence(self) -> "Asking":
        yield
        self.dark = self._chip.antenna(False)
        return self.dark

    def _poll(self) -> "Asking":
        chip = self._chip
        if chip.version() != self._version or not chip.as_set_up():
            return False
        self.heard += 1
        since_ms = self._now_ms
        self._dead = self.dark = False
        if chip.antenna(True):
            yield from self._pause(_GUARD_MS)
            yield from self._meet()
        self.dark = chip.antenna(False)
        if self._dead or not self.dark:
            return False
        yield from self._rest(since_ms, _PERIOD_MS)
        return True

    # With a tag

    def _exchange(self, data: "Bytes", count: int, last_bits: int = 0) -> "Exchange":
        """Bytes that came back (in the chip's `answer`), or one of its negative outcomes."""
        self._chip.start(data, count, last_bits)
        since_ms = self._now_ms
        while True:
            outcome = self._chip.outcome()
            if outcome != PENDING:
                break
            if ticks_diff(self._now_ms, since_ms) > _DEAD_MS:
                self._dead = True
                return NOTHING
            yield
        if outcome == DAMAGED:
            self.bad += 1
        return outcome

    def _checked(self, count: int) -> "Exchange":
        """Send `count` bytes of the frame with CRC_A; bytes that came back before a good CRC."""
        frame = self._frame
        crc = crc_a(frame, count)
        frame[count] = crc & 0xFF
        frame[count + 1] = crc >> 8
        outcome = yield from self._exchange(frame, count + 2)
        if outcome <= 0:
            return outcome
        if not crc_ok(self._chip.answer, outcome):
            self.bad += 1
            return DAMAGED
        return outcome - 2

    def _select(self) -> "Generator[None, None, bytes | int]":
        """Wake and select a tag: its UID, or NOTHING, COLLISION, DAMAGED."""
        outcome = yield from self._exchange(WUPA, 1, _BITS_SHORT)
        if outcome != 2:
            return outcome if outcome in (NOTHING, COLLISION) else DAMAGED
        cascade = self._cascade
        cascade.restart()
        while True:
            self._frame[0] = SELECT_LEVELS[cascade.level]
            self._frame[1] = NVB_NOTHING
            outcome = yield from self._exchange(self._frame, 2)
            if outcome == COLLISION:
                return COLLISION
            if not cascade.answer(self._chip.answer, outcome):
                break
            outcome = yield from self._checked(cascade.select(self._frame))
            if outcome != 1:
                return COLLISION if outcome == COLLISION else DAMAGED
            self._sak = self._chip.answer[0]
            uid = cascade.selected(self._sak)
            if uid is None:
                break
            if uid:
                return uid
        self.bad += 1
        return DAMAGED

    def _meet(self) -> "Generator[None, None, None]":
        """One look at the field."""
        uid = yield from self._select()
        if uid == COLLISION:
            # The tags are there, whichever they are: nobody was missed.
            self.several = True
            self.busy = False
            return
        if not isinstance(uid, bytes):
            self.presence.swept(self._now_ms)
            if uid == NOTHING and not self._dead:
                self._alone()
            return
        identity = self._see(uid)
        self._frame[:2] = HLTA
        yield from self._checked(2)
        outcome = yield from self._exchange(REQA, 1, _BITS_SHORT)
        self.several = outcome != NOTHING
        if self.several or not self.busy:
            self.busy = False
            return
        again = yield from self._select()
        if again != uid:
            self.bad += 1
            return
        yield from self._read(uid, identity)

    def _to_tag(self, command: bytes) -> "Answer":
        self._frame[: len(command)] = command
        outcome = yield from self._checked(len(command))
        if outcome > 0:
            return self._chip.answer[:outcome]
        return b"" if outcome == NAK else None

    def _read(self, uid: bytes, identity: bytes) -> "Generator[None, None, None]":
        """Read what the selected tag holds, and tell it."""
        message = tamper = None
        if self._sak == SAK_TYPE_2 and len(uid) == 7:
            tag = self._type2
            tag.begin(uid, self._failed_reads > 1)
            if not (yield from self._read_out(tag)):
                return
            message, tamper = tag.message, tag.tamper
        self._tell(identity, Sighting(RK_ISO14443A, uid, message, tamper))
