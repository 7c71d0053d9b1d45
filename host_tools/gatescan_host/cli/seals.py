"""`gatescan seals`: whether a seal is genuine and whether it was opened."""

import typer

from gatescan_host import json_lines
from gatescan_host.errors import Exit

app = typer.Typer(help="Seals and their messages.", no_args_is_help=True)

_MOST_BYTES = 1 << 16  # of a line; a message of a seal has less than 2,000


@app.callback()
def _group() -> None:
    """Seals and their messages."""


@app.command()
def check() -> None:
    """JSON Lines in on stdin, one outcome a line out; exit 1 when a seal is not intact."""
    # Here, not above: the other commands start without loading a library of ciphers.
    from gatescan_host.seals.check import check_line

    raise typer.Exit(int(Exit.OK if json_lines.answer(check_line, _MOST_BYTES) else Exit.FAILED))
