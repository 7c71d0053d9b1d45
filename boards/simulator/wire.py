"""How the simulated board is wired to its surroundings: inherited file descriptors.

The starter on the host hands over, as JSON in GATESCAN_SIM, the numbers of open descriptors
(pty masters for link, barcode and rfid, pipes for control and trace), the flash file and the
identity of the board.
"""

import json
import os
import time

from gatescan.core.compat import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Any

_config = json.loads(os.getenv("GATESCAN_SIM") or "{}")
_born_ms = time.ticks_ms()


def setting(name: str, default: "Any" = None) -> "Any":
    """The value that the starter gave for `name`, or `default`."""
    return _config.get(name, default)


class Stream:
    """A descriptor as a serial port: never blocks, None when nothing can be moved now."""

    def __init__(self, fd: int, joined: bool = False) -> None:
        self._file = open(fd, "r+b")  # noqa: SIM115 - a serial port stays open
        self.joined = joined  # a wire leads from TX to RX
        self._echo = b""
        self.heard = False

    def readinto(self, buf: bytearray) -> "int | None":
        """Read what is there into `buf`; the count of bytes, None for none, 0 at the end."""
        if self._echo:
            count = min(len(buf), len(self._echo))
            buf[:count] = self._echo[:count]
            self._echo = self._echo[count:]
            return count
        try:
            count = self._file.readinto(buf)
            self.heard = self.heard or bool(count)
            return count
        except OSError:
            return None  # no terminal at the other end

    def set_baud(self, baud: int) -> None:
        """A pty has no speed."""

    def write(self, data: "bytes | memoryview") -> "int | None":
        """Write as much of `data` as goes without waiting; returns the count, or None."""
        if self.joined:
            self._echo += bytes(data)
            return len(data)
        try:
            return self._file.write(data)
        except OSError:
            return None


class _Trace:
    """JSON lines about what the parts of the board do, for whoever watches."""

    def __init__(self) -> None:
        fd = setting("trace")
        self._file = open(fd, "wb") if fd is not None else None  # noqa: SIM115

    def emit(self, event: str, **fields: "Any") -> None:
        """Report `event` with `fields`; adds t_ms since start."""
        if self._file is not None:
            fields["event"] = event
            fields["t_ms"] = time.ticks_diff(time.ticks_ms(), _born_ms)
            self._file.write(json.dumps(fields).encode() + b"\n")


trace = _Trace()
