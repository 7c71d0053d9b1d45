"""What every command shares: answers on stdout, text for people on stderr, common options."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TransferSpeedColumn

from gatescan_host.link.session import Progress as ProgressCall

JsonOption = Annotated[bool, typer.Option("--json", help="Answer as JSON on stdout.")]

console = Console(stderr=True, highlight=False)


def note(text: str) -> None:
    """A line for people, on stderr."""
    console.print(text, markup=False, soft_wrap=True)


def answer(value: Any, as_json: bool, text: str) -> None:
    """The command's answer on stdout: `value` as JSON, or `text`."""
    if as_json:
        typer.echo(json.dumps(value, ensure_ascii=False, default=_plain))
    else:
        typer.echo(text)


def _plain(value: Any) -> Any:
    if isinstance(value, bytes):
        return value.hex()
    raise TypeError(f"{type(value).__name__} has no JSON form")


@contextmanager
def progress(title: str) -> Iterator[ProgressCall]:
    """A progress bar on stderr; gives a call (done, total). Silent where stderr is no terminal."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        DownloadColumn(),
        TransferSpeedColumn(),
    )
    with Progress(*columns, console=console, disable=not sys.stderr.isatty()) as bar:
        task = bar.add_task(title, total=None)

        def move(done: int, total: int) -> None:
            bar.update(task, completed=done, total=total)

        yield move
