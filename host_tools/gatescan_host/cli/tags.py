"""`gatescan tags`: what a scan identifies."""

import typer

from gatescan_host import json_lines
from gatescan_host.errors import Exit
from gatescan_host.tags.parse import parse_line

app = typer.Typer(help="Tags and their identities.", no_args_is_help=True)

_MOST_BYTES = 1 << 18  # of a line; what a reader sends may have 64 kB, as hex


@app.callback()
def _group() -> None:
    """Tags and their identities."""


@app.command()
def parse() -> None:
    """JSON Lines in on stdin, one identity a line out; exit 1 when a line could not be read."""
    raise typer.Exit(int(Exit.OK if json_lines.answer(parse_line, _MOST_BYTES) else Exit.FAILED))
