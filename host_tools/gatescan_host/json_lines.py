"""JSON Lines on stdin, one answer a line: the form that `tags parse` and `seals check` share."""

import json
import sys
from collections.abc import Callable, Iterator
from typing import Any, BinaryIO


class LineError(Exception):
    """The line cannot be evaluated; the text is the sentence."""


def answer(one: Callable[[str], tuple[str, bool]], most_bytes: int) -> bool:
    """Answer each line of stdin with what `one` makes of it; whether all were good.

    `one`: a line -> the line to write, and whether it is good; it never raises. A line of more
    than `most_bytes` is no JSON to it.
    """
    good = True
    if sys.stdin is None:  # closed by whoever started us: no lines
        return good
    for line in _lines(sys.stdin.buffer, most_bytes):
        out, ok = one(line)
        good = good and ok
        sys.stdout.write(out + "\n")
        sys.stdout.flush()
    return good


def request(line: str) -> dict[str, Any]:
    """The object that a line holds; raises LineError for anything else."""
    try:
        found = json.loads(line, object_pairs_hook=_unique)
    except (ValueError, RecursionError):
        raise LineError("The line is not JSON: write one object a line.") from None
    if not isinstance(found, dict):
        raise LineError("The line is not a JSON object: write one object a line.")
    return found


def written(out: dict[str, Any]) -> str:
    """An answer as JSON; an `id` that JSON cannot tell (NaN, 1e999) is null."""
    try:
        return json.dumps(out, allow_nan=False)
    except ValueError:
        return json.dumps({**out, "id": None})


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise LineError("The line names a field twice: write each field once.")
    return found


def _lines(stream: BinaryIO, most_bytes: int) -> Iterator[str]:
    """Lines that are not blank, as text; for one that is too long a text that is no JSON."""
    while line := stream.readline(most_bytes):
        rest = line
        while not rest.endswith(b"\n") and (rest := stream.readline(most_bytes)):
            line = b"{"  # of a message in pieces not even the first is believed
        if line.strip():
            yield line.decode("utf-8-sig", "replace")
