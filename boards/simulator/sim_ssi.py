"""A simulated engine with the Simple Serial Interface: parameters, packets, resends.

Zebra Simple Serial Interface Programmer's Guide 72E-40451.
"""

from sim_engine import SimEngine

from gatescan.core.compat import TYPE_CHECKING
from gatescan.drivers.ticks import ticks_diff

if TYPE_CHECKING:
    from typing import Any

_TYPES = {"A0": 1, "F0": 2, "C0": 3, "S0": 4, "I0": 6, "I1": 6, "G0": 7, "E0": 0x0B, "E4": 0x0A,
          "H3": 0x0C, "M0": 0x0E, "C1": 0x0F, "L0": 0x11, "d1": 0x1B, "d2": 0x1B, "Q1": 0x1C,
          "Q3": 0x1C, "z0": 0x2D, "e0": 0x30}  # fmt: skip
_FACTORY = {0xEE: 0, 0x2D: 0, 0xEB: 0, 0x9F: 1, 0x38: 1, 0xEC: 1, 0x5E: 0, 0x8A: 0}
_ACK_MS = 2000
_INSIDE_MS = 200  # silence inside a packet of the host: the rest never comes
_TRIES = 3
_MOST_DATA = 251


def packet(opcode: int, data: bytes = b"", status: int = 0) -> bytes:
    """A packet of the decoder."""
    out = bytes((4 + len(data), opcode, 0, status)) + data
    check = -sum(out) & 0xFFFF
    return out + bytes((check >> 8, check & 0xFF))


class SimSsi(SimEngine):
    """`params` is its RAM; `sent` counts packets with scans, resends too."""

    KIND = "ssi"

    def __init__(self, stream: "Any" = None, **options: "Any") -> None:
        self.params = dict(_FACTORY)
        self.revision = b"PAABLS00-001-R02D0 FLASH SE4500"
        self.sent = 0
        self.damage = 0  # the next packets with scans that arrive with a changed byte
        self.gave_up = 0
        self._in = b""
        self._in_ms = 0
        self._waiting: list[bytes] = []
        self._tries = 0
        self._sent_ms = 0
        super().__init__(stream, **options)

    @property
    def beeper(self) -> bool:
        """Whether it sounds on a scan."""
        return self.params[0x38] == 1

    def factory_reset(self) -> None:
        """As by its reset barcode."""
        self.power_on()

    def _start(self) -> None:
        self.params = dict(_FACTORY)  # what the firmware sets is temporary
        self._in = b""
        self._waiting = []
        self._tries = 0

    def _take(self, data: bytes) -> None:
        self._in_ms = self.now()
        self._in += data
        while len(self._in) > 3:
            whole = self._in[0] + 2
            if self._in[2] != 4 or self._in[0] < 4:
                self._in = self._in[1:]
                continue
            if len(self._in) < whole:
                return
            one, self._in = self._in[:whole], self._in[whole:]
            if self._heard():
                self._command(one)

    def _command(self, one: bytes) -> None:
        if -sum(one[:-2]) & 0xFFFF != one[-2] << 8 | one[-1]:
            self._send(packet(0xD1, b"\x01"))
            return
        opcode, data = one[1], one[4:-2]
        if opcode == 0xD0:
            if self._waiting and self._tries:
                self._waiting.pop(0)
                self._tries = 0
        elif opcode == 0xD1:
            if self._waiting and self._tries:
                self._sent_ms = self.now() - _ACK_MS
        elif opcode == 0xA3:
            self._send(packet(0xA4, self.revision))
        elif opcode == 0xC7:
            told = b"".join([bytes((p, self.params[p])) for p in data if p in self.params])
            self._send(packet(0xC6, b"\xff" + told))
        elif opcode == 0xC6:
            for i in range(1, len(data) - 1, 2):
                self.params[data[i]] = data[i + 1]
            self._send(packet(0xD0))
        else:
            self._send(packet(0xD1, b"\x02"))

    def _work(self) -> None:
        if self._in and ticks_diff(self.now(), self._in_ms) > _INSIDE_MS:
            self._in = b""
        if not self._waiting:
            return
        if self._tries and ticks_diff(self.now(), self._sent_ms) < _ACK_MS:
            return
        if self._tries == _TRIES:
            self._waiting.pop(0)
            self._tries = 0
            self.gave_up += 1
            return
        out = bytearray(packet(0xF3, self._waiting[0], 1 if self._tries else 0))
        if self.damage:
            self.damage -= 1
            out[6] ^= 0x10
        self.sent += 1
        self._tries += 1
        self._sent_ms = self.now()
        self._send(out)

    def _scanned(self, data: bytes, aim: str) -> None:
        self.beeps += self.beeper
        if self.params[0x2D] == 1 and aim:
            data = b"]" + aim.encode() + data
        if not self.params[0xEE]:
            self._send(data + b"\r")
            return
        self._waiting.append((bytes((_TYPES.get(aim, 0),)) + data)[:_MOST_DATA])
        if not self.params[0x9F]:
            self._send(packet(0xF3, self._waiting.pop()))
        self._work()
