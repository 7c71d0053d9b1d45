"""`gatescan table`: compile, sign, look into, verify."""

import hashlib
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from gatescan_host.cli.output import JsonOption, answer, note
from gatescan_host.files import read_file, write_file
from gatescan_host.signing import bundle, keys
from gatescan_host.table import info as table_info
from gatescan_host.table.signed import build_signed

app = typer.Typer(help="Signed rule tables.", no_args_is_help=True)
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
    parent: Annotated[Path | None, typer.Option(help="The table that this one follows.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Compile a site file into a signed table."""
    if keys.status(key).demo:
        note("This is a DEMO key: scanners at a gate must not trust it.")
    signed = build_signed(
        site, key, seq=seq, parent=read_file(parent) if parent is not None else None
    )
    write_file(out, signed.data)
    stats = {"file": str(out), "seq": signed.seq, "file_bytes": len(signed.data), **signed.stats}
    answer(
        stats,
        as_json,
        f"{out}: table no. {signed.seq} of site {signed.site_id}, {stats['keys']} items, "
        f"{stats['tags']} tags, {stats['bytes']} bytes, signed.",
    )


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
