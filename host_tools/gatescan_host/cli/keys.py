"""`gatescan keys`: signing keys and how many signatures they have left."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from gatescan_host.cli.output import JsonOption, answer, note, progress
from gatescan_host.files import write_file
from gatescan_host.signing import keys

app = typer.Typer(help="Signing keys.", no_args_is_help=True)
FolderArgument = Annotated[Path, typer.Argument(help="The key folder.")]


@app.command()
def new(
    out: Annotated[Path, typer.Option("--out", help="Folder to make; must be absent or empty.")],
    height: Annotated[int, typer.Option(help="5, 10 or 15: 32, 1,024 or 32,768 signatures.")] = 15,
    label: Annotated[str, typer.Option(help="What the key is for.")] = "",
    as_json: JsonOption = False,
) -> None:
    """Make a signing key. Never copy its folder: a copy signs with spent numbers."""
    note("Making the key" + ("; it takes about half a minute ..." if height == 15 else " ..."))
    with progress("key") as move:
        keys.new_key(out, height, label, move)
    _tell(out, as_json)


@app.command()
def status(folder: FolderArgument, as_json: JsonOption = False) -> None:
    """Show a key and its remaining signatures."""
    _tell(folder, as_json)


@app.command()
def public(
    folder: FolderArgument,
    out: Annotated[Path | None, typer.Option("--out", help="Write the bytes to a file.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Show or export the public key, which scanners need."""
    key = keys.public(folder)
    if out is not None:
        write_file(out, key)
    answer({"public_key": key}, as_json, key.hex())


def _tell(folder: Path, as_json: bool) -> None:
    state = keys.status(folder)
    for warning in state.warnings:
        note(warning)
    text = (
        f"key {state.key_id} {state.label or '(no label)'}: {state.used} signatures used, "
        f"{state.remaining} left\n{state.algorithm}"
    )
    answer(asdict(state), as_json, text)
