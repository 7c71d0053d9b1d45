"""Which leaf may sign next: burnt on disk before anybody computes with it.

A leaf used for two messages lets others forge. So the number is raised, flushed and renamed into
place first; what a crash then loses is a number, never its secrecy. The file says `signing`
until the signature is out; finding that at a start means a crash, and some leaves are skipped
in case the disk did not keep its promise.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from gatescan_host.signing.errors import SigningError

_FILE = "next_leaf"
_LOCK = "lock"
_SKIP_MAX = 64  # leaves
_CLEAN, _SIGNING = "clean", "signing"


def skip_after_crash(height: int) -> int:
    """How many leaves an unclean start gives up: 64, but never more than a 64th of the key."""
    return min(_SKIP_MAX, max(1, (1 << height) >> 6))


def flush_folder(folder: Path) -> None:
    """Make names in `folder` survive a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def write_flushed(path: Path, data: bytes, mode: int = 0o644) -> None:
    """Write a file so that after a power cut it is old or new, never mixed."""
    fresh = path.with_name(path.name + ".tmp")
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
    with os.fdopen(handle, "wb") as out:
        out.write(data)
        out.flush()
        os.fsync(out.fileno())
    fresh.replace(path)
    flush_folder(path.parent)


def start(folder: Path) -> None:
    """Write the counter of a new key."""
    _store(folder, 0, _CLEAN)


def _store(folder: Path, next_leaf: int, state: str) -> None:
    write_flushed(folder / _FILE, f"{next_leaf} {state}\n".encode())


def read(folder: Path) -> tuple[int, bool]:
    """(the next leaf, whether the last signer finished); raises SigningError when unreadable."""
    try:
        number, state = (folder / _FILE).read_text("ascii").split()
        if state not in (_CLEAN, _SIGNING) or not number.isdigit():
            raise ValueError(state)
        return int(number), state == _CLEAN
    except (OSError, ValueError):
        raise SigningError(
            f"The counter of the key in {folder} is missing or unreadable, so nobody knows which "
            "signatures are spent: make a new key with `gatescan keys new`."
        ) from None


@contextmanager
def burnt_leaf(folder: Path, height: int, published_q: int = -1) -> Iterator[int]:
    """A leaf that no one else got or will get; held exclusively until the signature is made.

    `published_q`: the highest leaf number seen in signed tables of this key. Raises SigningError
    when the key is used up, the counter is lost, or the counter is behind `published_q`.
    """
    with (folder / _LOCK).open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        leaf, clean = read(folder)
        if leaf <= published_q:
            raise SigningError(
                f"The key in {folder} would use signature {leaf}, but {published_q} is published "
                "already: the folder was restored from a copy; make a new key and use that."
            )
        if not clean:
            leaf += skip_after_crash(height)
        if leaf >> height:
            raise SigningError(
                f"The key in {folder} has no signatures left: make a new one with "
                "`gatescan keys new` and provision the scanners with it."
            )
        _store(folder, leaf + 1, _SIGNING)
        yield leaf
        # Not reached after an error: the next signer then skips ahead, as after a crash. A full
        # disk here costs the same, never the signature that was made.
        with suppress(OSError):
            _store(folder, leaf + 1, _CLEAN)
