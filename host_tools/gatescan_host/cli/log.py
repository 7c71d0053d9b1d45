"""`gatescan log`: events from scanners into the store, and what they say."""

from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from gatescan_host import home
from gatescan_host.cli.device import DeviceKeyOption, PortOption
from gatescan_host.cli.output import JsonOption, answer, note, progress
from gatescan_host.errors import Exit, GatescanError
from gatescan_host.files import read_file
from gatescan_host.link import ports as serial_ports
from gatescan_host.link import provisioning
from gatescan_host.link.session import ScannerLink
from gatescan_host.reports import visit as visit_report
from gatescan_host.signing import bundle
from gatescan_host.store import history
from gatescan_host.store.database import open_store, remember_table
from gatescan_host.store.pull import pull as pull_events
from gatescan_host.table.info import info

app = typer.Typer(help="Events of scanners.", no_args_is_help=True)
DatabaseOption = Annotated[
    str | None,
    typer.Option("--db", envvar="GATESCAN_DB", help="File or URL; default: the user's own store."),
]
DeviceOption = Annotated[str | None, typer.Option("--device", help="One scanner's id.")]


@app.command()
def pull(
    port: PortOption = None,
    database: DatabaseOption = None,
    device_key: DeviceKeyOption = None,
    table: Annotated[
        Path | None, typer.Option(help="The table in use, so that reports can name it.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Fetch new events into the store and tell the scanner that they are safe."""
    engine = open_store(database or home.database_url())
    if table is not None:
        manifest = bundle.parse(read_file(table)).manifest
        remember_table(engine, manifest, info(table)["order_id"])
    with ScannerLink(serial_ports.find(port)) as link:
        key = provisioning.unlock(link, device_key)
        with progress("events") as move:
            done = pull_events(link, engine, key, move)
    answer(
        {"new": done.new, "last_seq": done.last_seq},
        as_json,
        f"{done.new} new events, {done.last_seq} in all; the chain is unbroken.",
    )


@app.command()
def show(
    database: DatabaseOption = None, device: DeviceOption = None, as_json: JsonOption = False
) -> None:
    """Print the stored events, oldest first; with --json one JSON object a line."""
    engine = open_store(database or home.database_url())
    for event in history.show(engine, device):
        parts = [f"{event['seq']:>6}", event["time"] or "clock not set", event["kind"]]
        parts += [
            str(event[name])
            for name in ("verdict", "category", "citation", "obligation")
            if event.get(name) is not None
        ]
        answer(event, as_json, "  ".join(parts))


@app.command()
def verify(
    database: DatabaseOption = None, device: DeviceOption = None, as_json: JsonOption = False
) -> None:
    """Check the stored chains from their beginning; exit 7 when one is broken."""
    engine = open_store(database or home.database_url())
    wanted = [device] if device else history.devices(engine)
    if not wanted:
        note("The store holds no events yet: pull them with `gatescan log pull`.")
    reports = {device_id: _verified(engine, device_id) for device_id in wanted}
    answer(
        {
            device_id: {"ok": r.ok, "events": r.events, "sentence": r.sentence}
            for device_id, r in reports.items()
        },
        as_json,
        "\n".join(r.sentence for r in reports.values()),
    )
    if not all(r.ok for r in reports.values()):
        raise GatescanError("A chain of events is broken.", Exit.CHAIN_BROKEN)


def _verified(engine: Engine, device_id: str) -> history.Verified:
    try:
        return history.verify(engine, device_id)
    except (SQLAlchemyError, TypeError, ValueError):
        # Whoever writes text into a column of bytes has broken the chain as well.
        sentence = (
            f"The stored events of {device_id} cannot be read: the database was changed or is "
            "damaged; restore it or pull the events into a new one."
        )
        return history.Verified(False, 0, 0, b"", sentence)


@app.command()
def visits(
    database: DatabaseOption = None, device: DeviceOption = None, as_json: JsonOption = False
) -> None:
    """Summarise the visits: items, verdicts with their provisions, seals."""
    engine = open_store(database or home.database_url())
    told = False
    for device_id in [device] if device else history.devices(engine):
        for one in visit_report.visits(engine, device_id):
            answer(one, as_json, "\n".join(visit_report.text_lines(one)))
            told = True
    if not told:
        note("No visit is stored: fetch the events of a scanner with `gatescan log pull`.")
