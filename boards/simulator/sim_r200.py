"""An R200 or M100 UHF reader at the other end of a UART, with EPC tags before its antenna."""

from gatescan.core.compat import TYPE_CHECKING

if TYPE_CHECKING:
    Bytes = bytes | bytearray | memoryview

_ENDS = {0xBB: 0x7E, 0xAA: 0xDD}


def gen2_crc(data: bytes) -> int:
    """CRC-16 of a Gen2 tag, bit by bit (ISO/IEC 18000-63, annex F)."""
    crc = 0xFFFF
    for byte in data:
        crc ^= byte << 8
        for _ in range(8):
            crc = (crc << 1 ^ 0x1021 if crc & 0x8000 else crc << 1) & 0xFFFF
    return crc ^ 0xFFFF


class SimR200:
    """`readinto` and `write` are the UART. `plug`: "in" or "out"."""

    def __init__(self, header: int = 0xBB, region: int = 1, power_cdbm: int = 2600) -> None:
        self.header = header
        self.region = region
        self.power_cdbm = power_cdbm
        self.plug = "in"
        self.stubborn = False  # takes settings and does not keep them
        self.lose = 0  # how many of the next answers do not come
        self.flip: int | None = None  # bit of the next answer that arrives wrong
        self.commands: dict[int, int] = {}  # code -> how often it came since the start
        self.resets = 0
        self.rssi_dbm = -55
        self.user_memory = False  # a bit of the tags' PC
        self._tags: list[tuple[bytes, bool]] = []
        self._hidden = 0
        self._in = b""
        self._out = b""
        self._rounds = 0

    def lay(self, uii: bytes, is_epc: bool = True) -> None:
        """Bring a tag into view."""
        self._tags.append((uii, is_epc))

    def take_away(self, uii: bytes) -> None:
        """Take a tag out of view."""
        self._tags = [tag for tag in self._tags if tag[0] != uii]

    def miss(self, polls: int) -> None:
        """See no tag in the next polls."""
        self._hidden = polls

    def unplug(self, plug: str) -> None:
        """Take it off or put it back; settings stay in its flash."""
        self.plug = plug
        self._in = self._out = b""
        self._rounds = 0

    def reset(self, level: int) -> None:
        """The enable pin, low = off."""
        if not level:
            self.resets += 1
            self.unplug(self.plug)

    def frame(self, kind: int, command: int, parameters: bytes) -> bytes:
        """A frame in this reader's framing."""
        count = len(parameters)
        body = bytes((kind, command, count >> 8, count & 0xFF)) + parameters
        return bytes((self.header,)) + body + bytes((sum(body) & 0xFF, _ENDS[self.header]))

    def notice(self, uii: bytes, is_epc: bool = True, command: int = 0x22) -> bytes:
        """The frame in which a tag is reported."""
        pc = len(uii) // 2 << 11 | (0 if is_epc else 0x100)
        pc |= 0x400 if self.user_memory else 0
        tag = bytes((pc >> 8, pc & 0xFF)) + uii
        crc = gen2_crc(tag)
        return self.frame(
            2, command, bytes((self.rssi_dbm & 0xFF,)) + tag + bytes((crc >> 8, crc & 0xFF))
        )

    def write(self, data: "Bytes") -> int:
        """What the host sends."""
        if self.plug == "in":
            self._in += bytes(data)
            self._parse()
        return len(data)

    def readinto(self, buf: bytearray) -> "int | None":
        """What the reader sends, None when there is nothing."""
        if self.plug != "in":
            return None
        if self._rounds and not self._out:
            self._rounds -= 1
            self._round(0x27)
        count = min(len(buf), len(self._out))
        buf[:count] = self._out[:count]
        self._out = self._out[count:]
        return count or None

    def _parse(self) -> None:
        while self._in:
            if self._in[0] != self.header:
                self._in = self._in[1:]
                continue
            count = self._in[4] if len(self._in) > 4 else 0
            if len(self._in) < 7 + count:
                return
            frame, self._in = self._in[: 7 + count], self._in[7 + count :]
            if sum(frame[1:-2]) & 0xFF == frame[-2] and frame[1] == 0:
                self.commands[frame[2]] = self.commands.get(frame[2], 0) + 1
                self._command(frame[2], frame[5:-2])

    def _say(self, frame: bytes) -> None:
        if self.lose:
            self.lose -= 1
            return
        if self.flip is not None:
            wrong = bytearray(frame)
            wrong[(self.flip >> 3) % len(frame)] ^= 1 << (self.flip & 7)
            frame, self.flip = bytes(wrong), None
        self._out += frame

    def _round(self, command: int) -> None:
        seen = [] if self._hidden else self._tags
        self._hidden -= 1 if self._hidden else 0
        for uii, is_epc in seen:
            self._say(self.notice(uii, is_epc, command))
        if not seen:
            self._say(self.frame(1, 0xFF, b"\x15"))

    def _command(self, command: int, parameters: bytes) -> None:
        if command == 0x22:
            self._round(0x22)
        elif command == 0x27:
            self._rounds = parameters[1] << 8 | parameters[2]
        elif command == 0x28:
            self._rounds = 0
            self._say(self.frame(1, 0x28, b"\x00"))
        elif command == 0x03:
            text = (b"M100 26dBm V1.0", b"V2.3.5", b"MagicRf")[parameters[0]]
            self._say(self.frame(1, 0x03, parameters[:1] + text))
        elif command == 0x08:
            self._say(self.frame(1, 0x08, bytes((self.region,))))
        elif command == 0xB7:
            power = bytes((self.power_cdbm >> 8, self.power_cdbm & 0xFF))
            self._say(self.frame(1, 0xB7, power))
        elif command in (0x07, 0xB6):
            if not self.stubborn and command == 0x07:
                self.region = parameters[0]
            elif not self.stubborn:
                self.power_cdbm = parameters[0] << 8 | parameters[1]
            self._say(self.frame(1, command, b"\x00"))
        else:
            self._say(self.frame(1, 0xFF, b"\x17"))
