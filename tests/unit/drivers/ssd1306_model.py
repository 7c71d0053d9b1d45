"""An SSD1306 as seen from the bus: it obeys commands and keeps the picture a person would see."""

# commands that take arguments, and how many (datasheet section 9)
_ARGUMENTS = {
    0x20: 1, 0x21: 2, 0x22: 2, 0x81: 1, 0x8D: 1, 0xA8: 1, 0xD3: 1, 0xD5: 1, 0xD9: 1, 0xDA: 1,
    0xDB: 1,
}  # fmt: skip


class Ssd1306Model:
    """Takes `writeto`; raises OSError while `away` or for a strange address."""

    def __init__(self, addr=0x3C):
        self.addr = addr
        self.away = False
        self.transfers = 0
        self.power_cycle()

    def power_cycle(self):
        self.memory = bytearray([0xA5] * 1024)  # noise, as after power-on
        self.on = False
        self.inverse = False
        self.contrast = 0x7F
        self.charge_pump = False
        self.horizontal = False
        self.columns = (0, 127)
        self.pages = (0, 7)
        self.column = 0
        self.page = 0

    def writeto(self, addr, buf):
        if self.away or addr != self.addr:
            raise OSError(5)
        self.transfers += 1
        if buf[0] == 0x40:
            for byte in buf[1:]:
                self._picture(byte)
        elif buf[0] == 0x00:
            self._commands(buf[1:])
        else:
            raise ValueError("control byte %d" % buf[0])
        return len(buf)

    def _picture(self, byte):
        self.memory[self.page * 128 + self.column] = byte
        self.column += 1
        if self.column > self.columns[1]:
            self.column = self.columns[0]
            if self.horizontal:
                self.page = self.page + 1 if self.page < self.pages[1] else self.pages[0]

    def _commands(self, data):
        at = 0
        while at < len(data):
            command = data[at]
            count = _ARGUMENTS.get(command, 0)
            args = data[at + 1 : at + 1 + count]
            if len(args) != count:
                raise ValueError("command %02x lacks arguments" % command)
            at += 1 + count
            if command == 0x20:
                self.horizontal = args[0] == 0
            elif command == 0x21:
                self.columns = (args[0], args[1])
                self.column = args[0]
            elif command == 0x22:
                self.pages = (args[0], args[1])
                self.page = args[0]
            elif command == 0x81:
                self.contrast = args[0]
            elif command == 0x8D:
                self.charge_pump = bool(args[0] & 4)
            elif command in (0xAE, 0xAF):
                self.on = command == 0xAF
            elif command in (0xA6, 0xA7):
                self.inverse = command == 0xA7
