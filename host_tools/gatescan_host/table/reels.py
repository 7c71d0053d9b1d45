"""Seals by the reel: runs of serial numbers of a site file -> records of the section REELS."""

import hashlib
import re
import struct
from bisect import bisect_right
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from gatescan.core.table import format as fmt
from gatescan.core.tags.names import NAMES
from gatescan.core.tags.scheme import S_TEXT
from gatescan_host.site.errors import Place, Problems
from gatescan_host.site.load import SiteFile
from gatescan_host.site.model import Reel
from gatescan_host.table import commands, encode
from gatescan_host.table.tag_texts import text_tag

if TYPE_CHECKING:
    from gatescan_host.table.tags import TagList

_NUMBER = re.compile(rf"[0-9]{{1,{fmt.REEL_DIGITS}}}\Z")
_CHECK_BYTES = 4
_Stem = tuple[str, int]  # what stands before the number, and how many digits the number has


class Run(NamedTuple):
    """Seals of one stem, numbered from `first` to `last`."""

    first: int
    last: int
    place: Place


class ReelList:
    """The reels of a site; refuses those that overlap, or hold a serial with another meaning."""

    def __init__(self, source: SiteFile, tags: "TagList", problems: Problems) -> None:
        self._problems = problems
        self._runs: dict[_Stem, list[Run]] = {}
        for number, entry in enumerate(source.site.seals):
            if isinstance(entry, Reel):
                self._add(source.place("seals", number), entry)
        for stem, runs in self._runs.items():
            runs.sort()
            for one, other in pairwise(runs):
                if other.first <= one.last:
                    earlier, later = sorted((one.place, other.place))
                    problems.add(
                        later,
                        f"the reel holds {serial(stem, other.first)}, as the one at {earlier}"
                        " does: correct one of the two.",
                    )
        for text, place in tags.texts():
            self._check_tag(text, place)

    def __len__(self) -> int:
        return sum(len(runs) for runs in self._runs.values())

    def parts(self, salt: bytes) -> list[encode.Part]:
        """REELS and its index, nothing without reels; ValueError if the salt must be another."""
        rows: list[tuple[int, int, bytes]] = []
        for stem, runs in self._runs.items():
            base, check = place_of(salt, stem)
            for first, last in _joined(runs):
                rows.append((base + first, base + last, check))
        rows.sort()
        room = [*(first for first, _, _ in rows[1:]), 1 << 8 * fmt.PREFIX_BYTES]
        if any(last >= end for (_, last, _), end in zip(rows, room, strict=False)):
            raise ValueError("two reels collide under this salt: build again")
        records = [
            first.to_bytes(fmt.PREFIX_BYTES, "big") + check + struct.pack("<I", last - first)
            for first, last, check in rows
        ]
        return encode.paged(fmt.K_REELS, records, fmt.REEL_BYTES) if records else []

    def _add(self, place: Place, reel: Reel) -> None:
        for text in (reel.from_, reel.to):
            if commands.is_reserved(text_tag(text).text or text):
                mistake = f"'{text}' is kept for command barcodes: choose other serials."
            elif (tag := text_tag(text)).error:
                mistake = f"'{text}' cannot be a tag: {tag.error}"
            elif tag.scheme != S_TEXT:
                mistake = (
                    f"'{text}' reads as a number of kind {NAMES[tag.scheme]}: use seals with other"
                    " serials."
                )
            else:
                continue
            self._problems.add(place, mistake)
            return
        begin, end = split(reel.from_), split(reel.to)
        if begin is None or end is None or begin[0] != end[0]:
            self._problems.add(
                place,
                f"'{reel.from_}' and '{reel.to}' are not alike but for their last"
                f" {fmt.REEL_DIGITS} digits at most: write a reel for each beginning and length.",
            )
        elif begin[1] > end[1]:
            self._problems.add(
                place, f"the reel begins at {reel.from_} behind its end {reel.to}: exchange them."
            )
        else:
            self._runs.setdefault(begin[0], []).append(Run(begin[1], end[1], place))

    def _check_tag(self, text: str, place: Place) -> None:
        found = split(text)
        runs = self._runs.get(found[0], []) if found else []
        at = bisect_right(runs, found[1], key=lambda run: run.first) - 1 if found else -1
        if found and at >= 0 and found[1] <= runs[at].last:
            earlier, later = sorted((place, runs[at].place))
            self._problems.add(
                later,
                f"{text} is a seal of a reel and a tag of its own, see {earlier} too: each tag"
                " means one thing, split the reel or remove the tag.",
            )


def split(text: str) -> tuple[_Stem, int] | None:
    """The stem and the number of a serial; None when it ends in no digit."""
    found = _NUMBER.search(text)
    if found is None:
        return None
    return (text[: found.start()], len(found[0])), int(found[0])


def serial(stem: _Stem, number: int) -> str:
    """The serial of a number, as printed on the seal."""
    return f"{stem[0]}{number:0{stem[1]}d}"


def place_of(salt: bytes, stem: _Stem) -> tuple[int, bytes]:
    """Where number 0 of a stem would be filed, and the check that stands in its records."""
    digest = hashlib.sha256(salt + b"reel" + stem[0].encode() + bytes((stem[1],))).digest()
    base = int.from_bytes(digest[: fmt.PREFIX_BYTES], "big")
    return base, digest[fmt.PREFIX_BYTES : fmt.PREFIX_BYTES + _CHECK_BYTES]


def _joined(runs: list[Run]) -> list[tuple[int, int]]:
    """Ascending runs, those that follow each other without a gap as one."""
    out: list[tuple[int, int]] = []
    for run in runs:
        if out and out[-1][1] + 1 == run.first:
            out[-1] = (out[-1][0], run.last)
        else:
            out.append((run.first, run.last))
    return out
