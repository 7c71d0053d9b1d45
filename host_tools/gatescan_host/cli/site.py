"""`gatescan site`: site files."""

from pathlib import Path
from typing import Annotated

import typer

from gatescan_host.cli.output import note
from gatescan_host.errors import Exit, GatescanError
from gatescan_host.site.example import example_text

app = typer.Typer(help="Site files.", no_args_is_help=True)


@app.callback()
def _group() -> None:
    """Site files."""


@app.command()
def init(file: Annotated[Path, typer.Argument(help="File to write.")]) -> None:
    """Write a complete, commented example of a site file."""
    try:
        with file.open("x", encoding="utf-8") as out:
            out.write(example_text())
    except FileExistsError:
        raise GatescanError(f"{file} exists: choose another name.", Exit.USAGE) from None
    except OSError as fault:
        raise GatescanError(f"{file} cannot be written: {fault.strerror}.", Exit.USAGE) from None
    note(f"Wrote {file}: edit it, then run `gatescan table build {file} --key DIR -o TABLE.gst`.")
