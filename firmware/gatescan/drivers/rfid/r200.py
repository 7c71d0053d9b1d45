"""UHF readers with an R200 or M100 chip on a UART, 115200 8N1: EPC tags within arm's reach.

Such a reader sees metres far, so a tag is told only after it alone was seen in a few polls.
"""

from gatescan.core.compat import TYPE_CHECKING, const
from gatescan.core.frames.finder import Frames
from gatescan.core.frames.r200_frame import (
    HEADERS,
    MAX_BYTES,
    NOTICE,
    RESPONSE,
    build,
    inspect,
    tag_of,
)
from gatescan.drivers.rfid import RK_EPC, Sighting
from gatescan.drivers.rfid.reader import BaseReader
from gatescan.drivers.ticks import ticks_diff

if TYPE_CHECKING:
    from typing import Callable, Generator

    from gatescan.drivers.barcode_line import Uart
    from gatescan.drivers.rfid.reader import Asking

_INFO = const(0x03)
_SET_REGION = const(0x07)
_GET_REGION = const(0x08)
_SET_POWER = const(0xB6)
_GET_POWER = const(0xB7)
_POLL = const(0x22)
_POLL_MANY = const(0x27)
_STOP = const(0x28)
_FAILED = const(0xFF)
_NO_TAG = const(0x15)
_PARAMETERS = const(5)  # where they begin

REGION_EU = const(3)  # 865 to 868 MHz; 1 China 900, 2 US, 4 China 800, 6 Korea

_TIMEOUT_MS = const(150)
_TRIES = const(2)
_TAIL_MS = const(20)  # after a notice: the other tags of the round
_MANY_TAIL_MS = const(100)  # between the rounds of a multiple poll
_PERIOD_MS = const(40)
_STALE_MS = const(30)  # a frame comes in one go
_ROUNDS = const(3)  # polls that must see a tag alone
_CHUNK_BYTES = const(64)
_CHUNKS_A_TICK = const(8)
_MAX_TEXT = const(32)


class R200(BaseReader):
    """`region` and `power_cdbm` (0.01 dBm) are set when the reader has others, and read back: on
    the wrong band it must not radiate. `rounds`: inventory rounds of one poll.
    """

    _BOOT_MS = 200

    def __init__(
        self,
        uart: "Uart",
        region: int = REGION_EU,
        power_cdbm: int = 2000,
        rounds: int = 1,
        reset: "Callable[[int], object] | None" = None,
    ) -> None:
        super().__init__(reset)
        self._uart = uart
        self._region = bytes((region,))
        self._power = bytes((power_cdbm >> 8, power_cdbm & 0xFF))
        self._rounds = rounds
        self._chunk = bytearray(_CHUNK_BYTES)
        self._frames = Frames(2 * MAX_BYTES, inspect)
        self._last_ms = 0  # when bytes came
        self._header = HEADERS[0]
        self._asked = -1  # command whose response is awaited
        self._answer: bytes | None = None
        self._error = -1
        self._notices = 0
        self._candidate: bytes | None = None
        self._alone_polls = 0
        self.rssi_dbm = 0  # of the last notice

    def _receive(self) -> None:
        frames = self._frames
        for _ in range(_CHUNKS_A_TICK):
            count = self._uart.readinto(self._chunk)
            if not count:
                break
            self._last_ms = self._now_ms
            at = 0
            while at < count:
                at = frames.feed(self._chunk, at, count)
                self._sort()
        if ticks_diff(self._now_ms, self._last_ms) > _STALE_MS:
            while frames.pending:
                frames.skip()
                self._sort()

    def _sort(self) -> None:
        before = self._frames.bad
        while True:
            frame = self._frames.take()
            if frame is None:
                break
            self._frame(frame)
        self.bad += self._frames.bad - before

    def _frame(self, frame: memoryview) -> None:
        if frame[0] != self._header:
            return  # the other framing: an echo of the probe
        if frame[1] == NOTICE:
            self._notice(frame)
        elif frame[1] == RESPONSE:
            if frame[2] == self._asked:
                self._answer = bytes(frame[_PARAMETERS:-2])
            elif frame[2] == _FAILED and len(frame) > 7:
                self._error = frame[_PARAMETERS]
            self.heard += 1

    def _notice(self, frame: memoryview) -> None:
        tag = tag_of(frame)
        if tag is None:
            self.bad += 1
            return
        self.heard += 1
        if self.dark:
            return  # of a poll that was ended
        uii, is_epc, self.rssi_dbm = tag
        self._notices += 1
        # Two numbering systems must not meet in one identity: a UII has an even length.
        self.presence.see(uii if is_epc else b"\x00" + uii, self._now_ms)

    def _send(self, command: int, parameters: bytes = b"") -> None:
        self._answer = None
        self._error = -1
        self._notices = 0
        self._asked = command
        self._uart.write(build(self._header, command, parameters))

    def _ask(self, command: int, parameters: bytes = b"") -> "Generator[None, None, bytes | None]":
        """The parameters of the response, or None: no answer, or the reader reports an error."""
        for attempt in range(_TRIES):
            if attempt:
                self.retries += 1
            self._send(command, parameters)
            since_ms = self._now_ms
            while ticks_diff(self._now_ms, since_ms) < _TIMEOUT_MS:
                yield
                if self._answer is not None:
                    return self._answer
                if self._error >= 0:
                    return None
        return None

    def _probe(self) -> "Asking":
        # The firmware may have restarted in the middle of a multiple poll.
        for header in HEADERS:
            self._header = header
            self._send(_STOP)
            yield from self._pause(_MANY_TAIL_MS)
            model = yield from self._ask(_INFO, b"\x00")
            if model is not None:
                version = yield from self._ask(_INFO, b"\x01")
                self.model = _text(model)
                self.version = _text(version or b"")
                return (yield from self._settle(_GET_REGION, _SET_REGION, self._region)) and (
                    yield from self._settle(_GET_POWER, _SET_POWER, self._power)
                )
        return False

    def _settle(self, get: int, put: int, value: bytes) -> "Asking":
        """Write a setting if it differs, and read it back."""
        found = yield from self._ask(get)
        if found is not None and found != value:
            yield from self._ask(put, value)
            found = yield from self._ask(get)
        return found == value

    def _silence(self) -> "Asking":
        answer = yield from self._ask(_STOP)
        self.dark = answer is not None
        return self.dark

    def _poll(self) -> "Asking":
        since_ms = self._now_ms
        self.dark = False
        if self._rounds == 1:
            self._send(_POLL)
        else:
            many = bytes((0x22, self._rounds >> 8 & 0xFF, self._rounds & 0xFF))
            self._send(_POLL_MANY, many)
        heard = self.heard
        over = False
        while not over:
            yield
            silent_ms = ticks_diff(self._now_ms, self._last_ms)
            if self.heard == heard:
                over = ticks_diff(self._now_ms, since_ms) >= _TIMEOUT_MS
            elif self._rounds == 1:
                over = self._error == _NO_TAG or silent_ms >= _TAIL_MS
            else:
                over = silent_ms >= _MANY_TAIL_MS or not self._wanted
        seen = self._notices > 0
        answered = seen or self._error == _NO_TAG
        if self._rounds == 1:
            self.dark = True  # a single poll ends by itself
        else:
            yield from self._silence()
        if not answered:
            return False
        self.presence.swept(self._now_ms)
        self._judge(seen)
        yield from self._rest(since_ms, _PERIOD_MS)
        return True

    def _judge(self, seen: bool) -> None:
        """One tag alone for a few polls is told; two are none."""
        uids = self.presence.uids
        self.several = len(uids) > 1
        if len(uids) != 1:
            self._candidate = None
            self.busy = False
            return
        uid = uids[0]
        if uid != self._candidate:
            self._candidate = uid
            self._alone_polls = 0
        if seen:
            self._alone_polls += 1
        self.busy = not self.presence.told(uid)
        if self._alone_polls >= _ROUNDS:
            if len(uid) & 1:
                self._tell(uid, Sighting(RK_EPC, uid[1:], None, None))
            else:
                self._tell(uid, Sighting(RK_EPC, uid, uid, None))


def _text(parameters: bytes) -> str:
    """The printable part of an information answer, whose first byte repeats the question."""
    return "".join([chr(c) for c in parameters[1 : 1 + _MAX_TEXT] if 32 <= c < 127]).strip()
