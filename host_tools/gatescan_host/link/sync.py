"""A signed table onto a scanner: nothing, a repair, or an upload, whatever is the least."""

import contextlib
import hashlib
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any, Final

from gatescan_host.errors import Exit, GatescanError
from gatescan_host.link import table_messages
from gatescan_host.link.session import GroupRefusal, Progress, ScannerLink
from gatescan_host.signing import bundle

_PATCH_BYTES: Final = 1024  # MAX_BYTES and MAX_FIXES of app/fixes.py
_MAX_PATCHES: Final = 16
_MAX_ROUNDS: Final = 3  # a damaged index hides damaged blocks; after them there is nothing more
Damaged = list[list[int]]


def sync_table(
    link: ScannerLink,
    data: bytes,
    *,
    say: Callable[[str], None],
    moving: Callable[[str], AbstractContextManager[Progress]],
    single_slot: bool = False,
) -> dict[str, Any]:
    """Have the scanner at the unlocked `link` use the signed table file `data`.

    Returns its report afterwards. `say` hears what is done, `moving` gives what shows progress;
    `single_slot` gives up the table in use first. Raises GatescanError.
    """
    head = bundle.parse(data)
    sha = head.manifest.table_sha256
    report = link.settled()
    stored = bytes(report.get("base_sha256", b"")) == sha
    if stored and report.get("damaged"):
        say(f"The table is damaged in {len(report['damaged'])} places: sending these again ...")
        repaired = repair(link, data[head.head_bytes :], report)
        if repaired is not None:
            return repaired
        say("That was not enough: sending the whole table ...")
    elif stored and "table" in report:
        say(f"Table no. {head.manifest.seq} is active already.")
        return report
    file_sha = hashlib.sha256(data).digest()
    if single_slot:
        link.ask(table_messages.Announce(sha=file_sha))
        say("The scanner gives up its table: until the new one is in use, inspect by hand.")
    with moving("upload") as move:
        link.upload(data, move)
    say("The scanner verifies signature and content ...")
    return link.activate(file_sha)


def repair(link: ScannerLink, table: bytes, report: dict[str, Any]) -> dict[str, Any] | None:
    """Send the damaged places of `report` from `table`, the very table that the scanner holds.

    Returns the report afterwards, None when only the whole table will do. Raises GatescanError
    for a lost link.
    """
    sha = hashlib.sha256(table).digest()
    for _ in range(_MAX_ROUNDS):
        damaged: Damaged = report["damaged"]
        patches = [
            (at, table[at : min(at + _PATCH_BYTES, offset + length)])
            for offset, length in damaged
            for at in range(offset, offset + length, _PATCH_BYTES)
        ]
        if not patches or len(patches) > _MAX_PATCHES:
            return None
        try:
            for number, (at, content) in enumerate(patches):
                link.ask(table_messages.Patch(sha=sha, n=number, off=at, data=content))
        except GroupRefusal:
            return None
        with contextlib.suppress(_NotWhole):
            return _check(link, sha)
        report = link.status()
        if report.get("damaged", []) == damaged:
            return None  # nothing more is known: the bytes between are wrong
    return None


class _NotWhole(Exception):
    """The scanner has the patches and something else is damaged still."""


def _check(link: ScannerLink, sha: bytes) -> dict[str, Any]:
    try:
        return link.activate(sha)
    except GatescanError as refusal:
        if refusal.exit_code is Exit.TABLE_REJECTED:
            raise _NotWhole from None
        raise
