"""PN532 (13.56 MHz, ISO/IEC 14443 type A) on HSU or I2C: UIDs, NDEF of Type 2 and Type 4 tags.

The chip does anticollision and ISO-DEP itself, so this is the reader for NTAG 424 seals. Source:
PN532 user manual UM0701-02, chapter 7. What users report and this takes care of: the first command
after a warm start of the host is not acknowledged, or answered by what the chip still had to say;
a present tag is missed every other poll; the field stays on between polls.
"""

from gatescan.core.compat import TYPE_CHECKING, const
from gatescan.core.frames.finder import Frames
from gatescan.core.frames.iso14443a import (
    SAK_ISO_DEP,
    SAK_TYPE_2,
    uid_ok,
)
from gatescan.core.frames.pn532_frame import (
    A_DATA,
    ACK,
    AN_ACK,
    AN_ERROR,
    FROM_PN532,
    MAX_BYTES,
    NACK,
    build,
    data_of,
    inspect,
    kind_of,
    targets_of,
)
from gatescan.drivers.rfid import RK_DOCUMENT, RK_ISO14443A, Sighting
from gatescan.drivers.rfid.chip_reader import ChipReader
from gatescan.drivers.rfid.type2 import Type2
from gatescan.drivers.rfid.type4 import CHUNK_BYTES, Type4
from gatescan.drivers.ticks import ticks_diff

if TYPE_CHECKING:
    from typing import Callable, Generator

    from gatescan.drivers.rfid.pn532_bus import Bus
    from gatescan.drivers.rfid.reader import Asking

    Answer = Generator[None, None, bytes | None]

_GET_FIRMWARE_VERSION = b"\x02"
_SAM_NORMAL = b"\x14\x01\x14\x01"  # no security module, time-out 1 s, P70_IRQ used
_FIELD_OFF = b"\x32\x01\x00"
# Tries of ATR_REQ, PSL_REQ and of looking for a target: FF would wait for a tag for ever.
_FEW_RETRIES = b"\x32\x05\xff\x01\x01"
_LIST_TWO = b"\x4a\x02\x00"  # InListPassiveTarget: at most two targets, 106 kbit/s type A
_RELEASE_ALL = b"\x52\x00"
_DATA_EXCHANGE = const(0x40)
_COMMUNICATE_THRU = const(0x42)

_AROUND = const(7)  # 00 00 FF LEN LCS, DCS, 00
_ACK_MS = const(20)  # the manual promises 15
_REPLY_MS = const(200)
_ABORT_MS = const(3)
_TRIES = const(3)
_NACKS = const(2)
_LIST_BYTES = const(90)  # two targets with an ATS of 20 bytes each
_PERIOD_MS = const(60)
_RECEIVES = const(8)  # chunks of a tick
_STALE_MS = const(20)


class Pn532(ChipReader):
    """`bus` is an HsuBus or I2cBus; `reset(level)` drives RSTPD_N."""

    _BOOT_MS = 50

    def __init__(self, bus: "Bus", reset: "Callable[[int], object] | None" = None) -> None:
        super().__init__(reset)
        self._bus = bus
        self._frames = Frames(2 * MAX_BYTES, inspect)
        self._last_ms = 0
        self._awake = False
        self._acked = False
        self._code = -1  # of the response that is awaited
        self._answer: bytes | None = None
        self._most = len(ACK)
        self._refused = False
        self._candidate: bytes | None = None
        self._number = 0  # of the target that is read
        self._type2 = Type2()
        self._type4 = Type4()

    # Frames

    def _collect(self) -> None:
        """Take what has arrived and sort it."""
        frames = self._frames
        bad = frames.bad
        for _ in range(_RECEIVES):
            if not self._bus.receive(frames, self._most):
                break
            self._last_ms = self._now_ms
            self._sort()
            if not self._bus.streams:
                break  # the next frame may be longer
        if frames.pending and ticks_diff(self._now_ms, self._last_ms) > _STALE_MS:
            while frames.pending:
                frames.skip()
                self._sort()
        self.bad += frames.bad - bad

    def _sort(self) -> None:
        while True:
            frame = self._frames.take()
            if frame is None:
                return
            kind = kind_of(frame)
            if kind == AN_ACK:
                self._acked = True
            elif kind == AN_ERROR:
                self._refused = True
            elif kind == A_DATA:
                data = data_of(frame)
                # An answer to an earlier command may still come before the ACK.
                ours = len(data) > 1 and data[0] == FROM_PN532 and data[1] == self._code
                if self._acked and ours:
                    self._answer = bytes(data)
                    self.heard += 1

    def _ask(self, command: bytes, most: int = 16) -> "Answer":
        """Response data from the TFI on, at most about `most` bytes; None when there is none."""
        frame = build(command)
        for attempt in range(_TRIES):
            if attempt:
                self.retries += 1
            self._frames.clear()
            self._acked = self._refused = False
            self._answer = None
            self._code = command[0] + 1
            self._most = len(ACK)
            sent = self._bus.send(frame, not self._awake)
            if sent and (yield from self._until_acked()):
                yield from self._until_answered(most)
                if self._answer is not None or self._refused:
                    self._awake = True
                    return self._answer
            self._awake = False
            # An ACK from the host ends whatever the chip is at (6.2.1.3).
            self._bus.send(ACK, False)
            yield from self._pause(_ABORT_MS)
        return None

    def _until_acked(self) -> "Asking":
        since_ms = self._now_ms
        while ticks_diff(self._now_ms, since_ms) <= _ACK_MS:
            self._collect()
            if self._acked:
                return True
            yield
        return False

    def _until_answered(self, most: int) -> "Generator[None, None, None]":
        since_ms = self._now_ms
        self._most = most + _AROUND
        nacks = 0
        while ticks_diff(self._now_ms, since_ms) <= _REPLY_MS:
            broken = self._frames.bad
            self._collect()
            if self._answer is not None or self._refused:
                return
            cut = not self._bus.streams and self._frames.pending
            if (cut or self._frames.bad != broken) and nacks < _NACKS:
                # Damaged, or longer than was read: once more, please (6.2.1.4).
                nacks += 1
                self.retries += 1
                self._frames.clear()
                self._most = MAX_BYTES
                self._bus.send(NACK, False)
            yield

    # The reader

    def _probe(self) -> "Asking":
        self._awake = False
        if (yield from self._ask(_SAM_NORMAL)) is None:
            return False
        answer = yield from self._ask(_GET_FIRMWARE_VERSION)
        if answer is None or len(answer) != 6 or answer[2] != 0x32:
            return False
        self.model = "PN532"
        self.version = "%d.%d" % (answer[3], answer[4])
        if (yield from self._ask(_FEW_RETRIES)) is None:
            return False
        return (yield from self._silence())

    def _silence(self) -> "Asking":
        self.dark = (yield from self._ask(_FIELD_OFF)) is not None
        return self.dark

    def _poll(self) -> "Asking":
        since_ms = self._now_ms
        self.dark = False
        answer = yield from self._ask(_LIST_TWO, _LIST_BYTES)
        if answer is None:
            return False
        targets = targets_of(answer)
        if targets is None:
            self.bad += 1
        else:
            yield from self._meet(targets)
            if targets and (yield from self._ask(_RELEASE_ALL)) is None:
                return False
        if not (yield from self._silence()):
            return False
        yield from self._rest(since_ms, _PERIOD_MS)
        return True

    def _meet(self, targets: "list[tuple[int, bytes, int]]") -> "Generator[None, None, None]":
        """What one look at the field has shown."""
        self.several = len(targets) > 1
        if not targets:
            self._candidate = None
            self.presence.swept(self._now_ms)
            self._alone()
            return
        if self.several:
            self._candidate = None
            self.busy = False
            return
        self._number, uid, sak = targets[0]
        if not uid_ok(uid):
            self.bad += 1
            return
        identity = self._see(uid)
        if not self.busy:
            return
        # The same UID out of two fields, for neighbouring readers shift bits of it.
        if identity != self._candidate:
            self._candidate = identity
            return
        yield from self._read(uid, sak, identity)

    def _read(self, uid: bytes, sak: int, identity: bytes) -> "Generator[None, None, None]":
        """Read what the tag holds, and tell it."""
        message = tamper = None
        tag: Type2 | Type4 | None = None
        if sak & SAK_ISO_DEP:
            tag = self._type4
            tag.begin()
        elif sak == SAK_TYPE_2 and len(uid) == 7:
            tag = self._type2
            tag.begin(uid, self._failed_reads > 1)
        if tag is not None:
            if not (yield from self._read_out(tag)):
                return
            message = tag.message
            if tag is self._type2:
                tamper = self._type2.tamper
        sighting = Sighting(RK_ISO14443A, uid, message, tamper)
        if tag is self._type4 and self._type4.document is not None:
            sighting = Sighting(RK_DOCUMENT, self._type4.document, None, None)  # nor its number
        self._tell(identity, sighting)

    def _to_tag(self, command: bytes) -> "Answer":
        if command[0] in (0x60, 0xA4) and len(command) < 3:
            # InDataExchange knows the commands of MIFARE only; these go through as they are.
            request = bytes((_COMMUNICATE_THRU,)) + command
        else:
            request = bytes((_DATA_EXCHANGE, self._number)) + command
        answer = yield from self._ask(request, CHUNK_BYTES + 5)
        # Status (7.1): 00 good; 40 would be "more to come", which nothing here asks for.
        if answer is None or len(answer) < 3 or answer[2]:
            return None
        return answer[3:]
