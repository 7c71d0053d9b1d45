"""`gatescan deploy` and `gatescan maintenance`: firmware onto a board, and the way in for it."""

from typing import Annotated, Any

import typer

from gatescan_host.cli.device import DeviceKeyOption, PortOption
from gatescan_host.cli.output import JsonOption, answer, note, progress
from gatescan_host.deploy.boards import TARGETS
from gatescan_host.deploy.deployment import Wishes
from gatescan_host.deploy.deployment import deploy as deploy_firmware
from gatescan_host.deploy.reach import open_maintenance
from gatescan_host.link import ports


def register(app: typer.Typer) -> None:
    """Add the commands to the top level."""
    app.command()(deploy)
    app.command()(maintenance)


def deploy(
    board: Annotated[str, typer.Option(help=f"Kind of board: {', '.join(TARGETS)}.")],
    port: PortOption = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only say what would be done.")
    ] = False,
    device_key: DeviceKeyOption = None,
    as_json: JsonOption = False,
) -> None:
    """Put this checkout's firmware on a board with MicroPython, and start it.

    Copies only what differs and verifies each file on the board; interrupted, it goes on where it
    stopped. Keys, settings, tables and journal stay. A scanner with keys is stopped with its key,
    or by holding its BACK button while plugging it in.
    """
    report = deploy_firmware(Wishes(board, port, device_key, dry_run), note, progress)
    answer(report, as_json, _text(report))


def maintenance(
    port: PortOption = None, device_key: DeviceKeyOption = None, as_json: JsonOption = False
) -> None:
    """Restart a scanner into MicroPython's prompt, for tools; the next restart ends it.

    A scanner with keys wants its own (--device-key, or where `provision` left it), and logs it.
    """
    address = ports.find(port)
    device = open_maintenance(address, device_key)
    answer(
        {"device": device, "port": address},
        as_json,
        f"Scanner {device} restarts with the prompt at {address}; restart it to make it a "
        "scanner again.",
    )


def _text(report: dict[str, Any]) -> str:
    lines = []
    if report["dry_run"]:
        lines += [f"copy       {path}" for path in report["copy"]]
        lines += [f"remove     {path}" for path in report["remove"]]
        lines.append(
            f"would copy {len(report['copy'])} of {report['files']} files "
            f"({report['copy_bytes']} bytes) and remove {len(report['remove'])}"
        )
        return "\n".join(lines)
    lines.append(f"copied     {len(report['copy'])} files, {report['copy_bytes']} bytes")
    lines.append(f"removed    {len(report['remove'])} files")
    lines.append(f"unchanged  {report['unchanged']} files")
    lines.append(
        f"running    {report['board']}, firmware {report['fw']} build {report['build']}, "
        f"scanner {report['device']}, after {report['seconds']} s"
    )
    return "\n".join(lines)
