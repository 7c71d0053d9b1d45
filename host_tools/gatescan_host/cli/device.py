"""Commands that talk to a scanner: ports, status, provision, time, sync."""

import re
from contextlib import suppress
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from gatescan.core.trust import lms
from gatescan_host import home
from gatescan_host.cli.output import JsonOption, answer, note, progress
from gatescan_host.cli.table import DELTA_SUFFIX
from gatescan_host.errors import Exit, GatescanError
from gatescan_host.files import read_file
from gatescan_host.link import ports as serial_ports
from gatescan_host.link import provisioning
from gatescan_host.link.provisioning import Reader
from gatescan_host.link.session import ScannerLink
from gatescan_host.link.sync import sync_table
from gatescan_host.signing import bundle, keys
from gatescan_host.signing.errors import SigningError
from gatescan_host.site.model import SITE_ID_PATTERN

PortOption = Annotated[
    str | None,
    typer.Option(
        "--port", "-p", envvar="GATESCAN_PORT",
        help="Device, pty or socket://HOST:PORT; without it the connected scanner is found.",
    ),
]  # fmt: skip
DeviceKeyOption = Annotated[
    Path | None,
    typer.Option("--device-key", help="The scanner's key; default: stored by `provision`."),
]


def register(app: typer.Typer) -> None:
    """Add the commands to the top level."""
    for command in (ports, status, provision, time, sync):
        app.command()(command)


def ports(as_json: JsonOption = False) -> None:
    """List serial ports with a scanner that answers."""
    found = []
    for port in serial_ports.candidates():
        report = serial_ports.probe(port)
        if report is not None:
            found.append({"port": port, "device": report["device"], "board": report["board"]})
    answer(found, as_json, "\n".join(f"{f['port']}  {f['device']}  {f['board']}" for f in found))
    if not found:
        raise GatescanError("No scanner answers on any USB port.", Exit.NO_DEVICE)


def status(
    port: PortOption = None, device_key: DeviceKeyOption = None, as_json: JsonOption = False
) -> None:
    """Show the scanner's own report: firmware, table, clock, journal."""
    with ScannerLink(serial_ports.find(port)) as link:
        report = link.status()
        key = device_key or home.device_key_file(report["device"])
        if report["provisioned"] and (device_key is not None or key.exists()):
            report = link.status(home.device_key(report["device"], key))
    report.setdefault("authentic", False)
    answer(report, as_json, status_text(report))


_NOT_MERGED = {
    "no_room": "there is no room, they stay",
    "failed": "it failed, the next start tries again",
}


def status_text(report: dict[str, Any]) -> str:
    """The report for people."""
    utc = report["utc"]
    clock = f"{datetime.fromtimestamp(utc, UTC):%Y-%m-%d %H:%M:%S} UTC" if utc else "not set"
    lines = [
        f"scanner    {report['device']} ({report['board']}, firmware {report['fw']}, "
        f"build {report.get('build')})"
        + (", report authentic" if report.get("authentic") else ""),
        f"site       {report['site'] or 'not provisioned'}",
        f"clock      {clock}",
        f"journal    {report['journal']['seq']} events, {report['journal']['acked']} fetched",
        f"memory     {report['heap_free']} bytes free, {report['restarts']} task restarts",
    ]
    table = report.get("table")
    if table:
        until = datetime.fromtimestamp(table["not_after"], UTC).strftime("%Y-%m-%d %H:%M UTC")
        lines.append(
            f"table      no. {table['seq']}, {table['items']} items, {table['tags']} tags, "
            f"{table['bytes']} bytes, order {table['order']}, valid until {until}"
        )
        lines.append(f"           sha256 {bytes(table['sha']).hex()}")
    else:
        lines.append(f"table      none{': ' + report['problem'] if 'problem' in report else ''}")
    if report.get("overlay"):
        merging = report.get("merging")
        lines.append(
            "changes    in use beside the table they change"
            + (f", being merged ({merging / 10:.0f} %)" if merging is not None else "")
            + (f", not merged: {_NOT_MERGED[report['merge']]}" if report.get("merge") else "")
        )
    if report.get("damaged"):
        places = ", ".join(f"{length} bytes at {at}" for at, length in report["damaged"])
        lines.append(f"damaged    {places}: sync this table again to repair it")
    lines.append(f"condition  {report['condition']}")
    if report.get("missing"):
        lines.append(f"missing    {', '.join(report['missing'])}: `gatescan selftest` says more")
    if "refusal" in report:
        lines.append(f"refused    {report['refusal']['text']}")
    return "\n".join(lines)


class Language(StrEnum):
    """Languages of a scanner's screen."""

    DA = "da"
    EN = "en"


def provision(
    public: Annotated[Path, typer.Option(help="Key folder or public key that signs the tables.")],
    site: Annotated[str, typer.Option(help="The site_id of the site file.")],
    language: Annotated[Language, typer.Option("--lang")] = Language.DA,
    reader: Annotated[
        list[Reader] | None,
        typer.Option(help="An RFID reader that is wired; used from the next start on."),
    ] = None,
    port: PortOption = None,
    device_key: DeviceKeyOption = None,
    as_json: JsonOption = False,
) -> None:
    """Give a scanner its own key, the site and the public key that its tables must carry."""
    public_key = keys.public(public) if public.is_dir() else read_file(public)
    if not lms.is_public_key(public_key):
        raise GatescanError(
            f"{public} is no public key of a signing key: make one with `gatescan keys new`.",
            Exit.USAGE,
        )
    if not re.fullmatch(SITE_ID_PATTERN, site):
        raise GatescanError(
            f"{site!r} is no site_id: use the one of the site file (small letters, digits, -).",
            Exit.USAGE,
        )
    readers = provisioning.wired(reader or [Reader.RDM6300])
    with ScannerLink(serial_ports.find(port)) as link:
        device_id = link.status()["device"]
        path = str(
            provisioning.provision(link, public_key, site, language.value, device_key, readers)
        )
    answer(
        {"device": device_id, "site": site, "device_key": path, "readers": readers.split(",")},
        as_json,
        f"Scanner {device_id} belongs to site {site}; its key is in {path}. Restart it once: from"
        f" its next start on it uses its RFID readers ({readers})."
        if reader
        else f"Scanner {device_id} belongs to site {site}; its key is in {path}.",
    )


def time(
    set_now: Annotated[bool, typer.Option("--set", help="Set it to this computer's.")] = False,
    port: PortOption = None,
    device_key: DeviceKeyOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show the scanner's clock, or set it."""
    with ScannerLink(serial_ports.find(port)) as link:
        if set_now:
            provisioning.unlock(link, device_key)
            shown = link.set_time()
        else:
            shown = link.get_time()
    answer({"utc": shown}, as_json, f"{shown} UTC")


def sync(
    table: Annotated[Path, typer.Option("--table", "-t", help="Signed table file (.gst).")],
    port: PortOption = None,
    device_key: DeviceKeyOption = None,
    single_slot: Annotated[
        bool,
        typer.Option(
            "--single-slot",
            help="For a table too big for two: give up the one in use first; "
            "meanwhile everything is inspected by hand.",
        ),
    ] = False,
    whole: Annotated[
        bool, typer.Option("--whole", help="Send the whole table even where its changes would do.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Send a signed table, have it verified and used; also sets the clock.

    A scanner that holds the parent of the table gets the changes (.gsd beside it) only.
    Interrupted syncs go on where they stopped; syncing the active table changes nothing, or
    repairs what is damaged of it.
    """
    data = read_file(table)
    bundle.parse(data)  # before the port is opened
    delta = None if whole else _changes_beside(table, data)
    with ScannerLink(serial_ports.find(port)) as link:
        provisioning.unlock(link, device_key)
        link.set_time()
        report = sync_table(
            link, data, say=note, moving=progress, delta=delta, single_slot=single_slot
        )
    answer(report, as_json, status_text(report))


def _changes_beside(table: Path, data: bytes) -> bytes | None:
    """The delta file beside a signed table file, None when there is none of this very table."""
    path = table.with_suffix(DELTA_SUFFIX)
    if not path.exists():
        return None
    delta = read_file(path)
    with suppress(SigningError):
        if bundle.delta_file(data, delta[bundle.parse(data).head_bytes :]) == delta:
            return delta
    note(f"{path} holds the changes of another table: it is not used.")
    return None
