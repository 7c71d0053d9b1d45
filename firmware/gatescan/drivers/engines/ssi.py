"""Engines that speak the Simple Serial Interface in packets (Zebra, Symbol, GROW GM67).

Zebra Simple Serial Interface Programmer's Guide 72E-40451. A scan comes with its type of code,
is acknowledged, and comes again when the acknowledgement was lost: the same scan counts once.
"""

from gatescan.core.compat import TYPE_CHECKING, const
from gatescan.core.frames import engine_frames as frames
from gatescan.core.frames import ssi_frame
from gatescan.drivers.engines.m3y import printable
from gatescan.drivers.ticks import ticks_diff

if TYPE_CHECKING:
    from gatescan.core.frames.engine_frames import Host

_CODE_ID = const(0x2D)  # 0 none, 1 AIM, 2 one letter of Symbol's
_CODE_ID_AIM = const(1)
# parameter, value
_WANTED = (
    b"\xee\x01"  # scans in packets
    b"\x2d\x01"  # AIM identifier before the text
    b"\xeb\x00"  # no prefix, no suffix
    b"\x9f\x01"  # packets are acknowledged
    b"\x38\x00"  # silent: the tone is the verdict's
    b"\xec\x00"  # no settings by barcode
    b"\x5e\x00"  # no "NR" when nothing was read: it would look like a Code 39
)
_NUMBERS = bytes([_WANTED[i] for i in range(0, len(_WANTED), 2)])
_FIRST_WIDE = const(0xF0)  # longer parameter numbers and values begin here; none is asked for
_RESEND_MS = const(8000)  # a decoder sends a packet three times, 2 s apart
_NAKS = const(3)
_LAST_BYTES = const(140)
_VERSION_CHARS = const(32)


class Ssi:
    """A dialogue: `ask` gives the next command, `answer` takes frames, until `ask` gives None."""

    KIND = frames.SSI

    def __init__(self, host: "Host") -> None:
        self._host = host
        self.model = ""
        self.version = ""
        self.aim: bool | None = None
        self.packets_only = False  # the engine has said so
        self.as_wanted = False
        self.changes = 0
        self.repeats = 0  # scans that came again because the acknowledgement was lost
        self.refused = 0  # scans whose content does not fit their type
        self._code_id = -1  # not known
        self._stubborn = False
        self._blind = False
        self._writing = False
        self._question: bytes | None = ssi_frame.packet(ssi_frame.REQUEST_REVISION)
        self._expected = ssi_frame.REPLY_REVISION
        self._last = bytearray(_LAST_BYTES)
        self._last_length = 0
        self._last_ms = 0
        self._naks = 0
        self._dropping = False  # inside a scan of several packets: longer than any tag

    def ask(self) -> "bytes | None":
        """The command that waits for its answer; None once everything is settled."""
        return self._question

    def beat(self) -> None:
        """Ask for a sign of life: the parameters, which a reset changes."""
        self._expected = ssi_frame.PARAM_SEND
        self._question = ssi_frame.packet(ssi_frame.PARAM_REQUEST, _NUMBERS)

    def answer(self, frame: memoryview, now_ms: int) -> bool:
        """Take a packet with a right checksum; True when it answers the question."""
        opcode = frame[1]
        naks = self._naks
        self._naks = 0
        if opcode == ssi_frame.DECODE_DATA:
            self._scan(frame, now_ms)
            return False
        if opcode in (ssi_frame.PARAM_SEND, ssi_frame.SEGMENT):
            self._host.say(ssi_frame.packet(ssi_frame.ACK))
        if opcode == ssi_frame.SEGMENT and not frame[ssi_frame.DATA_AT]:
            self._host.spoil()  # the first of several packets: longer than any tag
        if self._question is None:
            return False
        if self._writing and opcode in (ssi_frame.ACK, ssi_frame.NAK):
            self._writing = False
            self.changes += opcode == ssi_frame.ACK
            self._stubborn = True  # what is not right by now stays so
            self.beat()
            return True
        if opcode != self._expected or self._writing:
            return False
        if opcode == ssi_frame.REPLY_REVISION:
            text = printable(frame[ssi_frame.DATA_AT : -2], _VERSION_CHARS)
            self.version, _, board = text.partition(" ")
            self.model = "SSI " + board.split(" ")[-1] if board else "SSI"
            self.beat()
        else:
            self._parameters(frame)
            if naks:
                self._host.spoil()  # nothing came after the noise: a scan may be lost
        return True

    def skip(self) -> None:
        """The question stays without an answer: go on without."""
        if self._expected == ssi_frame.REPLY_REVISION:
            return
        self.as_wanted = False
        if self._expected == ssi_frame.PARAM_SEND and not self._blind:
            self._blind = True  # some only take parameters and never tell them
            self._write(_WANTED)
        else:
            self._writing = False
            self._question = None

    def told(self, identified: bool) -> bool:
        """A scan came; its identifier was looked at in its packet."""
        return False

    def disturbed(self, now_ms: int) -> bool:
        """Noise between packets: a scan may be lost in it, so ask for it again."""
        if not self.packets_only:
            return False
        self._naks += 1
        if self._naks <= _NAKS:
            self._host.say(ssi_frame.packet(ssi_frame.NAK, bytes((ssi_frame.NAK_RESEND,))))
        return True

    def _parameters(self, frame: memoryview) -> None:
        at = ssi_frame.DATA_AT + 1  # the byte before says how to beep
        end = len(frame) - 2
        differing = b""
        values = {}
        while at + 1 < end and frame[at] < _FIRST_WIDE:
            values[frame[at]] = frame[at + 1]
            at += 2
        for i in range(0, len(_WANTED), 2):
            if values.get(_WANTED[i], _WANTED[i + 1]) != _WANTED[i + 1]:
                differing += _WANTED[i : i + 2]
        self._code_id = values.get(_CODE_ID, -1)
        self.packets_only = values.get(_WANTED[0]) == 1
        self.as_wanted = not differing
        if differing and not self._stubborn:
            self._write(differing)
        else:
            self._stubborn = False
            self._question = None

    def _write(self, parameters: bytes) -> None:
        # Status 0: until the power goes; the heartbeat finds a reset, and no flash wears.
        self._writing = True
        self._expected = ssi_frame.ACK
        self._question = ssi_frame.packet(ssi_frame.PARAM_SEND, b"\xff" + parameters)

    def _scan(self, frame: memoryview, now_ms: int) -> None:
        self._host.say(ssi_frame.packet(ssi_frame.ACK))
        status = frame[3]
        content = frame[ssi_frame.DATA_AT : -2]
        if self._dropping or status & ssi_frame.CONTINUES:
            if not self._dropping:
                self._host.spoil()
            self._dropping = bool(status & ssi_frame.CONTINUES)
            return
        length = len(content)
        if (
            status & ssi_frame.RETRANSMITTED
            and length == self._last_length
            and ticks_diff(now_ms, self._last_ms) < _RESEND_MS
            and content == memoryview(self._last)[:length]
        ):
            self.repeats += 1
            self._last_ms = now_ms
            return
        self._last_length = length if length <= _LAST_BYTES else 0
        if self._last_length:
            self._last[:length] = content
        self._last_ms = now_ms
        self._hand_on(bytes(content), now_ms)

    def _hand_on(self, content: bytes, now_ms: int) -> None:
        found = None
        if len(content) > 1 and self._code_id < _CODE_ID_AIM + 1:
            text = content[1:]
            # While it is not known whether identifiers come, a leading `]` may be either.
            if self._code_id >= 0 or text[0] != 0x5D:
                found = ssi_frame.identified(content[0], text, self._code_id == _CODE_ID_AIM)
        if found is None:
            self.refused += 1
            self._host.spoil()
        else:
            self._host.scan(found[0], found[1], now_ms)
