"""Ptys and pipes between the simulated board and whoever plugs into it."""

import contextlib
import os
import tty
from dataclasses import dataclass, field

_PART_BYTES = 4096


@dataclass
class Pty:
    """A serial line: the firmware holds `master`, any serial program opens `path`.

    The other end stays open here as well, so that a program that closes the line looks like
    an unplugged cable, not like the end of the line.
    """

    master: int = field(init=False)
    _slave: int = field(init=False)
    path: str = field(init=False)

    def __post_init__(self) -> None:
        self.master, self._slave = os.openpty()
        tty.setraw(self._slave)
        os.set_blocking(self.master, False)
        self.path = os.ttyname(self._slave)

    def write(self, data: bytes) -> None:
        """Send `data` to the firmware as a device at the other end of the line would."""
        os.write(self._slave, data)

    def lose(self) -> None:
        """Throw away what came while the firmware was not there to read it."""
        with contextlib.suppress(BlockingIOError):
            while os.read(self.master, _PART_BYTES):
                pass

    def close(self) -> None:
        """Take the line away."""
        os.close(self.master)
        os.close(self._slave)


@dataclass
class Pipe:
    """A one-way pipe; `read_end` or `write_end` goes to the firmware."""

    read_end: int = field(init=False)
    write_end: int = field(init=False)

    def __post_init__(self) -> None:
        self.read_end, self.write_end = os.pipe()

    def close(self) -> None:
        """Close both ends."""
        os.close(self.read_end)
        os.close(self.write_end)
