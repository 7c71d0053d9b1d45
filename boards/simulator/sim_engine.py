"""What all simulated barcode engines share: the line to the firmware, starting up, the plug.

An engine sits between the firmware and the stream on which the host side writes decoded codes,
one a line, with an AIM identifier before it where the host knows the symbology. `scan` is the
same from a test. It uses no part of the board, so that tests on CPython can have it too.
"""

from gatescan.core.compat import TYPE_CHECKING
from gatescan.drivers.ticks import ticks_add, ticks_diff, ticks_ms

if TYPE_CHECKING:
    from typing import Any, Callable

_BOOT_MS = 300
_CODE_BYTES = 512  # longer lines of the host side are cut: no engine reads such a code


def symbol_of(code: bytes) -> "tuple[bytes, str]":
    """Content and symbology of a code of which the host side told only what is printed."""
    digits = all(48 <= byte <= 57 for byte in code)
    if digits and len(code) in (12, 13):
        return (b"0" + code)[-13:], "E0"
    if digits and len(code) in (8, 14):
        return code, "E4" if len(code) == 8 else "I1"
    return code, "C0"


class SimEngine:
    """An engine without commands: it sends each code with CR. The others build on it."""

    KIND = "line"

    def __init__(
        self,
        stream: "Any" = None,
        now: "Callable[[], int]" = ticks_ms,
        baud: int = 9600,
        boot_ms: int = _BOOT_MS,
    ) -> None:
        """`stream`: where decoded codes come from; `now` gives milliseconds."""
        self.stream = stream
        self.now = now
        self.baud = baud  # of the engine
        self.line_baud = 9600  # of the firmware's UART
        self.boot_ms = boot_ms
        self.plugged = True
        self.mute = 0  # commands that it does not hear: lost on the line
        self.beeps = 0
        self.commands = 0
        self._code = b""
        self._out = bytearray()
        self._ready_ms: int | None = None
        self.power_on()

    # The firmware's side: a UART

    def readinto(self, buf: bytearray) -> "int | None":
        """What the engine has sent; None when nothing has come."""
        if self.joined:
            return self.stream.readinto(buf)
        self._listen_to_host()
        self._work()
        if not self._out:
            return None
        count = min(len(buf), len(self._out))
        buf[:count] = self._out[:count]
        self._out = self._out[count:]
        return count

    def write(self, data: "bytes | memoryview") -> "int | None":
        """Take what the firmware sends; the count of bytes, None when none went."""
        if self.joined:
            return self.stream.write(data)
        if self.plugged and self.ready:
            self._work()
            self._take(self._garbled(bytes(data)))
            self._work()
        return len(data)

    def set_baud(self, baud: int) -> None:
        """The firmware's UART changes its speed."""
        self.line_baud = baud

    @property
    def joined(self) -> bool:
        """Whether a wire leads from TX to RX in place of the engine."""
        return bool(getattr(self.stream, "joined", False))

    @joined.setter
    def joined(self, on: bool) -> None:
        self.stream.joined = on

    # The hand at the engine

    @property
    def ready(self) -> bool:
        """Whether it has started."""
        return self._ready_ms is None or ticks_diff(self.now(), self._ready_ms) >= 0

    def power_on(self) -> None:
        """Start, as after the plug: settings come from its flash, RAM is empty."""
        self.plugged = True
        self._out = bytearray()
        self._ready_ms = ticks_add(self.now(), self.boot_ms)
        self._start()

    def unplug(self) -> None:
        """Take it off the line."""
        self.plugged = False
        self._out = bytearray()

    def scan(self, text: "bytes | str", aim: str = "") -> None:
        """A code is held before it; `aim` is the symbology as its identifier, e.g. "E0"."""
        data = text.encode() if isinstance(text, str) else text
        if self.plugged and self.ready:
            self._scanned(data, aim)

    # For the engines that build on this one

    def _start(self) -> None:
        """Forget what was begun."""

    def _take(self, data: bytes) -> None:
        """Bytes from the firmware; this engine has no commands."""

    def _work(self) -> None:
        """What it does by itself as time passes."""

    def _scanned(self, data: bytes, aim: str) -> None:
        self.beeps += 1
        self._send((("]" + aim).encode() if aim else b"") + data + b"\r")

    def _send(self, data: "bytes | bytearray") -> None:
        if self.plugged:
            self._out += self._garbled(bytes(data))

    def _garbled(self, data: bytes) -> bytes:
        """The same, or what is left of it where the speeds differ."""
        if self.baud == self.line_baud:
            return data
        return bytes([(byte * 37 + 91) & 0xFF | 0x81 for byte in data])

    def _heard(self) -> bool:
        """Whether a command arrives; `mute` counts those that do not."""
        self.commands += 1
        if self.mute:
            self.mute -= 1
            return False
        return True

    def _listen_to_host(self) -> None:
        if self.stream is None:
            return
        chunk = bytearray(64)
        while True:
            count = self.stream.readinto(chunk)
            if not count:
                return
            for byte in chunk[:count]:
                if byte in (10, 13):
                    self._from_host()
                elif len(self._code) < _CODE_BYTES:
                    self._code += bytes((byte,))

    def _from_host(self) -> None:
        code, self._code = self._code, b""
        if code[:1] == b"]" and len(code) > 3 and 65 <= code[1] <= 122 and 48 <= code[2] <= 57:
            self.scan(code[3:], code[1:3].decode())
        elif code:
            self.scan(*symbol_of(code))
