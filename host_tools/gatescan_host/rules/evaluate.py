"""`rules eval`: facts in, verdicts out, by the same code on CPython or on MicroPython."""

import os
import selectors
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Literal

import gatescan
from gatescan.core.law import jsonl
from gatescan.core.law.policy import Policy
from gatescan_host.errors import GatescanError
from gatescan_host.rules.compiler import compile_order

RUNNER = Path(__file__).with_name("sim_runner.py")
# A Pico has 237 kB; objects are twice as large on 64 bits.
HEAP = "474k"
ANSWER_S = 20.0  # seconds until an engine that says nothing is given up


class EngineError(GatescanError):
    """The MicroPython engine is missing or has died; the message says what to do."""


def run_eval(lines: Iterable[str], engine: Literal["host", "sim"] = "host",
             order_id: str | None = None) -> Iterator[tuple[str, bool]]:
    """Answer each line of facts with one line and whether it could be evaluated, in order.

    `order_id`: the order to apply, None for the default one.
    Raises OrderError for an order that is not there, EngineError when MicroPython is missing,
    dies or says nothing for 20 seconds.
    """
    compiled = compile_order(order_id)
    if engine == "sim":
        yield from _on_micropython(lines, compiled)
        return
    policy = Policy(compiled)
    for line in lines:
        yield jsonl.evaluate_line(policy, _normal(line))


def _normal(line: str) -> str:
    """The line without its end, as both engines see it: a line feed inside is a return, and
    what is no character (half a surrogate pair) a question mark.
    """
    text = line[:-1] if line.endswith("\n") else line
    return text.replace("\n", "\r").encode("utf-8", "replace").decode("utf-8")


def micropython() -> Path:
    """The MicroPython unix port: beside this Python first, then on PATH; raises EngineError."""
    beside = Path(sys.executable).parent / "micropython"
    if beside.exists():
        return beside
    found = shutil.which("micropython")
    if found is None:
        raise EngineError("MicroPython for --engine sim is missing; run `make install`, "
                          "or use --engine host.")
    return Path(found)


def _on_micropython(lines: Iterable[str], compiled: bytes) -> Iterator[tuple[str, bool]]:
    with tempfile.TemporaryDirectory(prefix="gatescan-") as folder:
        policy = Path(folder) / "policy"
        policy.write_bytes(compiled)
        engine = _Engine(policy)
        try:
            if engine.read_line() != "ready":
                raise EngineError("MicroPython did not start the rules; run `make install` again.")
            for line in lines:
                answer = engine.ask(_normal(line))
                yield answer[1:], answer.startswith("1")
        finally:
            engine.close()


class _Engine:
    """One MicroPython process; every wait ends after ANSWER_S."""

    def __init__(self, policy: Path) -> None:
        firmware = Path(gatescan.__file__).parents[1]
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115 - closed by close()
        try:
            self._process = subprocess.Popen(
                [micropython(), "-X", f"heapsize={HEAP}", str(RUNNER), str(policy)],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self._errors,
                env={**os.environ, "MICROPYPATH": str(firmware)})
        except OSError as wrong:
            self._errors.close()
            raise EngineError(f"MicroPython cannot be started ({wrong.strerror}); "
                              "run `make install` again.") from wrong
        except EngineError:
            self._errors.close()
            raise
        assert self._process.stdin and self._process.stdout
        self._in, self._out = self._process.stdin.fileno(), self._process.stdout.fileno()
        os.set_blocking(self._in, False)
        os.set_blocking(self._out, False)
        self._pending = b""

    def ask(self, line: str) -> str:
        rest = memoryview(line.encode() + b"\n")
        while rest:
            self._wait(self._in, selectors.EVENT_WRITE)
            try:
                rest = rest[os.write(self._in, rest):]
            except BlockingIOError:
                continue
            except OSError:
                self._died()
        return self.read_line()

    def read_line(self) -> str:
        while b"\n" not in self._pending:
            self._wait(self._out, selectors.EVENT_READ)
            try:
                data = os.read(self._out, 65536)
            except BlockingIOError:
                continue
            if not data:
                self._died()
            self._pending += data
        line, _, self._pending = self._pending.partition(b"\n")
        return line.decode()

    def _wait(self, descriptor: int, event: int) -> None:
        deadline = time.monotonic() + ANSWER_S
        with selectors.DefaultSelector() as selector:
            selector.register(descriptor, event)
            if not selector.select(deadline - time.monotonic()):
                raise EngineError(f"MicroPython has said nothing for {ANSWER_S:g} s; "
                                  "try again, or use --engine host.")

    def _died(self) -> None:
        self._errors.seek(0)
        said = self._errors.read().decode("utf-8", "replace").strip().splitlines()
        last = f": {said[-1]}" if said else ""
        raise EngineError(f"MicroPython has ended before its answer{last}; try again, "
                          "or use --engine host.")

    def close(self) -> None:
        """End the process, whatever it does."""
        self._process.kill()
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout, self._errors):
            if stream:
                stream.close()
