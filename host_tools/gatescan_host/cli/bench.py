"""`gatescan bench`: the compact table beside other formats."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from gatescan_host.cli.output import JsonOption, answer, console, note
from gatescan_host.errors import Exit, GatescanError

if TYPE_CHECKING:
    from gatescan_host.bench.items import Items
    from gatescan_host.bench.run import Plan, Tell

app = typer.Typer(help="Benchmarks.", no_args_is_help=True)

_KEYS = 100_000
_FORMATS = ("fixed", "cdb", "sqlite", "json", "marisa", "filter")
_ALL = ",".join(_FORMATS)
_MAX_CHECKS = 10_000_000
_SIZES = ("skipped", "tables_bytes", "full_bytes", "oplog")

ItemsOption = Annotated[
    Path | None, typer.Option("--items", help="CSV (.gz) with gtin,category; else --keys.")
]
KeysOption = Annotated[
    int | None,
    typer.Option(min=1, max=10_000_000, help="So many drawn items, clustered as real ones are."),
]
SeedOption = Annotated[int, typer.Option(help="Draws the items and the questions.")]
ChecksOption = Annotated[
    int, typer.Option(min=1, max=_MAX_CHECKS, help="Hits, and misses; on emu at most 2,000.")
]
TargetsOption = Annotated[str, typer.Option(help="Where to ask, divided by commas.")]
FormatsOption = Annotated[
    str, typer.Option(help="Beside the table: fixed,cdb,sqlite,json,marisa,filter or none.")
]
PlotOption = Annotated[Path | None, typer.Option("--plot", help="Draw a chart into this PNG.")]


@app.command()
def table(
    items: ItemsOption = None,
    keys: KeysOption = None,
    seed: SeedOption = 1,
    checks: ChecksOption = 20_000,
    targets: TargetsOption = "host,unix,emu",
    formats: FormatsOption = _ALL,
    plot: PlotOption = None,
    as_json: JsonOption = False,
) -> None:
    """Build the table and other formats from the same items; size, speed, memory, errors."""
    _show(_measured(items, keys, _plan(targets, checks, seed, formats), plot), as_json)


@app.command()
def lookup(
    items: ItemsOption = None,
    keys: KeysOption = None,
    seed: SeedOption = 1,
    checks: ChecksOption = 20_000,
    targets: TargetsOption = "host,unix,emu",
    formats: FormatsOption = _ALL,
    plot: PlotOption = None,
    as_json: JsonOption = False,
) -> None:
    """The same run, but only what was asked and answered: rows without figures are left out."""
    found = _measured(items, keys, _plan(targets, checks, seed, formats), plot)
    for name in _SIZES:
        del found[name]
    found["rows"] = [row for row in found["rows"] if row["reason"] is None]
    _show(found, as_json)


def _plan(targets: str, checks: int, seed: int, formats: str) -> "Plan":
    from gatescan_host.bench.run import Plan
    from gatescan_host.bench.targets import NAMES

    others = _chosen(formats, _FORMATS, "format") if formats != "none" else ()
    return Plan(_chosen(targets, NAMES, "target"), checks, seed, others)


def _chosen(text: str, known: tuple[str, ...], what: str) -> tuple[str, ...]:
    chosen = tuple(dict.fromkeys(text.split(",")))
    if not set(chosen) <= set(known):
        raise GatescanError(
            f"'{text}' names another {what} than {', '.join(known)}: choose among these.",
            Exit.USAGE,
        )
    return chosen


def _items(items: Path | None, keys: int | None, seed: int) -> "Items":
    from gatescan_host.bench.generate import generate
    from gatescan_host.bench.items import read_items

    if items is None:
        note(f"Drawing {keys or _KEYS:,} items (seed {seed}) ...")
        return generate(keys or _KEYS, seed)
    if keys is not None:
        raise GatescanError("--items and --keys exclude each other: give one.", Exit.USAGE)
    found = read_items(items)
    if found.skipped:
        note(f"{items}: {found.skipped:,} lines without a valid code are left out.")
    return found


def _measured(
    items: Path | None, keys: int | None, plan: "Plan", plot: Path | None
) -> dict[str, Any]:
    from gatescan_host.bench import chart
    from gatescan_host.bench.run import run

    if plot is not None:
        chart.require()
    measured = _items(items, keys, plan.seed)
    with _steps(plan.steps) as tell:
        found = run(measured, plan, tell)
    if plot is not None:
        chart.draw(found, plot)
        note(f"The chart is in {plot}.")
    return found


@contextmanager
def _steps(total: int) -> Iterator["Tell"]:
    """A progress bar on stderr that counts steps; gives the call that begins one."""
    columns = (
        TextColumn("{task.description:<28}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console, disable=not console.is_terminal) as bar:
        task = bar.add_task("", total=total)
        begun = False

        def tell(what: str) -> None:
            nonlocal begun
            bar.update(task, description=what, advance=int(begun))
            begun = True

        yield tell


def _show(found: dict[str, Any], as_json: bool) -> None:
    from gatescan_host.bench.show import text

    answer(found, as_json, "" if as_json else text(found))
    wrong = sum(count or 0 for count in found["wrong_answers"].values())
    if wrong:
        raise GatescanError(f"The table answered wrongly {wrong} times: do not ship it.")
