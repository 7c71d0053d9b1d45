"""`gatescan sheet`: the barcodes that a guard scans for commands and for items without a tag."""

from pathlib import Path
from typing import Annotated

import typer

from gatescan_host.cli.output import JsonOption, answer, note
from gatescan_host.cli.rules_documents import Lang
from gatescan_host.errors import Exit, GatescanError
from gatescan_host.files import write_file
from gatescan_host.sheets.content import make_sheet
from gatescan_host.sheets.symbols import Symbol
from gatescan_host.signing import keys
from gatescan_host.site.load import load_site
from gatescan_host.table.signed import site_salt


def register(app: typer.Typer) -> None:
    """Add the command to the top level."""
    app.command()(sheet)


def sheet(
    site: Annotated[Path, typer.Argument(help="Site file (YAML).")],
    key: Annotated[
        Path, typer.Option("--key", help="Key folder that signs the site's tables.")
    ],
    out: Annotated[
        Path | None, typer.Option("--output", "-o", help="PDF file to write.")
    ] = None,
    lang: Annotated[
        Lang | None, typer.Option(help="Language; default: the site's first one.")
    ] = None,
    symbol: Annotated[Symbol, typer.Option(help="Kind of barcode.")] = Symbol.CODE128,
    as_json: JsonOption = False,
) -> None:
    """Print the sheet of command and category barcodes as a PDF.

    The texts hold as long as the key folder keeps its site.salt. With --json the barcodes are
    listed on stdout, and -o may be left out.
    """
    if out is None and not as_json:
        raise GatescanError("Name the PDF file with -o, or ask for --json.", Exit.USAGE)
    if keys.status(key).demo:
        note("This is a DEMO key: its sheet is for trying out only.")
    made = make_sheet(load_site(site), site_salt(key), lang.value if lang else None)
    told = ""
    if out is not None:
        from gatescan_host.sheets.pdf import make_pdf

        printed = make_pdf(made, symbol)
        write_file(out, printed.data)
        told = (
            f"{out}: sheet {made.sheet_id} of site {made.site_id}, {len(made.entries)} barcodes"
            f" on {printed.pages} pages. Print it at 100 %."
        )
    listed = [
        {"text": entry.text, "symbol": symbol.value, "meaning": entry.meaning}
        for entry in made.entries
    ]
    answer(listed, as_json, told)
