"""The three targets on which a format is asked: this host, unix MicroPython, the emulated Pico."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from gatescan_host import bench
from gatescan_host.bench.device.measure import MARK
from gatescan_host.simulator import checkout

HOST_TOOLS = Path(bench.__file__).resolve().parents[2]
NAMES = ("host", "unix", "emu")
_LIMIT_S = 180  # of one format on one interpreter, and as much for each million of questions
_HEAP_MB = 64
_JSON_HEAP = 16  # times the file's length
_C_LIBRARIES = {"sqlite": "SQLite", "marisa": "marisa-trie"}

Figures = dict[str, Any]
Runner = Callable[[str, Path, Path], Figures]


class CannotRun(Exception):
    """Why a format gives no figures on a target: one sentence."""


def on_host(name: str, file: Path, questions: Path) -> Figures:
    """Measure in a Python of its own; raises CannotRun."""
    command = [sys.executable, "-m", "gatescan_host.bench.host_worker"]
    return _run([*command, name, str(file), str(questions)], dict(os.environ), questions)


def on_unix(name: str, file: Path, questions: Path) -> Figures:
    """Measure on the unix port of MicroPython; raises CannotRun."""
    refuse_c_libraries(name)
    heap_mb = _HEAP_MB
    if name == "json":
        heap_mb += _JSON_HEAP * file.stat().st_size >> 20
    path = os.pathsep.join((str(checkout.firmware_folder()), str(HOST_TOOLS), ".frozen"))
    command = [checkout.micropython(), "-X", f"heapsize={heap_mb}m", "-c", start(
        name, str(file), str(questions)
    )]  # fmt: skip
    return _run(command, {**os.environ, "MICROPYPATH": path}, questions)


def runner(target: str) -> Runner:
    """What asks a format on a target: (name, its file, the questions' file) -> figures."""
    if target == "emu":
        from gatescan_host.bench.emulated import on_emulated_pico

        return on_emulated_pico
    return {"host": on_host, "unix": on_unix}[target]


def start(name: str, path: str, questions: str) -> str:
    """The program that measures on MicroPython."""
    return (
        "from gatescan_host.bench.device.measure import main\n"
        f"main({name!r}, {path!r}, {questions!r})\n"
    )


def refuse_c_libraries(name: str) -> None:
    """Raise CannotRun for a format whose reader is no Python."""
    if name in _C_LIBRARIES:
        raise CannotRun(f"{_C_LIBRARIES[name]} is a C library that MicroPython does not have.")


def figures_in(text: str) -> Figures:
    """The figures in what a measuring program printed; raises CannotRun."""
    lines = [line for line in text.splitlines() if line.startswith(MARK)]
    if not lines:
        last = (text.strip().splitlines() or ["it printed nothing"])[-1]
        raise CannotRun(f"It stopped: {last}.")
    found = json.loads(lines[-1][len(MARK) :])
    if "out_of_memory" in found:
        raise CannotRun("It does not fit into the memory.")
    return found


def _run(command: list[str], environment: dict[str, str], questions: Path) -> Figures:
    limit_s = _LIMIT_S * (1 + questions.stat().st_size / 9e6)
    try:
        done = subprocess.run(
            command, env=environment, capture_output=True, text=True, timeout=limit_s, check=False
        )
    except subprocess.TimeoutExpired:
        raise CannotRun(f"It took longer than {limit_s:.0f} s.") from None
    return figures_in(done.stdout or done.stderr)
