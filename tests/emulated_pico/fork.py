"""A machine continued in a child process, driven by calls over a pipe."""

import multiprocessing
import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from emulated_pico.serve import serve

if TYPE_CHECKING:
    from emulated_pico.machine import EmulatedPico

CALL_LIMIT_S = 60.0
# The published wheel computes far below real time; a loaded computer needs a margin on top.
LIMIT_S_PER_EMULATED_S = 90.0
_POLL_MS = 1.0  # of emulated time, between two looks at a condition from outside


class Remote:
    """The child's machine: the methods and attributes of EmulatedPico, by call.

    Parts are reached as on the machine: `remote.panel.lines()`, `remote.panel.present = False`.
    Every call has a wall-clock limit; a child that does not answer is ended and TimeoutError
    raised. `speed` is emulated by wall time of the last run.
    """

    def __init__(self, machine: "EmulatedPico") -> None:
        self._set(speed=0.0, _connection=None, _child=0)
        here, there = multiprocessing.Pipe()
        parent = os.getpid()
        child = os.fork()
        if child == 0:
            try:
                here.close()
                serve(machine, there, parent)
            finally:
                os._exit(0)
        there.close()
        self._set(_connection=here, _child=child)

    def __enter__(self) -> "Remote":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the child."""
        connection, child = self._connection, self._child
        if connection is None:
            return
        self._set(_connection=None, _child=0)
        connection.close()
        try:
            os.kill(child, signal.SIGKILL)
        except ProcessLookupError:
            pass
        os.waitpid(child, 0)

    def run_ms(self, ms: float) -> None:
        """As EmulatedPico.run_ms; also measures `speed`."""
        begin_ms, begin_s = self.now_ms, time.monotonic()
        self._ask("call", ("run_ms",), (ms,), {}, limit_s=self._limit_s(ms))
        wall_s = time.monotonic() - begin_s
        self._set(speed=(self.now_ms - begin_ms) / 1000 / wall_s if wall_s else 0.0)

    def run_until(
        self, condition: Callable[[], object], timeout_ms: float, poll_ms: float = _POLL_MS
    ) -> bool:
        """As EmulatedPico.run_until; the condition runs here, so it is looked at more rarely."""
        now_ms, powered = self._ask("state", (), (), {})
        end_ms = now_ms + timeout_ms
        while not condition():
            if now_ms >= end_ms or not powered:
                return False
            self._ask("call", ("run_ms",), (poll_ms,), {}, limit_s=self._limit_s(poll_ms))
            now_ms, powered = self._ask("state", (), (), {})
        return True

    def wait_console(self, text: str, timeout_ms: float, after: int = 0) -> bool:
        """As EmulatedPico.wait_console, at full speed."""
        return self._wait("wait_console", timeout_ms, text, timeout_ms, after)

    def wait_pictures(self, count: int, timeout_ms: float) -> bool:
        """As EmulatedPico.wait_pictures, at full speed."""
        return self._wait("wait_pictures", timeout_ms, count, timeout_ms)

    @contextmanager
    def serve_pty(self) -> Iterator[str]:
        """Path of a pseudo-terminal for host tools; while it is open emulated time runs."""
        path = self._ask("open_pty", (), (), {})
        try:
            yield path
        finally:
            if self._connection is not None:
                self._ask("close_pty", (), (), {})

    def fork(self) -> "Remote":
        """A child cannot be forked again from here."""
        raise RuntimeError("fork the machine itself, as often as needed")

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        return self._attribute((name,))

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"{name} cannot be set; attributes of parts can")

    def _set(self, **values: object) -> None:
        self.__dict__.update(values)

    def _attribute(self, path: tuple[str, ...]) -> Any:
        kind, value = self._ask("get", path, (), {})
        if kind == "method":
            return lambda *args, **names: self._ask("call", path, args, names)
        return _Part(self, path) if kind == "part" else value

    def _wait(self, name: str, timeout_ms: float, *args: object) -> bool:
        return self._ask("call", (name,), args, {}, limit_s=self._limit_s(timeout_ms))

    @staticmethod
    def _limit_s(ms: float) -> float:
        return CALL_LIMIT_S + ms / 1000 * LIMIT_S_PER_EMULATED_S

    def _ask(
        self,
        verb: str,
        path: tuple[str, ...],
        args: tuple,
        names: dict,
        limit_s: float | None = None,
    ) -> Any:
        if self._connection is None:
            raise RuntimeError("the forked Pico has ended")
        limit_s = CALL_LIMIT_S if limit_s is None else limit_s
        try:
            self._connection.send((verb, path, args, names))
            if not self._connection.poll(limit_s):
                self.close()
                asked = ".".join(path) or verb
                raise TimeoutError(f"the emulated Pico did not answer {asked} in {limit_s:.0f} s")
            good, value = self._connection.recv()
        except (EOFError, BrokenPipeError, ConnectionResetError) as fault:
            self.close()
            raise RuntimeError(f"the emulated Pico ended in {verb} {path}") from fault
        if not good:
            raise value
        return value


class _Part:
    """A part of the child's machine."""

    def __init__(self, remote: Remote, path: tuple[str, ...]) -> None:
        self.__dict__.update(_remote=remote, _path=path)

    def __getattr__(self, name: str) -> Any:
        return self._remote._attribute((*self._path, name))

    def __setattr__(self, name: str, value: object) -> None:
        self._remote._ask("set", (*self._path, name), (value,), {})
