"""An SSD1306 panel at the level of I2C transfers: commands, addressing windows, memory.

Source: Solomon Systech SSD1306 datasheet rev. 1.1, 8.1.5.2 (control byte), 9, 10 (commands).
"""

WIDTH, HEIGHT, PAGES = 128, 64, 8

# Command byte -> number of argument bytes, where it is not 0.
_ARGUMENTS = {
    0x20: 1, 0x21: 2, 0x22: 2, 0x26: 6, 0x27: 6, 0x29: 5, 0x2A: 5, 0x81: 1, 0x8D: 1,
    0xA3: 2, 0xA8: 1, 0xD3: 1, 0xD5: 1, 0xD9: 1, 0xDA: 1, 0xDB: 1,
}  # fmt: skip
_PAGE_MODE = 2


class Ssd1306Memory:
    """The controller's state; feed it transfers byte by byte."""

    def __init__(self) -> None:
        # The memory is noise after power-on: whoever lights the panel first shows it.
        self.memory = bytearray((i * 73 ^ i >> 3) & 0xFF for i in range(WIDTH * PAGES))
        self.on = self.inverse = self.all_on = self.pump = False
        self.mirrored_x = self.mirrored_y = True  # as the glass is mounted, after reset
        self.contrast, self.start_line = 0x7F, 0
        self.pictures = 0  # windows filled to the end
        self._mode = _PAGE_MODE
        self._columns, self._pages = (0, WIDTH - 1), (0, PAGES - 1)
        self._column = self._page = 0
        self._command: list[int] = []
        self._control: int | None = None

    def begin(self) -> None:
        """A transfer to the panel's address starts."""
        self._control = None
        self._command = []

    def write(self, value: int) -> None:
        """One byte of the transfer."""
        if self._control is None:
            self._control = value
            return
        if self._control & 0x40:
            self._data(value)
        else:
            self._command_byte(value)
        if self._control & 0x80:  # one byte only, then a control byte again
            self._control = None

    def pixel(self, x: int, y: int) -> int:
        """1 where the glass is lit at column x, row y, as a person sees it."""
        if not self.on:
            return 0
        if self.all_on:
            return 1
        column = WIDTH - 1 - x if self.mirrored_x else x
        row = HEIGHT - 1 - y if self.mirrored_y else y
        row = (row + self.start_line) % HEIGHT
        lit = self.memory[row // 8 * WIDTH + column] >> row % 8 & 1
        return lit ^ self.inverse

    def _data(self, value: int) -> None:
        self.memory[self._page * WIDTH + self._column] = value
        if self._column < (WIDTH - 1 if self._mode == _PAGE_MODE else self._columns[1]):
            self._column += 1
            return
        self._column = 0 if self._mode == _PAGE_MODE else self._columns[0]
        if self._mode != _PAGE_MODE:
            if self._page < self._pages[1]:
                self._page += 1
            else:
                self._page = self._pages[0]
                self.pictures += 1

    def _command_byte(self, value: int) -> None:
        self._command.append(value)
        if len(self._command) <= _ARGUMENTS.get(self._command[0], 0):
            return
        (code, *arguments), self._command = self._command, []
        if arguments:
            self._set(code, arguments)
        else:
            self._switch(code)

    def _set(self, code: int, arguments: list[int]) -> None:
        if code == 0x20:
            self._mode = arguments[0] & 3
        elif code == 0x21:
            self._columns = (arguments[0] & 0x7F, arguments[1] & 0x7F)
            self._column = self._columns[0]
        elif code == 0x22:
            self._pages = (arguments[0] & 7, arguments[1] & 7)
            self._page = self._pages[0]
        elif code == 0x81:
            self.contrast = arguments[0]
        elif code == 0x8D:
            self.pump = bool(arguments[0] & 4)

    def _switch(self, code: int) -> None:
        if code in (0xAE, 0xAF):
            self.on = code == 0xAF
        elif code in (0xA6, 0xA7):
            self.inverse = code == 0xA7
        elif code in (0xA4, 0xA5):
            self.all_on = code == 0xA5
        elif code in (0xA0, 0xA1):
            self.mirrored_x = code == 0xA0
        elif code in (0xC0, 0xC8):
            self.mirrored_y = code == 0xC0
        elif 0x40 <= code <= 0x7F:
            self.start_line = code & 0x3F
        elif 0xB0 <= code <= 0xB7:
            self._page = code & 7
        elif code <= 0x0F:
            self._column = self._column & 0x70 | code
        elif code <= 0x1F:
            self._column = self._column & 0x0F | (code & 7) << 4
