"""`gatescan table`: compile, sign, look into, verify."""

import hashlib
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from gatescan_host.cli.output import JsonOption, answer, console, note
from gatescan_host.errors import Exit, GatescanError
from gatescan_host.files import read_file, write_file
from gatescan_host.signing import bundle, keys
from gatescan_host.site.intake import Intake, Moved
from gatescan_host.site.left_out import LeftOut, report_file
from gatescan_host.table import info as table_info
from gatescan_host.table.signed import build_signed

app = typer.Typer(help="Signed rule tables.", no_args_is_help=True)
DELTA_SUFFIX = ".gsd"  # beside the table's .gst
_SEQ_MAX = 0xFFFFFFFF  # 32 bits in manifest and table
FileArgument = Annotated[Path, typer.Argument(help="Signed table file (.gst).")]


@app.command()
def build(
    site: Annotated[Path, typer.Argument(help="Site file (YAML).")],
    key: Annotated[Path, typer.Option("--key", help="Key folder that signs.")],
    out: Annotated[Path, typer.Option("--output", "-o", help="File to write.")],
    seq: Annotated[
        int | None, typer.Option(min=1, max=_SEQ_MAX, help="Number; default: it counts on.")
    ] = None,
    parent: Annotated[
        Path | None,
        typer.Option(
            help="The table (.gst) that this one follows: scanners that hold it then take a delta"
            " of some kB, which is written beside the output as .gsd."
        ),
    ] = None,
    lenient: Annotated[
        bool,
        typer.Option(
            "--lenient",
            help="Leave out listed numbers that name no product: restricted circulation, ISBN,"
            " ISSN, coupons. Without it they are mistakes.",
        ),
    ] = False,
    report: Annotated[
        Path | None, typer.Option(help="With --lenient: a CSV file for all that was left out.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Compile a site file into a signed table."""
    if report is not None and not lenient:
        raise GatescanError("--report tells what --lenient leaves out: add it.", Exit.USAGE)
    delta_out = out.parent / (out.stem + DELTA_SUFFIX)
    if delta_out == out:
        raise GatescanError(f"{out} would be the delta's name: call the table .gst.", Exit.USAGE)
    if keys.status(key).demo:
        note("This is a DEMO key: scanners at a gate must not trust it.")
    before = read_file(parent) if parent is not None else None
    with report_file(report) as all_of_them, _bar(shown=not as_json) as moved:
        left_out = LeftOut(all_of_them)
        intake = Intake(left_out if lenient else None, moved)
        signed = build_signed(site, key, seq=seq, parent=before, intake=intake)
    write_file(out, signed.data)
    if signed.delta:
        write_file(delta_out, signed.delta)
    else:
        with suppress(OSError):
            delta_out.unlink()  # that of the table which stood here before
    for sentence in (*([left_out.sentence()] if left_out.count else []), *signed.remarks):
        note(sentence)
    stats = {"file": str(out), "seq": signed.seq, "file_bytes": len(signed.data), **signed.stats,
             "delta_file": str(delta_out) if signed.delta else None,
             "left_out": left_out.as_json()}  # fmt: skip
    answer(
        stats,
        as_json,
        f"{out}: table no. {signed.seq} of site {signed.site_id}, {stats['keys']} items, "
        f"{stats['tags']} tags, {stats['bytes']} bytes, signed." + (
            f"\n{delta_out}: the delta to it, {stats['changes']} items changed,"
            f" {stats['delta_bytes']} bytes." if signed.delta else ""
        ),
    )  # fmt: skip


@contextmanager
def _bar(shown: bool) -> Iterator[Moved]:
    """How far a build is, on stderr: a bar for each list. Silent where stderr is no terminal."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.fields[rows]:,} items"),
        TimeElapsedColumn(),
    )
    hidden = not (shown and sys.stderr.isatty())
    with Progress(*columns, console=console, disable=hidden, transient=True) as bar:
        tasks: dict[str, TaskID] = {}

        def move(what: str, rows: int, done: int, total: int | None) -> None:
            if what not in tasks:
                for earlier in tasks.values():
                    bar.update(earlier, total=1, completed=1)
                tasks[what] = bar.add_task(what, rows=rows)
            bar.update(tasks[what], rows=rows, completed=done, total=total)

        yield move


@app.command()
def info(file: FileArgument, as_json: JsonOption = False) -> None:
    """Show what is in a table."""
    head = bundle.parse(read_file(file)).manifest
    facts = table_info.info(file)
    facts["key_id"] = head.key_id.hex()
    facts["not_after"] = datetime.fromtimestamp(head.not_after, UTC).isoformat()
    facts["sha256"] = head.table_sha256.hex()
    answer(facts, as_json, "\n".join(f"{name:12} {value}" for name, value in facts.items()))


@app.command()
def get(
    file: FileArgument,
    code: Annotated[str, typer.Argument(help="Barcode, or em4100:<10 hex digits>.")],
    as_json: JsonOption = False,
) -> None:
    """Look one tag up in a table."""
    found = table_info.get(file, code)
    answer(found, as_json, json.dumps(found, ensure_ascii=False, indent=1))


@app.command()
def verify(
    file: FileArgument,
    public: Annotated[Path, typer.Option(help="Key folder or public key file.")],
    as_json: JsonOption = False,
) -> None:
    """Check signature and integrity, as a scanner does."""
    data = read_file(file)
    public_key = keys.public(public) if public.is_dir() else read_file(public)
    manifest = bundle.verify_bundle(data, public_key)
    checked = table_info.verify(file)
    checked["seq"] = manifest.seq
    checked["file_sha256"] = hashlib.sha256(data).hexdigest()
    answer(checked, as_json, f"{file}: signature and content are good (table no. {manifest.seq}).")
