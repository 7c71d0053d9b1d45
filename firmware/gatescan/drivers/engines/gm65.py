"""GROW GM65 family (GM65-S, GM805, GM812, GM861S): what it is, and its settings as we need them.

Zones: GM65-S manual V1.3, 8.5. Zone 0x00D0 (AIM identifiers) is in the manuals of the GM8xx
only; recorded scans of a GM861 with 0x80 in it begin with `]E0` (tests/vectors). Zone 0x0060 bit
7 of a GM861 wraps scans in a frame of its own, so that zone is set as a whole.
"""

from gatescan.core.compat import TYPE_CHECKING, const
from gatescan.core.frames import engine_frames as frames
from gatescan.drivers.engines import gm65_frame

if TYPE_CHECKING:
    from gatescan.core.frames.engine_frames import Host

MODE_CONTINUOUS = const(2)
MODE_SENSOR = const(3)
_PLAIN_GM65 = const(5)  # zone 0x00E0: this model has no AIM identifiers
_IDENTITY = const(0xE0)  # model, hardware, software, year, month, day
_IDENTITY_ZONES = const(6)
# Blocks that are read: (address, zones). Every block has a length of its own, and none the 1 of
# an acknowledgement, so that an answer that comes late is never taken for another one's.
_BLOCKS = ((0x00, 4), (0x0D, 3), (0x60, 2), (0xB0, 5), (0xD0, 7))
_AIM_BLOCK = const(4)
# What each zone must hold: (block, offset, mask, value); the mode comes from the constructor.
_WANTED = (
    (0, 0, 0x43, 0x00),  # silent: the tone is the verdict's; reading mode in bits 1-0
    (0, 3, 0x03, 0x03),  # setup codes closed: an item could switch the engine; sent as text
    (1, 0, 0x03, 0x00),  # scans go to the UART
    (2, 0, 0xFF, 0x01),  # CR at the end; no prefix, suffix, one-letter code id or "RF"
    (3, 0, 0x03, 0x00),  # the whole content, nothing cut off
    (4, 0, 0x80, 0x80),  # AIM symbology identifiers
)
_IDENTIFY = const(-1)
_DONE = const(-2)
_SAVING = const(-3)
_BEATING = const(-4)
_FAILURES = const(3)  # then it is left as it is: writing for ever would change nothing
_PASSES = const(2)  # set, then look whether it is so


class Gm65:
    """A dialogue: `ask` gives the next command, `answer` takes frames, until `ask` gives None."""

    KIND = frames.GM65

    def __init__(self, host: "Host", mode: int = MODE_CONTINUOUS) -> None:
        self._mode = mode
        self.model = ""
        self.version = ""
        self.aim: bool | None = None  # whether scans begin with AIM identifiers; None not known
        self.packets_only = False  # scans are lines
        self.as_wanted = False  # every setting was read and is right
        self.changes = 0  # settings that were written
        self._step = _IDENTIFY
        self._pass = 0
        self._complete = True
        self._dirty = False
        self._failures = 0  # in a row: it took a setting and forgot it
        self._writes: list[tuple[int, int]] = []
        self._expected = _IDENTITY_ZONES
        self._question: bytes | None = gm65_frame.read(_IDENTITY, _IDENTITY_ZONES)

    def ask(self) -> "bytes | None":
        """The command that waits for its answer; None once everything is settled."""
        return self._question

    def beat(self) -> None:
        """Ask for a sign of life: the block whose zones a factory reset changes."""
        self._read(0)
        self._step = _BEATING

    def answer(self, frame: memoryview, now_ms: int) -> bool:
        """Take a frame with a right check; True when it answers the question."""
        if (
            self._question is None
            or frame[0] != gm65_frame.REPLY
            or len(frame) - gm65_frame.DATA_AT - 2 != self._expected
        ):
            return False
        step = self._step
        if step == _IDENTIFY:
            self._identify(frame)
            self._begin()
        elif self._writes:
            self._writes.pop(0)
            self.changes += 1
            self._dirty = True
            self._write_or_next()
        elif step == _SAVING:
            self._finish_pass()
        elif step == _BEATING:
            if self._differing(frame, 0) and self._failures < _FAILURES:
                self._begin()  # a reset or a setup code has changed it
            else:
                self._settle()
        else:
            self._check(frame, step)
        return True

    def skip(self) -> None:
        """The question stays without an answer, as some models leave it: go on without."""
        self._complete = False
        if self._step == _IDENTIFY or self._step == _BEATING:
            return
        if self._writes:
            self._writes.pop(0)
            self._write_or_next()
        elif self._step == _SAVING:
            self._finish_pass()  # kept until the power goes, then set again
        else:
            self._next()

    def told(self, identified: bool) -> bool:
        """A scan came, with or without an AIM identifier; True when that is a surprise."""
        if self.aim and not identified:
            self.aim = False
            return True
        return False

    def disturbed(self, now_ms: int) -> bool:
        """Noise between frames; nothing to be said to this engine."""
        return False

    def _identify(self, frame: memoryview) -> None:
        at = gm65_frame.DATA_AT
        model = frame[at]
        self.model = "GM65" if model == _PLAIN_GM65 else "GROW %02X" % model
        self.version = "HW %d.%02d SW %d.%02d %d-%02d-%02d" % (
            frame[at + 1] // 100, frame[at + 1] % 100, frame[at + 2] // 100, frame[at + 2] % 100,
            2000 + frame[at + 3], frame[at + 4], frame[at + 5],
        )  # fmt: skip
        if model == _PLAIN_GM65:
            self.aim = False

    def _begin(self) -> None:
        self._pass = 0
        self._dirty = False
        self.as_wanted = False
        self._complete = True
        self._read(0)

    def _read(self, block: int) -> None:
        address, count = _BLOCKS[block]
        self._step = block
        self._expected = count
        self._question = gm65_frame.read(address, count)

    def _differing(self, frame: memoryview, block: int) -> "list[tuple[int, int]]":
        """(address, value) of the zones in this block that are not as wanted."""
        out = []
        for number, offset, mask, value in _WANTED:
            if number == block:
                if not number and not offset:
                    value |= self._mode
                now = frame[gm65_frame.DATA_AT + offset]
                if now & mask != value:
                    out.append((_BLOCKS[block][0] + offset, now & ~mask & 0xFF | value))
        return out

    def _check(self, frame: memoryview, block: int) -> None:
        differing = self._differing(frame, block)
        if self._pass:
            if differing:
                self._complete = False
                self._failures += not block
            if block == _AIM_BLOCK:
                self.aim = not differing
            self._next()
            return
        self._writes = differing
        self._write_or_next()

    def _write_or_next(self) -> None:
        if self._writes:
            address, value = self._writes[0]
            self._expected = 1
            self._question = gm65_frame.write(address, value)
        else:
            self._next()

    def _next(self) -> None:
        last = _AIM_BLOCK - 1 if self.model == "GM65" else _AIM_BLOCK
        if self._step < last:
            self._read(self._step + 1)
        elif self._pass + 1 < _PASSES:
            self._pass += 1
            self._read(0)
        elif self._dirty and self._complete:
            self._step = _SAVING
            self._expected = 1
            self._question = gm65_frame.save()
        else:
            self._finish_pass()

    def _finish_pass(self) -> None:
        self._dirty = False
        self.as_wanted = self._complete
        if self._complete:
            self._failures = 0
        self._settle()

    def _settle(self) -> None:
        self._step = _DONE
        self._question = None
