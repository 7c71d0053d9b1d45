"""`gatescan`: puts the groups of commands together and turns faults into exit codes."""

import sys

import typer
from sqlalchemy.exc import SQLAlchemyError

from gatescan import __version__
from gatescan_host.cli import (
    bench,
    deploy,
    device,
    doctor,
    keys,
    log,
    rules,
    seals,
    selftest,
    sheet,
    sim,
    site,
    table,
    tags,
)
from gatescan_host.errors import Exit, GatescanError

_INTERRUPTED = "gatescan: interrupted; start again, what was done is kept."
_TYPER_INTERRUPTED = 130

app = typer.Typer(
    name="gatescan",
    help="Host tools for Gatescan scanners: rules, signed tables, sync, logs, simulator.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=True,
)
app.add_typer(rules.app, name="rules")
app.add_typer(tags.app, name="tags")
app.add_typer(seals.app, name="seals")
app.add_typer(site.app, name="site")
app.add_typer(keys.app, name="keys")
app.add_typer(table.app, name="table")
app.add_typer(log.app, name="log")
app.add_typer(bench.app, name="bench")
device.register(app)
deploy.register(app)
selftest.register(app)
doctor.register(app)
sim.register(app)
sheet.register(app)


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
    except SQLAlchemyError as error:
        cause = str(getattr(error, "orig", None) or error).splitlines()[0]
        typer.echo(f"gatescan: The event store failed ({cause}): check it, try again.", err=True)
        sys.exit(int(Exit.FAILED))
    except KeyboardInterrupt:
        typer.echo(_INTERRUPTED, err=True)
        sys.exit(int(Exit.FAILED))
    except SystemExit as end:
        if end.code == _TYPER_INTERRUPTED:
            typer.echo(_INTERRUPTED, err=True)
            sys.exit(int(Exit.FAILED))
        raise
    except BrokenPipeError:
        # Whoever read our output has enough.
        sys.stderr.close()
        sys.exit(int(Exit.FAILED))
    except OSError as fault:
        where = f" ({fault.filename})" if fault.filename else ""
        typer.echo(
            f"gatescan: The system refused{where}: {fault.strerror}. Mend that and start again.",
            err=True,
        )
        sys.exit(int(Exit.FAILED))
