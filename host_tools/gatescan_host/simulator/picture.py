"""The OLED's 128x64 pixels as text: one character shows 2 x 4 pixels (Unicode braille)."""

WIDTH, HEIGHT = 128, 64
# bit of each dot in a braille cell, by column and row (Unicode chapter 21.1)
_DOTS = ((0x01, 0x02, 0x04, 0x40), (0x08, 0x10, 0x20, 0x80))


def pixel(frame: bytes, x: int, y: int) -> bool:
    """Whether a pixel is lit; `frame` is the SSD1306's RAM, a byte a column of 8 rows."""
    return bool(frame[(y >> 3) * WIDTH + x] >> (y & 7) & 1)


def to_lines(frame: bytes) -> list[str]:
    """16 lines of 64 characters."""
    lines = []
    for top in range(0, HEIGHT, 4):
        cells = []
        for left in range(0, WIDTH, 2):
            dots = 0
            for dx in range(2):
                for dy in range(4):
                    if pixel(frame, left + dx, top + dy):
                        dots |= _DOTS[dx][dy]
            cells.append(chr(0x2800 + dots))
        lines.append("".join(cells))
    return lines


def framed(frame: bytes) -> list[str]:
    """`to_lines` with a border, 66 characters wide."""
    return ["╭" + "─" * 64 + "╮", *("│" + line + "│" for line in to_lines(frame)),
            "╰" + "─" * 64 + "╯"]  # fmt: skip
