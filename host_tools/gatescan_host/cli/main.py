"""`gatescan`: puts the groups of commands together and turns faults into exit codes."""

import sys

import typer

from gatescan import __version__
from gatescan_host.cli import device, keys, log, rules, sim, site, table, tags
from gatescan_host.errors import Exit, GatescanError

app = typer.Typer(
    name="gatescan",
    help="Host tools for Gatescan scanners: rules, signed tables, sync, logs, simulator.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=True,
)
app.add_typer(rules.app, name="rules")
app.add_typer(tags.app, name="tags")
app.add_typer(site.app, name="site")
app.add_typer(keys.app, name="keys")
app.add_typer(table.app, name="table")
app.add_typer(log.app, name="log")
device.register(app)
sim.register(app)


@app.command()
def version() -> None:
    """Print the version."""
    typer.echo(__version__)


def main() -> None:
    """Entry point: a sentence and an exit code for every mistake, never a traceback."""
    try:
        app()
    except GatescanError as error:
        typer.echo(f"gatescan: {error}", err=True)
        sys.exit(int(error.exit_code))
    except KeyboardInterrupt:
        typer.echo("gatescan: interrupted.", err=True)
        sys.exit(int(Exit.FAILED))
    except BrokenPipeError:
        # Whoever read our output has enough.
        sys.stderr.close()
        sys.exit(int(Exit.FAILED))
