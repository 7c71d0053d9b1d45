"""A simulated engine of the GM65 family: zones in RAM and flash, commands, scans by its settings.

GROW GM65-S manual V1.3, 8.1-8.5. The factory zones are those that a GM861 told
(arendst/Tasmota, xsns_107_gm861.ino); a GM65 has no AIM identifiers (zone 0xD0).
"""

from sim_engine import SimEngine

from gatescan.core.compat import TYPE_CHECKING
from gatescan.drivers.ticks import ticks_diff

if TYPE_CHECKING:
    from typing import Any

_GAP_MS = 400  # a command that stays incomplete for longer is none
_FACTORY = bytes.fromhex(
    "D6002000000A32012C00873C01A11C3203008000060000000000000000000000"
    "0002803C000000060000390105640D0D0D010D01048009048005048001048001"
    "0804800804800804800804800801800000000480010100000000048000000300"
    "0100"
)
_BAUD_ZONE = 0x2A
_BAUDS = {0x0271: 4800, 0x0139: 9600, 0x009C: 19200, 0x004E: 38400, 0x0034: 57600, 0x001A: 115200}
_CODE_IDS = {"E0": b"d", "E4": b"d", "C0": b"j", "C1": b"j", "Q1": b"Q", "Q3": b"Q", "d1": b"u",
             "d2": b"u", "e0": b"R", "L0": b"r", "A0": b"b", "I0": b"e", "I1": b"e"}  # fmt: skip
_MODEL_GM65 = 5
_MODEL_GM861 = 0x1E


def crc16(data: "bytes | bytearray") -> int:
    """CRC of the manual's section 8.1, by its own bit-wise text."""
    crc = 0
    for byte in data:
        mask = 0x80
        while mask:
            crc *= 2
            if crc & 0x10000:
                crc ^= 0x11021
            if byte & mask:
                crc ^= 0x1021
            mask //= 2
    return crc


class SimGm65(SimEngine):
    """`zones` is its RAM, `flash` what a loss of power leaves, `triggered` a scan on command."""

    KIND = "gm65"

    def __init__(self, stream: "Any" = None, model: int = _MODEL_GM65, **options: "Any") -> None:
        self.model = model
        self.saves = 0
        self.writes = 0
        self.resets = 0
        self.triggered = False
        self._in = b""
        self._in_ms = 0
        factory = bytearray(256)
        factory[: len(_FACTORY)] = _FACTORY
        factory[0xE0:0xE6] = bytes((model, 0x64, 0x69, 20, 6, 11))
        self.factory = bytes(factory)
        self.zones = bytearray(factory)
        self.flash = self.factory
        for value, baud in _BAUDS.items():
            if baud == options.get("baud"):
                self.set_flash(_BAUD_ZONE, value & 0xFF)
                self.set_flash(_BAUD_ZONE + 1, value >> 8)
        super().__init__(stream, **options)

    def set_flash(self, address: int, value: int) -> None:
        """How somebody left it: in flash and RAM."""
        flash = bytearray(self.flash)
        flash[address] = value
        self.flash = bytes(flash)
        self.zones[address] = value

    @property
    def beeper(self) -> bool:
        """Whether it sounds on a scan."""
        return bool(self.zones[0] & 0x40)

    def factory_reset(self) -> None:
        """As by its reset barcode: factory zones, in flash too, and a restart at 9600 baud."""
        self.resets += 1
        self.flash = self.factory
        self.power_on()

    def setup_code(self, address: int, value: int) -> None:
        """A barcode of the manual that changes a zone is held before it."""
        if self.zones[3] & 2:
            if self.zones[3] & 1:
                self.scan(b"%02X%02X" % (address, value), "C0")
        else:
            self.zones[address] = value

    def _start(self) -> None:
        self.zones[:] = self.flash
        self._in = b""
        self._apply_baud()

    def _apply_baud(self) -> None:
        value = self.zones[_BAUD_ZONE] | self.zones[_BAUD_ZONE + 1] << 8
        self.baud = _BAUDS.get(value, self.baud)

    def _work(self) -> None:
        if self._in and ticks_diff(self.now(), self._in_ms) > _GAP_MS:
            self._in = b""

    def _take(self, data: bytes) -> None:
        for byte in data:
            if not self._in:
                self._in_ms = self.now()
            self._in += bytes((byte,))
            if self._in[:2] != b"\x7e\x00"[: len(self._in)]:
                self._in = b"\x7e" if byte == 0x7E else b""
            elif len(self._in) >= 4:
                count = 1 if self._in[2] != 8 else self._in[3] or 256
                if len(self._in) == 8 + count:
                    command, self._in = self._in, b""
                    if self._heard():
                        self._command(command)

    def _command(self, command: bytes) -> None:
        told = command[-2] << 8 | command[-1]
        if told not in (0xABCD, crc16(command[2:-2])):
            return
        address = command[4] << 8 | command[5]
        if command[2] == 7 and address < 256:
            count = command[6] or 256
            self._reply(2, (bytes(self.zones) + bytes(256))[address : address + count])
        elif command[2] == 8 and address < 256:
            self._reply(2, b"\x00")
            self._write(address, command[6:-2])
        elif command[2] == 9:
            self.saves += 1
            self.flash = bytes(self.zones)
            self._reply(2, b"\x00")
        elif command[2] == 10 and self.model != _MODEL_GM65:
            self._reply(3, b"\x00")

    def _write(self, address: int, data: bytes) -> None:
        if address == 0xD9:
            if data[0] in (0x50, 0x55):
                self.factory_reset()
            return
        self.writes += 1
        for value in data:
            if address < 0xE0:
                self.zones[address] = value
            address += 1
        self.triggered = self.triggered or bool(self.zones[2] & 1)
        self.zones[2] &= 0xFE
        self._apply_baud()

    def _reply(self, head: int, data: bytes) -> None:
        body = bytes((0, len(data) & 0xFF)) + data
        crc = crc16(body)
        self._send(bytes((head, 0)) + body + bytes((crc >> 8, crc & 0xFF)))

    def _scanned(self, data: bytes, aim: str) -> None:
        zones = self.zones
        mode = zones[0] & 3
        if (mode < 2 and not self.triggered) or zones[0x0D] & 3:
            return  # waits for its trigger, or sends to USB
        self.triggered = False
        self.beeps += self.beeper
        style = zones[0x60]
        out = b""
        if style & 8:
            out += bytes(zones[0x63 : 0x63 + (zones[0x62] >> 4)])
        if self.model != _MODEL_GM65 and zones[0xD0] & 0x80 and aim:
            out += b"]" + aim.encode()
        if style & 4:
            out += _CODE_IDS.get(aim, b"")
        cut = zones[0xB0] & 3
        if cut:
            data = (data[: zones[0xB1]], data[-zones[0xB2] :])[cut != 1]
        out += data
        if style & 2:
            out += bytes(zones[0x72 : 0x72 + (zones[0x62] & 15)])
        if style & 1:
            out += (b"\r", b"\r\n", b"\t", b"")[style >> 5 & 3]
        if style & 0x80 and self.model != _MODEL_GM65:
            out = bytes((3, len(data) >> 8, len(data) & 0xFF)) + data
        self._send(out)


class SimGm861(SimGm65):
    """A later model of the family, with AIM identifiers."""

    KIND = "gm861"

    def __init__(self, stream: "Any" = None, **options: "Any") -> None:
        super().__init__(stream, _MODEL_GM861, **options)
