"""A simulated M3Y-W: commands as text in `5A 00 len(2) .. bcc A5`, answers `5A 01 .. `.

Source: cryptoadvance/specter-diy src/hosts/qr.py.
"""

from sim_engine import SimEngine

from gatescan.core.compat import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Any

_MOST = 64


def frame(kind: int, payload: bytes) -> bytes:
    """A frame of the host (`kind` 0) or the engine (1)."""
    body = bytes((kind, len(payload) >> 8, len(payload) & 0xFF)) + payload
    check = 0
    for byte in body:
        check ^= byte
    return b"\x5a" + body + bytes((check, 0xA5))


class SimM3y(SimEngine):
    """`settings` are the commands that it was given; `beeper`, `setup_codes`, `tail` by them."""

    KIND = "m3y"

    def __init__(self, stream: "Any" = None, **options: "Any") -> None:
        self.version = b"M3Y-W V1.2.3"
        self.settings: list[bytes] = []
        self.beeper = True
        self.setup_codes = True
        self.tail = b"\r\n"
        self.on_command = False
        self.triggered = False
        self._in = b""
        super().__init__(stream, **options)

    def _start(self) -> None:
        self._in = b""
        self.triggered = False

    def factory_reset(self) -> None:
        """As by its reset barcode."""
        self.settings = []
        self.beeper = self.setup_codes = True
        self.tail = b"\r\n"
        self.on_command = False
        self.baud = 9600
        self.power_on()

    def _take(self, data: bytes) -> None:
        self._in += data
        while self._in:
            if self._in[0] != 0x5A or (len(self._in) > 3 and self._in[3] > _MOST):
                self._in = self._in[1:]
                continue
            if len(self._in) < 4 or len(self._in) < 6 + self._in[3]:
                return
            whole = self._in[: 6 + self._in[3]]
            self._in = self._in[len(whole) :]
            if whole == frame(0, whole[4:-2]) and self._heard():
                self._command(whole[4:-2])

    def _command(self, text: bytes) -> None:
        if text == b"T_OUT_CVER":
            self._send(frame(1, self.version))
            return
        if text == b"S_CMD_FFFF":
            self._send(frame(1, b"\x90\x00"))
            self.factory_reset()
            return
        self.settings.append(text)
        if text[:9] == b"S_CMD_000":
            self.setup_codes = text[9:] == b"1"
        elif text[:9] == b"S_CMD_04F":
            self.beeper = text[9:] == b"1"
        elif text == b"S_CMD_059D":
            self.tail = b"\r"
        elif text == b"S_CMD_020D":
            self.on_command = True
        elif text[:7] == b"SR03030":
            self.triggered = text[7:] == b"1"
        elif text[:10] == b"S_CMD_H3BR":
            self._send(frame(1, b"\x90\x00"))
            self.baud = int(text[10:])
            return
        elif text[:6] != b"S_CMD_":
            self._send(frame(1, b"\x69\x85"))
            return
        self._send(frame(1, b"\x90\x00"))

    def _scanned(self, data: bytes, aim: str) -> None:
        if self.on_command and not self.triggered:
            return
        self.triggered = False
        self.beeps += self.beeper
        self._send(data + self.tail)
