"""`gatescan rules explain|coverage|diff`: what an order says, in words and tables."""

import sys
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from enum import StrEnum
from io import TextIOWrapper
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import track

from gatescan_host.cli.output import JsonOption, answer, console
from gatescan_host.errors import Exit
from gatescan_host.rules import coverage as account
from gatescan_host.rules import diff as comparison
from gatescan_host.rules import diff_text, explain_text, orders, rulebook, select
from gatescan_host.rules.explain import Explainer
from gatescan_host.rules.rulebook import Rulebook

OrderOption = Annotated[
    str | None,
    typer.Option(help="An order, a family or an order file (.yaml); default: default.txt."),
]


class Lang(StrEnum):
    """The language of an explanation."""

    DA = "da"
    EN = "en"


def register(app: typer.Typer) -> None:
    """Add the commands to the group `rules`."""
    for command in (explain, coverage, diff):
        app.command()(command)


def explain(
    facts: Annotated[
        str | None,
        typer.Option(help="A line of `rules eval`, or its facts alone; default: from stdin."),
    ] = None,
    unknown: Annotated[
        list[str] | None, typer.Option(help="A fact that is not known; may be repeated.")
    ] = None,
    order: OrderOption = None,
    lang: Annotated[Lang, typer.Option(help="Language.")] = Lang.DA,
    as_json: JsonOption = False,
) -> None:
    """Say why a set of facts has its verdict, provision by provision; exit 1 for faulty facts."""
    if facts is None:
        if isinstance(sys.stdin, TextIOWrapper):
            sys.stdin.reconfigure(encoding="utf-8", errors="replace")
        facts = sys.stdin.read()
    told, ok = Explainer(_order(order), lang.value).line(facts, unknown or ())
    if isinstance(told, str) or not ok:
        typer.echo(told)
        raise typer.Exit(int(Exit.FAILED))
    answer(told, as_json, explain_text.text_of(told, lang.value))


def coverage(order: OrderOption = None, as_json: JsonOption = False) -> None:
    """Account for every provision: its role, its rules and the cases that they decide."""
    told = account.coverage(_order(order))
    answer(told.as_json(), as_json, account.text_of(told))


def diff(
    old: Annotated[str, typer.Argument(help="An order, a family or an order file (.yaml).")],
    new: Annotated[str, typer.Argument(help="The same.")],
    as_json: JsonOption = False,
) -> None:
    """Compare two orders: which verdicts change, as a table of facts to be signed off."""
    told = comparison.compare(_order(old), _order(new), _watched)
    answer(told.as_json(), as_json, diff_text.text_of(told))


def _order(name: str | None) -> Rulebook:
    """The order that is meant, ready to be asked; raises OrderError."""
    name = name or select.default_order()
    if name.endswith((".yaml", ".yml")):
        return rulebook.build(orders.load(Path(name)))
    return rulebook.build(select.named(name, datetime.now(UTC).date()))


def _watched(vectors: Iterator[list]) -> Iterable[list]:
    """The same combinations, counted on the terminal as they go by."""
    return track(vectors, "combinations", console=console, transient=True,
                 disable=not sys.stderr.isatty())
