"""What a reader may answer: asks a table everything, and tells a wrong answer from none."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from gatescan.core.law.policy import Policy
from gatescan.core.law.policy_format import PolicyError
from gatescan.core.table.format import CORRUPT, MISS, TableError
from gatescan.core.table.reader import Table
from gatescan.core.table.records import Inmate, TagRecord

TAGS = (b"\x10CMD-END", b"\x0bABCDE", b"\x10CARD-1", b"\x10EX-000120", b"\x10EX-000151", b"\x0bX")
TEXTS = ((0, 0, 0), (0, 1, 1), (0, 2, 0), (1, 0, 0), (3, 300, 1))
READS_A_LOOKUP = 6  # both layers' blocks, then an index page and a page of the ranges
MAX_SLICES = 6000  # of a verification, an overlay that fills a Sink: more is called a hang

Answers = dict[str, Any]


class Finding(Exception):
    """The reader did what it must never do."""


class WrongAllow(Finding):
    """A class, a tag or an inmate that the good file does not have there."""


class Hang(Finding):
    """More steps than the file can need."""


@dataclass
class File:
    """A file in memory that is never read outside of it; counts its reads."""

    data: bytes
    reads: int = 0

    def read_at(self, offset: int, buffer: bytearray | memoryview) -> None:
        """See `Table`."""
        self.reads += 1
        end = offset + len(buffer)
        if offset < 0 or end > len(self.data):
            raise Finding(f"read outside the file: {offset} to {end} of {len(self.data)}")
        buffer[:] = self.data[offset:end]


def opened(data: bytes, overlay: bytes = b"", items_only: bool = True) -> tuple[Table, File]:
    """The table with its overlay, and the file whose reads are counted; raises TableError."""
    file = File(data)
    over = (File(overlay).read_at, len(overlay)) if overlay else None
    return Table(file.read_at, len(data), items_only, over), file


def ask(table: Table, file: File, keys: tuple[int, ...]) -> Answers:
    """Every kind of answer; raises Finding for too many reads, or what the reader raises."""
    answers: Answers = {"facts": table.base_facts(), "meta": table.meta}
    for key in keys:
        before = file.reads
        found = table.lookup(key)
        if file.reads - before > READS_A_LOOKUP:
            raise Hang(f"{file.reads - before} reads for one item")
        answers[f"item {key}"] = found if found < 0 else (found, table.class_of(found))
    for tag in TAGS:
        answers[f"tag {tag!r}"] = table.lookup_tag(tag)
    for number in range(3):
        answers[f"inmate {number}"] = table.inmate(number)
    for which in TEXTS:
        answers[f"text {which}"] = table.text(*which)
    answers["policy"] = CORRUPT
    if table.meta:
        try:
            answers["policy"] = bytes(table.policy())
            Policy(answers["policy"])
        except (TableError, PolicyError):
            pass
    return answers


def compare(true: Answers, got: Answers, single: bool = True) -> None:
    """Raise WrongAllow unless every answer is the true one or none at all.

    `single`: one bit only was changed; the check of a text, 16 bits, promises no more.
    """
    for name, answer in got.items():
        none: object = () if name.startswith("text") else CORRUPT
        if answer not in (true[name], none) and (single or not name.startswith("text")):
            raise WrongAllow(f"{name}: {answer} and not {true[name]}")


def sane(table: Table, got: Answers) -> None:
    """Raise Finding for an answer that no table can give."""
    classes = sum(table.class_of(n) != (0, 0) for n in range(64))
    for name, answer in got.items():
        kind = name.split()[0]
        if kind == "item":
            number = answer if isinstance(answer, int) else answer[0]
            ok = number in (MISS, CORRUPT) or 0 <= number < max(classes, len(table._classes) // 4)
        elif kind == "tag":
            ok = answer in (None, CORRUPT) or (
                type(answer) is TagRecord
                and -1 <= answer.class_id < len(table._classes) // 4
                and -1 <= answer.owner < table.inmates
            )
        elif kind == "inmate":
            ok = answer in (None, CORRUPT) or type(answer) is Inmate
        elif kind == "text":
            ok = all(type(line) is str for line in answer)
        else:
            continue
        if not ok:
            raise Finding(f"{name}: {answer}")


def whole(table: Table) -> bool:
    """Whether `verify` finds nothing; raises Hang."""
    try:
        run(table.verify(512))
    except TableError:
        return False
    return True


def run(steps: Iterator[int], most: int = MAX_SLICES) -> None:
    """Take every slice; raises Hang, or what the slices raise."""
    for count, permille in enumerate(steps):
        if count > most or not 0 <= permille <= 1000:
            raise Hang(f"slice {count} at {permille} permille")


class Sink:
    """Where a made file goes: no flash has room for one of any size."""

    ROOM_BYTES = 1 << 13

    def __init__(self) -> None:
        self.data = bytearray()

    @property
    def write(self) -> Callable[[bytes | bytearray | memoryview], None]:
        """See `make_overlay`."""
        return self._write

    def _write(self, part: bytes | bytearray | memoryview) -> None:
        self.data += part
        if len(self.data) > self.ROOM_BYTES:
            raise TableError("no room")
