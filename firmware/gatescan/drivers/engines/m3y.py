"""M3Y-W, the look-alike on newer Waveshare boards: commands as text in `5A 00 len(2) .. bcc A5`.

Source: cryptoadvance/specter-diy src/hosts/qr.py (commands and framing, used with the real part).
It answers `90 00` to what it has done; its settings cannot be read, so they are sent once.
"""

from gatescan.core.compat import TYPE_CHECKING, const
from gatescan.core.frames import engine_frames as frames

if TYPE_CHECKING:
    from gatescan.core.frames.engine_frames import Host

_DONE_PAYLOAD = b"\x90\x00"
_VERSION = b"T_OUT_CVER"
_TRIGGER = b"SR030301"
# In this order; the version comes first because it tells that this is the engine.
_COMMANDS = (
    _VERSION,
    b"S_CMD_0000",  # no settings by barcode
    b"S_CMD_04F0",  # silent: the tone is the verdict's
    b"S_CMD_059D",  # CR ends a scan
    b"S_CMD_MTRS0000",  # a trigger lasts until a code was read
    b"S_CMD_020D",  # reads on command
    _TRIGGER,
)
_PAYLOAD_AT = const(4)
_VERSION_CHARS = const(24)


def command(text: bytes) -> bytes:
    """The frame of one command."""
    out = b"\x5a\x00" + bytes((len(text) >> 8, len(text) & 0xFF)) + text
    return out + bytes((frames.xor_of(out, 1, len(out)), 0xA5))


def printable(text: "bytes | memoryview", most: int) -> str:
    """The printable ASCII characters of what an engine says of itself, at most `most`."""
    out = ""
    for byte in text:
        if 32 <= byte < 127 and len(out) < most:
            out += chr(byte)
    return out.strip()


class M3y:
    """A dialogue: `ask` gives the next command, `answer` takes frames, until `ask` gives None."""

    KIND = frames.M3Y

    def __init__(self, host: "Host") -> None:
        self.model = ""
        self.version = ""
        self.aim: bool | None = False  # no command for identifiers is known: it sends none
        self.packets_only = False  # scans are lines
        self.as_wanted = False
        self.changes = 0
        self._at = 0
        self._refused = 0
        self._beat = False

    def ask(self) -> "bytes | None":
        """The command that waits for its answer; None once everything is settled."""
        if self._beat:
            return command(_VERSION)
        return command(_COMMANDS[self._at]) if self._at < len(_COMMANDS) else None

    def beat(self) -> None:
        """Ask for a sign of life."""
        self._beat = True

    def answer(self, frame: memoryview, now_ms: int) -> bool:
        """Take a frame with a right check; True when it answers the question."""
        payload = bytes(frame[_PAYLOAD_AT:-2])
        version = len(payload) > len(_DONE_PAYLOAD)
        if self._beat:
            if version:
                self._beat = False
                if printable(payload, _VERSION_CHARS) != self.version:
                    self._at = 1  # another one was plugged in
            return version
        if self._at >= len(_COMMANDS) or version != (not self._at):
            return False
        if not self._at:
            self.model = "M3Y-W"
            self.version = printable(payload, _VERSION_CHARS)
        elif payload == _DONE_PAYLOAD:
            self.changes += 1
        else:
            self._refused += 1
        self._advance()
        return True

    def skip(self) -> None:
        """The question stays without an answer: go on without."""
        if not self._beat and self._at:
            self._refused += 1
            self._advance()

    def told(self, identified: bool) -> bool:
        """A scan came: the engine reads the next one when it is triggered again."""
        if self._at >= len(_COMMANDS):
            self._at = len(_COMMANDS) - 1
        return False

    def disturbed(self, now_ms: int) -> bool:
        """Noise between frames; nothing to be said to this engine."""
        return False

    def _advance(self) -> None:
        self._at += 1
        self.as_wanted = self._at >= len(_COMMANDS) and not self._refused
