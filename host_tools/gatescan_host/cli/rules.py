"""`gatescan rules`: the law as data."""

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from gatescan_host.cli.output import JsonOption, answer
from gatescan_host.errors import Exit
from gatescan_host.rules.check import check as check_order
from gatescan_host.rules.evaluate import run_eval
from gatescan_host.rules.orders import path_of
from gatescan_host.site.load import load_site

app = typer.Typer(help="The order and its verdicts.", no_args_is_help=True)


class Engine(StrEnum):
    """Where the rules are evaluated."""

    HOST = "host"
    SIM = "sim"


@app.callback()
def _group() -> None:
    """The order and its verdicts."""


@app.command()
def check(
    site: Annotated[Path, typer.Argument(help="Site file (YAML).")], as_json: JsonOption = False
) -> None:
    """Validate a site file and its order, and count what is in them. Proves nothing yet."""
    source = load_site(site)
    report = check_order(path_of(source.site.order_id))
    answer(
        {"site": source.site.site_id, **report.as_json()},
        as_json,
        f"{site} and order {report.order_id} are valid: {report.rules} rules for "
        f"{report.provisions} provisions, {report.bytes} bytes compiled. "
        "Completeness is not proved yet.",
    )


@app.command("eval")
def evaluate(
    engine: Annotated[
        Engine, typer.Option(help="host: CPython; sim: the same code on MicroPython.")
    ] = Engine.HOST,
    order: Annotated[str, typer.Option(help="The order to apply.")] = "dk-2009",
) -> None:
    """Facts in as JSON Lines on stdin, one verdict a line out; exit 1 after a faulty line."""
    good = True
    for out, ok in run_eval(sys.stdin, engine.value, order):
        good = good and ok
        sys.stdout.write(out + "\n")
        sys.stdout.flush()
    raise typer.Exit(int(Exit.OK if good else Exit.FAILED))
