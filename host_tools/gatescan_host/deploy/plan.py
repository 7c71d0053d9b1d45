"""What must be done so that a board holds exactly the firmware: decided before anything is."""

import hashlib
from collections.abc import Iterable, Mapping
from pathlib import PurePosixPath
from typing import NamedTuple

PACKAGE = "gatescan"  # the folder that is ours alone
START = "main.py"  # comes last: without it nothing starts
PACK = "firmware.pack"
ASIDE = "gatescan.new"  # a file on its way; settings, tables and journal have other names
_SUFFIXES = (".py", ".mpy")
_FOLDER_BLOCKS = 2  # littlefs keeps a folder in a pair of blocks


class OnBoard(NamedTuple):
    """A file as the board reports it."""

    length_bytes: int
    sha256: str


class Plan(NamedTuple):
    """`copy`: paths in the order they are sent; `remove`: ours, no longer shipped;
    `same`: paths whose content is on the board already."""

    copy: tuple[str, ...]
    remove: tuple[str, ...]
    same: tuple[str, ...]

    @property
    def changes(self) -> bool:
        """Whether there is anything to do."""
        return bool(self.copy or self.remove)


def digest(content: bytes) -> str:
    """SHA-256 in hex, as the board reports it."""
    return hashlib.sha256(content).hexdigest()


def root_names(paths: Iterable[str]) -> tuple[str, ...]:
    """The files outside the package that are ours, in each form that a module can have."""
    stems = {PurePosixPath(path).stem for path in paths if "/" not in path and path != PACK}
    return (ASIDE, PACK, *sorted(stem + suffix for stem in stems for suffix in _SUFFIXES))


def make(files: Mapping[str, bytes], present: Mapping[str, OnBoard]) -> Plan:
    """Compare `files` (path -> content) with what is `present`.

    `present` holds only what lies where ours may lie (the package's folder and `root_names`):
    keys, settings, tables and journal are not in it and so cannot be touched. A .py is removed
    where a .mpy is shipped: MicroPython would import the former.
    """
    same = {
        path
        for path, content in files.items()
        if path in present and present[path].sha256 == digest(content)
    }
    return Plan(
        tuple(sorted(files.keys() - same, key=_turn)),
        tuple(sorted(present.keys() - files.keys())),
        tuple(sorted(same)),
    )


def room_bytes(
    files: Mapping[str, bytes], present: Mapping[str, OnBoard], plan: Plan, block_bytes: int
) -> int:
    """Flash that carrying `plan` out takes at its worst moment, over what is used before.

    Files take whole blocks, and a new one lies beside the old until it is whole; but an old pack
    goes first.
    """

    def blocks(length_bytes: int) -> int:
        return -(-length_bytes // block_bytes)

    used = -sum(blocks(present[path].length_bytes) for path in plan.remove)
    new_folders = _folders(plan.copy) - _folders(present)
    used += _FOLDER_BLOCKS * len(new_folders)
    worst = used
    for path in plan.copy:
        new = blocks(len(files[path]))
        old = blocks(present[path].length_bytes) if path in present else 0
        worst = max(worst, used + new - (old if path == PACK else 0))
        used += new - old
    return max(worst, 0) * block_bytes


def _folders(paths: Iterable[str]) -> set[str]:
    return {str(folder) for path in paths for folder in PurePosixPath(path).parents} - {"."}


def _turn(path: str) -> tuple[bool, bool, str]:
    return path == START, path == "boot.py", path
