"""The files that a board gets: what MicroPython starts by name, and all modules in one pack."""

from typing import NamedTuple

from gatescan_host.deploy import pack
from gatescan_host.deploy.compile import PLAIN, compile_all
from gatescan_host.deploy.order import SOON
from gatescan_host.deploy.plan import PACK
from gatescan_host.errors import GatescanError

_FINDER = "finder.mpy"  # finds the others in the pack
_UNPACKER = "unpack.mpy"  # unpacks them


class Image(NamedTuple):
    """`files`: path on the board -> content; `modules`: the bytecode in them, as single files."""

    files: dict[str, bytes]
    modules: dict[str, bytes]


def image(board: str, changed: dict[str, bytes] | None = None) -> Image:
    """What `board` needs to be a scanner; modules of `changed` take the place of our own.

    Raises GatescanError when a source does not compile or the pack cannot be read back.
    """
    firmware = compile_all(board)
    loose = (*PLAIN, _FINDER)
    files = {path: firmware.files[path] for path in loose}
    modules = {path: data for path, data in firmware.files.items() if path not in loose}
    modules |= changed or {}
    start = [path for path in firmware.start if path in modules]
    packed = pack.write(modules, start, (_UNPACKER, *SOON))
    if pack.read(packed, modules) != modules:
        raise GatescanError("The firmware's pack does not hold what was put in: see pack.py.")
    return Image({**files, PACK: packed}, {_FINDER: files[_FINDER], **modules})
