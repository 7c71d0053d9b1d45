"""A PN532 behind a UART or an I2C bus (user manual UM0701-02), with the tags in its field."""

from sim_nfc_tag import Air, NfcTag, with_crc

from gatescan.core.compat import TYPE_CHECKING
from gatescan.core.frames.iso14443a import crc_ok

if TYPE_CHECKING:
    Bytes = bytes | bytearray | memoryview

_ACK = b"\x00\x00\xff\x00\xff\x00"
_NACK = b"\x00\x00\xff\xff\x00\x00"
_SYNTAX_ERROR = b"\x00\x00\xff\x01\xff\x7f\x81\x00"
_TIMEOUT, _NOT_ALLOWED, _FORMAT = b"\x01", b"\x27", b"\x13"


def frame_of(data: bytes) -> bytes:
    """The frame that carries `data` (TFI first) to the host."""
    count = len(data)
    check = -sum(data) & 0xFF
    return bytes((0, 0, 0xFF, count, -count & 0xFF)) + data + bytes((check, 0))


class SimPn532:
    """The chip; `SimPn532Hsu` and `SimPn532I2c` are its two faces.

    `plug`: "in", "out" (silence) or "hung" (silence until the pin RSTPD_N was low).
    """

    def __init__(self, air: "Air | None" = None) -> None:
        self.air = air or Air()
        self.plug = "in"
        self.skip = 0  # how many commands are served before `mute` and `flip` count
        self.nacks = 0
        self.deaf = 0  # how many of the next commands are not even acknowledged
        self.mute = 0  # how many of the next answers do not come after the ACK
        self.flip: int | None = None  # bit of the next answer that arrives wrong
        self.resets = 0
        self.commands: dict[int, int] = {}  # code -> how often it came since the start
        self._power_up()

    def _power_up(self) -> None:
        self._in = b""
        self._out: list[bytes] = []
        self._last = b""
        self._targets: list[NfcTag] = []
        self._block = 0
        self.asleep = True
        self.air.field(False)

    def unplug(self, plug: str) -> None:
        """Take it off, put it back or let it hang."""
        self.plug = plug
        self._power_up()

    def reset(self, level: int) -> None:
        """The pin RSTPD_N, low = off."""
        if not level:
            self.resets += 1
            if self.plug == "hung":
                self.plug = "in"
            self._power_up()

    def _bytes(self, data: bytes) -> None:
        """Take what the host sends."""
        if self.plug != "in":
            return
        self._in += data
        while True:
            at = self._in.find(b"\x00\x00\xff")
            if at < 0:
                self._in = self._in[-2:]
                return
            self._in = self._in[at:]
            if len(self._in) < 6:
                return
            if self._in[:6] == _ACK:
                self._in = self._in[6:]
                self._out = []
            elif self._in[:6] == _NACK:
                self._in = self._in[6:]
                self._out = [self._last]
                self.nacks += 1
            else:
                count = self._in[3]
                if len(self._in) < 7 + count:
                    return
                data, self._in = self._in[5 : 6 + count], self._in[7 + count :]
                self._frame(data)

    def _frame(self, data: bytes) -> None:
        if self.deaf or self.asleep:
            self.deaf -= 1 if self.deaf else 0
            return
        if sum(data) & 0xFF or data[0] != 0xD4:
            return
        self.commands[data[1]] = self.commands.get(data[1], 0) + 1
        self._out = [_ACK]  # a command ends what was under way (6.2.1.3)
        answer = self._command(data[1], data[2:-1])
        self._last = (
            _SYNTAX_ERROR if answer is None else frame_of(b"\xd5" + bytes((data[1] + 1,)) + answer)
        )
        if self.skip:
            self.skip -= 1
            self._out.append(self._last)
            return
        if self.mute:
            self.mute -= 1
            return
        sent = bytearray(self._last)
        if self.flip is not None:
            sent[(self.flip >> 3) % len(sent)] ^= 1 << (self.flip & 7)
            self.flip = None
        self._out.append(bytes(sent))

    def _command(self, code: int, data: bytes) -> "bytes | None":
        if code == 0x02:
            return b"\x32\x01\x06\x07"
        if code == 0x14 and data[:1] == b"\x01":
            return b""
        if code == 0x32:
            if data[:1] == b"\x01":
                self.air.field(bool(data[1] & 1))
            return b""
        if code == 0x4A and len(data) == 2 and data[1] == 0:
            return self._list(data[0])
        if code == 0x52:
            self._targets = []
            return b"\x00"
        if code == 0x40:
            if not 0 < data[0] <= len(self._targets):
                return _NOT_ALLOWED
            return self._exchange(self._targets[data[0] - 1], data[1:])
        if code == 0x42:
            return self._exchange(self._targets[0], data) if self._targets else _TIMEOUT
        return None

    def _list(self, most: int) -> bytes:
        """InListPassiveTarget: the chip tells the tags apart by itself."""
        self.air.field(True)
        self._targets = []
        found = b""
        for tag in self.air.tags:
            one = self._activate(tag) if len(self._targets) < most else None
            if one is not None:
                self._targets.append(tag)
                found += bytes((len(self._targets),)) + one
        return bytes((len(self._targets),)) + found

    def _activate(self, tag: NfcTag) -> "bytes | None":
        if self.air.disturbed(b"\x00") is None:
            return None
        atqa = tag.receive(b"\x52", 7)
        if atqa is None:
            # A selected tag takes WUPA for an error and is idle or halted after it.
            atqa = tag.receive(b"\x52", 7)
        if atqa is None:
            return None
        uid, sak = b"", 0x04
        for level in b"\x93\x95\x97":
            part = tag.receive(bytes((level, 0x20)))
            if part is None:
                return None
            answer = tag.receive(with_crc(bytes((level, 0x70)) + part[0]))
            if answer is None:
                return None
            sak = answer[0][0]
            if not sak & 0x04:
                uid += part[0][:4]
                break
            uid += part[0][1:4]
        one = atqa[0][1:2] + atqa[0][:1] + bytes((sak, len(uid))) + uid
        if sak & 0x20:
            ats = tag.receive(with_crc(b"\xe0\x50"))
            if ats is None:
                return None
            one += ats[0][:-2]
            self._block = 0
        return one

    def _exchange(self, tag: NfcTag, data: bytes) -> bytes:
        """Status and what the tag answers; ISO-DEP blocks are the chip's own business."""
        if tag not in self.air.tags:
            return _TIMEOUT
        iso_dep = tag.sak & 0x20
        if iso_dep:
            data = bytes((0x02 | self._block,)) + data
            self._block ^= 1
        answer = tag.receive(with_crc(data))
        if answer is None:
            return _TIMEOUT
        got = self.air.disturbed(answer[0])
        if got is None:
            return _TIMEOUT
        if answer[1] or not crc_ok(got, len(got)):
            return _FORMAT
        return b"\x00" + got[1 if iso_dep else 0 : -2]


class SimPn532Hsu(SimPn532):
    """On a UART: it sleeps until it hears 55."""

    def write(self, data: "Bytes") -> int:
        """What the host sends."""
        if self.plug == "in" and 0x55 in bytes(data):
            self.asleep = False
        self._bytes(bytes(data))
        return len(data)

    def readinto(self, buf: "bytearray") -> "int | None":
        """What the chip sends, None when there is nothing; ACK and answer come in one piece."""
        data = b"".join(self._out)
        count = min(len(buf), len(data))
        if self.plug != "in" or not count:
            return None
        buf[:count] = data[:count]
        self._out = [data[count:]]
        return count


class SimPn532I2c(SimPn532):
    """On an I2C bus, address 24: a status byte, then one frame from its beginning."""

    def __init__(self, air: "Air | None" = None, address: int = 0x24) -> None:
        super().__init__(air)
        self._address = address
        self.busy = 0  # how many of the next transfers are not acknowledged

    def _acknowledge(self, address: int) -> None:
        if self.busy:
            self.busy -= 1
            raise OSError(19)
        if self.plug != "in" or address != self._address:
            raise OSError(19)  # ENODEV

    def writeto(self, address: int, data: "Bytes") -> int:
        """What the host sends."""
        self._acknowledge(address)
        self.asleep = False
        self._bytes(bytes(data))
        return len(data)

    def readfrom_into(self, address: int, buf: "bytearray | memoryview") -> None:
        """Status, and with more than one byte asked for the next frame and zeros after it."""
        self._acknowledge(address)
        for i in range(len(buf)):
            buf[i] = 0
        if not self._out:
            return
        buf[0] = 1
        if len(buf) > 1:
            frame = self._out.pop(0)[: len(buf) - 1]
            buf[1 : 1 + len(frame)] = frame
