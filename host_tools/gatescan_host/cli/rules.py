"""`gatescan rules`: the law as data."""

import json
import sys
from datetime import UTC, datetime
from enum import StrEnum
from io import TextIOWrapper
from pathlib import Path
from typing import Annotated

import typer

from gatescan_host.cli import rules_documents
from gatescan_host.cli.output import JsonOption, answer, console, note
from gatescan_host.errors import Exit
from gatescan_host.rules.check import check as check_order
from gatescan_host.rules.check import prove, write_witnesses
from gatescan_host.rules.evaluate import run_eval
from gatescan_host.rules.select import named
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
    site: Annotated[Path, typer.Argument(help="Site file (YAML).")],
    witnesses: Annotated[
        Path | None,
        typer.Option(help="Write facts that need each rule to this file, as `rules eval` reads."),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Validate a site file and its order; prove the order complete, unambiguous, without dead
    rules and safe where facts are missing. Takes about a minute; exit 1 where a proof fails.
    """
    source = load_site(site)
    path = named(source.site.order_id, datetime.now(UTC).date()).path
    report = check_order(path)
    proofs = []
    with console.status("proving") as status:
        for proof in prove(path, lambda place: status.update(f"proving: {place}")):
            proofs.append(proof)
            note(f"{proof.name}: {'proved' if proof.holds else 'NOT proved'}, "
                 f"{proof.seconds:.1f} s")
            for found in proof.findings:
                note(f"{found.sentence} Facts: {json.dumps(found.facts, ensure_ascii=False)}")
    if witnesses:
        write_witnesses(witnesses, proofs)
    proved = all(proof.holds for proof in proofs)
    answer(
        {"site": source.site.site_id, **report.as_json(), "proved": proved,
         "seconds": round(sum(proof.seconds for proof in proofs), 1),
         "proofs": [proof.as_json() for proof in proofs]},
        as_json,
        "\n".join([
            f"{site} and order {report.order_id} are valid: {report.rules} rules for "
            f"{report.provisions} provisions, {report.bytes} bytes compiled.",
            *(proof.sentence for proof in proofs)]),
    )
    raise typer.Exit(int(Exit.OK if proved else Exit.FAILED))


@app.command("eval")
def evaluate(
    engine: Annotated[
        Engine, typer.Option(help="host: CPython; sim: the same code on MicroPython.")
    ] = Engine.HOST,
    order: Annotated[
        str | None, typer.Option(help="The order to apply; default: that of orders/default.txt.")
    ] = None,
) -> None:
    """Facts in as JSON Lines on stdin, one verdict a line out; exit 1 after a faulty line."""
    good = True
    for stream in (sys.stdin, sys.stdout):
        if isinstance(stream, TextIOWrapper):
            # JSON Lines are UTF-8 and end with a line feed, whatever this computer is used to.
            stream.reconfigure(encoding="utf-8", errors="replace", newline="\n")
    for out, ok in run_eval(sys.stdin, engine.value, order):
        good = good and ok
        sys.stdout.write(out + "\n")
        sys.stdout.flush()
    raise typer.Exit(int(Exit.OK if good else Exit.FAILED))


rules_documents.register(app)
