"""Runs on the board, at MicroPython's prompt, where `gatescan deploy` sends it as text.

CPython can run it as well, on a folder: that is how it is tested without a board.
"""

import binascii
import hashlib
import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import BinaryIO

ROOT = "/"
_CHUNK_BYTES = 512
_FOLDER = 0x4000  # bit of a mode


class Incoming:
    """The file on its way; `path` is where it lies until it is whole."""

    file: "BinaryIO | None" = None
    path = ""


def sha256(path: str) -> str:
    """The hash, in hex, of a file as it lies in the flash."""
    digest = hashlib.sha256()
    buffer = bytearray(_CHUNK_BYTES)
    view = memoryview(buffer)
    with open(path, "rb") as file:
        while True:
            count = file.readinto(buffer)
            if not count:
                return binascii.hexlify(digest.digest()).decode()
            digest.update(view[:count])


def facts() -> None:
    """Print bytecode format, version, bytes of a flash block, free blocks, processor."""
    system = sys.implementation
    flash = os.statvfs(ROOT)
    print(getattr(system, "_mpy", 0), system.version[0], system.version[1], end=" ")
    print(flash[1], flash[3], getattr(system, "_machine", "unknown"))


def report(package: str, names: "tuple[str, ...]") -> None:
    """Print `length hash path` of every file under `package` and of `names` in the root."""
    for name in os.listdir(ROOT):
        if name == package or name in names:
            _walk(name)


def _walk(path: str) -> None:
    if os.stat(ROOT + path)[0] & _FOLDER:
        for name in os.listdir(ROOT + path):
            _walk(path + "/" + name)
    else:
        print(os.stat(ROOT + path)[6], sha256(ROOT + path), path)


def forget(name: str) -> None:
    """Delete a file of the root if it is there; if not, nothing is written."""
    if name in os.listdir(ROOT):
        os.remove(ROOT + name)


def begin(aside: str) -> None:
    """Open the file that the next content goes to."""
    Incoming.path = ROOT + aside
    Incoming.file = open(Incoming.path, "wb")  # noqa: SIM115 open over several commands


def more(text: str) -> None:
    """Append base64."""
    assert Incoming.file is not None
    Incoming.file.write(binascii.a2b_base64(text))


def finish(path: str, wanted: str) -> None:
    """Close, hash what the flash now holds, give it its name if that is `wanted`; print it.

    An old file of that name stays whole until the new one takes its place in one step.
    """
    assert Incoming.file is not None
    Incoming.file.close()
    found = sha256(Incoming.path)
    if found == wanted:
        _make_folders(path)
        os.rename(Incoming.path, ROOT + path)
    print(found)


def remove(path: str) -> None:
    """Delete a file, and its folders as far as they are empty then."""
    os.remove(ROOT + path)
    while "/" in path:
        path = path[: path.rfind("/")]
        if os.listdir(ROOT + path):
            return
        os.rmdir(ROOT + path)


def _make_folders(path: str) -> None:
    for at in range(len(path)):
        if path[at] == "/":
            try:
                os.mkdir(ROOT + path[:at])
            except OSError:
                os.stat(ROOT + path[:at])  # it may be there; anything else is told
