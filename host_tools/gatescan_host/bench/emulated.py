"""The emulated Pico as a target: a checkout has it in `tests/emulated_pico`, with its patches."""

import ast
import os
import sys
from functools import cache
from pathlib import Path

from gatescan_host.bench.targets import (
    HOST_TOOLS,
    CannotRun,
    Figures,
    figures_in,
    refuse_c_libraries,
    start,
)
from gatescan_host.build_id import shipped_sources
from gatescan_host.deploy.boards import target
from gatescan_host.deploy.compile import compile_firmware, compile_source, compiled_name
from gatescan_host.simulator import checkout

_BOARD = "rpi_pico"
_DECODER = "decode_thumb.py"  # the board's own, as board.py gives it
_BOARD_CODE = """from gatescan.core import compat
import decode_thumb
compat.block_decoder = lambda: decode_thumb.advance
"""
_READER = "gatescan/core/table/reader.py"
_DEVICE = ("readers.py", "medium.py", "measure.py")
_BUNDLE = HOST_TOOLS / "gatescan_host" / "bench" / "device" / "bundle.py"
_LIMIT_MS = 600_000  # of emulated time
_UF2 = "GATESCAN_UF2"


def on_emulated_pico(name: str, file: Path, questions: Path) -> Figures:
    """Measure on a stock image with the reader as it is deployed; raises CannotRun."""
    refuse_c_libraries(name)
    image = _image()
    _find_emulator()
    from littlefs import LittleFSError

    from emulated_pico import flash_image  # type: ignore[import-not-found]
    from emulated_pico.machine import EmulatedPico  # type: ignore[import-not-found]

    bundle, where = _bundle(reader_files())
    program = f"{_BUNDLE.read_text(encoding='utf-8')}\nmount({where!r})\n{_BOARD_CODE}"
    program += start(name, "/data", "/questions")
    files = {
        "modules": bundle,
        "main.py": program.encode(),
        "data": file.read_bytes(),
        "questions": questions.read_bytes(),
    }
    try:
        flash = flash_image.build(files)
    except LittleFSError:
        kilobytes = f"{len(files['data']) / 1000:.0f} kB"
        raise CannotRun(f"Its {kilobytes} do not fit the flash beside the reader.") from None
    pico = EmulatedPico(image, flash=flash)
    pico.power_on()
    ended = pico.run_until(lambda: _ended(pico.console), _LIMIT_MS, poll_ms=20)
    console = pico.console
    pico.cut_power()
    if not ended:
        raise CannotRun(f"It took longer than {_LIMIT_MS // 1000} s of the Pico.")
    return figures_in(console.replace("\r", ""))


def _bundle(modules: dict[str, bytes]) -> tuple[bytes, dict[str, tuple[int, int]]]:
    """All modules behind one another, and where each lies."""
    where, at = {}, 0
    for path, content in modules.items():
        where["/" + path] = (at, len(content))
        at += len(content)
    return b"".join(modules.values()), where


def _ended(console: str) -> bool:
    """The program has ended: the prompt is there."""
    return ">>> " in console


def _image() -> Path:
    image = os.environ.get(_UF2, "")
    if not image or not Path(image).is_file():
        raise CannotRun(f"{_UF2} names no MicroPython image for a Pico: set it.")
    return Path(image)


def _find_emulator() -> None:
    """Make `emulated_pico` importable; raises CannotRun where there is none."""
    tests = checkout.firmware_folder().parent / "tests"
    if not (tests / "emulated_pico" / "machine.py").is_file():
        raise CannotRun("The emulated Pico comes with a checkout only: run from one.")
    if str(tests) not in sys.path:
        sys.path.append(str(tests))
    try:
        import emulated_pico  # it finds the faster build of the emulator
        import emulated_pico.machine  # noqa: F401
    except (ImportError, RuntimeError) as fault:
        raise CannotRun(
            f"The emulated Pico does not start ({fault}): install the test tools (make test)."
        ) from None


@cache
def reader_files() -> dict[str, bytes]:
    """Path on the board -> content: the table's reader as deployed, and the measuring loop."""
    sources = shipped_sources(_BOARD)
    compiled = compile_firmware(_BOARD)
    files = {compiled_name(name): compiled[compiled_name(name)] for name in _needed(sources)}
    here = HOST_TOOLS / "gatescan_host" / "bench" / "device"
    for name in _DEVICE:
        path = f"gatescan_host/bench/device/{name}"
        files[compiled_name(path)] = compile_source(
            name, (here / name).read_bytes(), target(_BOARD).march
        )
    return files


def _needed(sources: dict[str, Path]) -> set[str]:
    """The reader's modules and everything that they import, functions' imports too."""
    found: set[str] = set()
    waiting = [_READER, _DECODER]
    while waiting:
        name = waiting.pop()
        if name in found:
            continue
        found.add(name)
        tree = ast.parse(sources[name].read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and node.module:
                origin = node.module.replace(".", "/")
                inner = [f"{origin}/{alias.name}.py" for alias in node.names]
                waiting += [path for path in (f"{origin}.py", *inner) if path in sources]
    for name in list(found):
        parents = [str(parent) for parent in Path(name).parents][:-1]
        found.update(f"{p}/__init__.py" for p in parents if f"{p}/__init__.py" in sources)
    return found
