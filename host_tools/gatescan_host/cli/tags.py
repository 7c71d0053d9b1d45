"""`gatescan tags`: what a scan identifies."""

import sys

import typer

from gatescan_host.errors import Exit
from gatescan_host.tags.parse import parse_line

app = typer.Typer(help="Tags and their identities.", no_args_is_help=True)


@app.callback()
def _group() -> None:
    """Tags and their identities."""


@app.command()
def parse() -> None:
    """JSON Lines in on stdin, one identity a line out; exit 1 when a line could not be read."""
    good = True
    for line in sys.stdin:
        if not line.strip():
            continue
        out, ok = parse_line(line)
        good = good and ok
        sys.stdout.write(out + "\n")
        sys.stdout.flush()
    raise typer.Exit(int(Exit.OK if good else Exit.FAILED))
