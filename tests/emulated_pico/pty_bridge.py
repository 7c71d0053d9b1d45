"""A pseudo-terminal on the emulated USB port, for host tools as they are."""

import os
import pty
import select
import time
import tty
from multiprocessing.connection import Connection
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from emulated_pico.machine import EmulatedPico

_SLICE_MS = 2.0  # emulated at once; host bytes wait that long at most
_CREDIT_MS = 10.0  # a stalled computer is not made up for by a sprint: the device would time out
_READ_BYTES = 4096
_QUEUED_BYTES = 4096  # towards the Pico; beyond it the terminal's own buffer holds the host back


class PtyBridge:
    """Moves bytes both ways and lets emulated time run, never ahead of wall time."""

    def __init__(self, machine: "EmulatedPico") -> None:
        self._machine = machine
        self._master, self._slave = pty.openpty()  # the slave stays open: no hang-up between tools
        tty.setraw(self._slave)
        os.set_blocking(self._master, False)
        self.path = os.ttyname(self._slave)
        self._to_host = bytearray()
        self._credit_ms = 0.0
        self._last_s = time.monotonic()
        machine.link_read()  # what came before is not this terminal's

    def step(self, connection: Connection) -> None:
        """One slice of emulated time, or a wait for wall time, host or parent."""
        now_s = time.monotonic()
        self._credit_ms = min(_CREDIT_MS, self._credit_ms + (now_s - self._last_s) * 1000)
        self._last_s = now_s
        self._from_host()
        if self._credit_ms >= _SLICE_MS and self._machine.powered:
            begin_ms = self._machine.now_ms
            self._machine.run_ms(_SLICE_MS)
            self._credit_ms -= self._machine.now_ms - begin_ms
            self._to_host += self._machine.link_read()
        self._flush()
        if self._credit_ms < _SLICE_MS or not self._machine.powered:
            # Not on the terminal: bytes that may not be taken yet would make this a busy loop.
            wait_s = max(0.0, _SLICE_MS - self._credit_ms) / 1000
            select.select([connection], [], [], wait_s)

    def close(self) -> None:
        """Hang up: a tool that still has the terminal open reads an error."""
        os.close(self._master)
        os.close(self._slave)

    def _from_host(self) -> None:
        if not self._machine.powered or self._machine.link_pending > _QUEUED_BYTES:
            return
        try:
            data = os.read(self._master, _READ_BYTES)
        except BlockingIOError:
            return
        if data:
            self._machine.link_write(data)

    def _flush(self) -> None:
        if self._to_host:
            try:
                sent = os.write(self._master, self._to_host)
            except BlockingIOError:
                return
            del self._to_host[:sent]
