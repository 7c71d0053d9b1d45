"""A serial line that somebody sits in: messages pass, or are dropped, doubled, late, damaged."""

import contextlib
import heapq
import os
import random
import select
import threading
import time
from collections.abc import Callable, Iterable
from typing import Self

import in_slices
from gatescan.core.smp.frame import FrameReader, encode_lines
from gatescan_host.simulator.wires import Pty

TO_SCANNER, TO_HOST = "request", "answer"
_MESSAGE_BYTES = 2048
_LOOK_S = 0.002

Later = tuple[float, bytes]
Treat = Callable[[str, bytes], Iterable[Later]]


def unchanged(direction: str, message: bytes) -> list[Later]:
    """Pass it on."""
    return [(0.0, encode_lines(message))]


class LineBetween:
    """Give the host `path` instead of `port`. `treat(direction, message)` says what goes on:

    pairs of a delay in seconds and the bytes on the wire, none for a message that is lost.
    """

    def __init__(self, port: str, treat: Treat = unchanged) -> None:
        self.treat = treat
        self._scanner = os.open(port, os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)
        self._pty = Pty()
        self.path = self._pty.path
        self._ends = {TO_SCANNER: self._scanner, TO_HOST: self._pty.master}
        self._readers = {name: FrameReader(_MESSAGE_BYTES) for name in self._ends}
        self._waiting: list[tuple[float, int, str, bytes]] = []
        self._count = 0
        self._last_due_s = dict.fromkeys(self._ends, 0.0)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._carry, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()
        os.close(self._scanner)
        self._pty.close()

    def _carry(self) -> None:
        sources = {self._pty.master: TO_SCANNER, self._scanner: TO_HOST}
        while not self._stop.is_set():
            for descriptor in select.select(list(sources), [], [], _LOOK_S)[0]:
                direction = sources[descriptor]
                try:
                    data = os.read(descriptor, 4096)
                except OSError:
                    continue
                for message in in_slices.messages(self._readers[direction], data):
                    self._take(direction, message)
            self._deliver()

    def _take(self, direction: str, message: bytes) -> None:
        for delay_s, data in self.treat(direction, message):
            self._count += 1
            # A serial line keeps its order: what comes behind a late message is late as well.
            due = max(time.monotonic() + delay_s, self._last_due_s[direction])
            self._last_due_s[direction] = due
            heapq.heappush(self._waiting, (due, self._count, direction, data))

    def _deliver(self) -> None:
        while self._waiting and self._waiting[0][0] <= time.monotonic():
            _, _, direction, data = heapq.heappop(self._waiting)
            while data and not self._stop.is_set():
                with contextlib.suppress(BlockingIOError):
                    data = data[os.write(self._ends[direction], data) :]


class Faults:
    """Treats messages at random: a share `rate` of them meets one of the faults `kinds`."""

    KINDS = ("drop", "double", "delay", "bit", "cut", "noise")

    def __init__(
        self, rng: random.Random, rate: float, late_s: float, kinds: tuple[str, ...] = KINDS
    ) -> None:
        self._rng, self._rate, self._late_s, self._kinds = rng, rate, late_s, kinds
        self.done = dict.fromkeys(kinds, 0)

    def __call__(self, direction: str, message: bytes) -> list[Later]:
        """What becomes of one message."""
        wire = encode_lines(message)
        if self._rng.random() >= self._rate:
            return [(0.0, wire)]
        kind = self._rng.choice(self._kinds)
        self.done[kind] += 1
        if kind == "drop":
            return []
        if kind == "double":
            return [(0.0, wire), (self._rng.random() * self._late_s, wire)]
        if kind == "delay":
            return [(self._rng.random() * 2 * self._late_s, wire)]
        if kind == "bit":
            at = self._rng.randrange(8 * len(wire))
            changed = bytearray(wire)
            changed[at >> 3] ^= 1 << (at & 7)
            return [(0.0, bytes(changed))]
        if kind == "cut":
            return [(0.0, wire[: self._rng.randrange(len(wire))])]
        return [(0.0, self._rng.randbytes(self._rng.randrange(1, 300)) + b"\n" + wire)]
