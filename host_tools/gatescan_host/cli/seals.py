"""`gatescan seals`: whether a seal is genuine and whether it was opened."""

import sys
from collections.abc import Iterator
from typing import BinaryIO

import typer

from gatescan_host.errors import Exit

app = typer.Typer(help="Seals and their messages.", no_args_is_help=True)

_MAX_LINE = 65_536  # bytes; a message of a seal has less than 2,000


@app.callback()
def _group() -> None:
    """Seals and their messages."""


@app.command()
def check() -> None:
    """JSON Lines in on stdin, one outcome a line out; exit 1 when a seal is not intact."""
    # Here, not above: the other commands start without loading a library of ciphers.
    from gatescan_host.seals.check import check_line

    good = True
    for line in _lines(sys.stdin.buffer):
        out, ok = check_line(line)
        good = good and ok
        sys.stdout.write(out + "\n")
        sys.stdout.flush()
    raise typer.Exit(int(Exit.OK if good else Exit.FAILED))


def _lines(stream: BinaryIO) -> Iterator[str]:
    """Lines that are not blank, as text; for one that is too long a text that is no JSON."""
    while line := stream.readline(_MAX_LINE):
        rest = line
        while not rest.endswith(b"\n") and (rest := stream.readline(_MAX_LINE)):
            line = b"{"  # of a message in pieces not even the first is believed
        if line.strip():
            yield line.decode("utf-8-sig", "replace")
