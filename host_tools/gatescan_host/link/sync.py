"""A signed table onto a scanner: nothing, a repair, its changes, or the whole: what is least."""

import contextlib
import hashlib
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, Final

from gatescan.core.trust import acceptance
from gatescan.core.trust.bundle import BundleHead
from gatescan_host.errors import Exit, GatescanError
from gatescan_host.link import table_messages
from gatescan_host.link.patience import patient
from gatescan_host.link.session import GroupRefusal, Progress, ScannerLink
from gatescan_host.signing import bundle

_PATCH_BYTES: Final = 1024  # MAX_BYTES and MAX_FIXES of app/fixes.py
_MAX_PATCHES: Final = 16
_MAX_ROUNDS: Final = 3  # a damaged index hides damaged blocks; after them there is nothing more
_MERGE_LIMIT_S: Final = 300.0  # of a million items: a minute and a half
_MERGE_POLL_S: Final = 2.0  # longer than _PAUSE_MS of app/link/rooms.py: else none begins
# The whole table may do where its changes were refused for one of these.
_OF_THE_DELTA: Final = (
    acceptance.REFUSED_MALFORMED, acceptance.REFUSED_SIZE, acceptance.REFUSED_CONTENT,
    acceptance.REFUSED_SELFTEST,
)  # fmt: skip
Damaged = list[list[int]]


@dataclass(frozen=True)
class Hands:
    """How a person follows a sync: `say` hears what is done, `moving` shows progress."""

    say: Callable[[str], None]
    moving: Callable[[str], AbstractContextManager[Progress]]


def sync_table(
    link: ScannerLink,
    data: bytes,
    *,
    say: Callable[[str], None],
    moving: Callable[[str], AbstractContextManager[Progress]],
    delta: bytes | None = None,
    single_slot: bool = False,
) -> dict[str, Any]:
    """Have the scanner at the unlocked `link` use the signed table file `data`.

    Returns its report afterwards. `say` hears what is done, `moving` gives what shows progress;
    `delta`: the file of changes beside it, for a scanner that has their parent; `single_slot`
    gives up the table in use first. Raises GatescanError.
    """
    hands = Hands(say, moving)
    head = bundle.parse(data)
    sha = head.manifest.table_sha256
    report = link.settled()
    damaged = report.get("damaged")
    if bytes(report.get("table", {}).get("sha", b"")) == sha and not damaged:
        say(f"Table no. {head.manifest.seq} is active already.")
        return report
    if damaged and bytes(report.get("base_sha256", b"")) == sha:
        say(f"The table is damaged in {len(damaged)} places: sending these again ...")
        repaired = repair(link, data[head.head_bytes :], report)
        if repaired is not None:
            return repaired
        say("That was not enough: sending the whole table ...")
    elif delta is not None and not single_slot and _takes_changes(link, head, report, hands):
        changed = _send_changes(link, delta, hands)
        if changed is not None:
            return changed
    file_sha = hashlib.sha256(data).digest()
    if single_slot:
        link.ask(table_messages.Announce(sha=file_sha))
        say("The scanner gives up its table: until the new one is in use, inspect by hand.")
    say(f"Sending the whole table, {len(data)} bytes ...")
    return _send(link, data, hands)


def _send(link: ScannerLink, file: bytes, hands: Hands) -> dict[str, Any]:
    with hands.moving("upload") as move:
        file_sha = link.upload(file, move)
    hands.say("The scanner verifies signature and content ...")
    return link.activate(file_sha)


def _send_changes(link: ScannerLink, delta: bytes, hands: Hands) -> dict[str, Any] | None:
    """The report afterwards, None when the scanner has no use for the changes."""
    hands.say(f"Sending the changes, {len(delta)} bytes ...")
    try:
        return _send(link, delta, hands)
    except GatescanError as refused:
        if refused.exit_code is not Exit.TABLE_REJECTED:
            raise
        if link.status().get("refusal", {}).get("code") not in _OF_THE_DELTA:
            raise
        hands.say(str(refused))
    return None


def _takes_changes(
    link: ScannerLink, head: BundleHead, report: dict[str, Any], hands: Hands
) -> bool:
    """Whether the scanner holds the parent as one file; waits while it is merging that."""
    parent = head.manifest.parent_sha256
    if not _merges(report, parent):
        return bytes(report.get("base_sha256", b"")) == parent
    hands.say("The scanner is still merging the changes before these: waiting ...")
    deadline = time.monotonic() + patient(_MERGE_LIMIT_S)
    with hands.moving("merge") as move:
        while _merges(report, parent) and time.monotonic() < deadline:
            size = report["table"]["bytes"]
            move((report.get("merging") or 0) * size // 1000, size)
            time.sleep(_MERGE_POLL_S)
            report = link.status()
    return bytes(report.get("base_sha256", b"")) == parent


def _merges(report: dict[str, Any], parent: bytes) -> bool:
    """Whether the table in use is the parent, which is not one file yet, and will be."""
    return bool(
        report.get("overlay")
        and not report.get("merge")
        and not report.get("damaged")
        and bytes(report.get("table", {}).get("sha", b"")) == parent
    )


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
