"""`gatescan selftest`: the scanner looks at each of its parts, a person at what it cannot see."""

from typing import Annotated

import typer

from gatescan_host.cli.device import DeviceKeyOption, PortOption
from gatescan_host.cli.output import JsonOption, answer, note
from gatescan_host.doctor import finding, parts
from gatescan_host.doctor.asking import Asking
from gatescan_host.errors import Exit
from gatescan_host.link import messages, provisioning
from gatescan_host.link import ports as serial_ports
from gatescan_host.link.session import ScannerLink


def register(app: typer.Typer) -> None:
    """Add the command to the top level."""
    app.command()(selftest)


def selftest(
    ask: Annotated[
        bool, typer.Option("--ask", help="Show, play, watch: you confirm light, tone, buttons.")
    ] = False,
    wire: Annotated[
        bool, typer.Option("--wire", help="A wire joins barcode_tx to barcode_rx: no reader.")
    ] = False,
    port: PortOption = None,
    device_key: DeviceKeyOption = None,
    as_json: JsonOption = False,
) -> None:
    """Have the scanner test its parts: pass or fail with the remedy; exit 1 when one fails."""
    with ScannerLink(serial_ports.find(port)) as link:
        report = link.status()
        key = provisioning.unlock(link, device_key) if report["provisioned"] else None
        told = link.ask(messages.Selftest(wire=wire))
        found = parts.findings(told.parts)
        if ask:
            found = Asking(link, key, _confirmed, note).settle(found)
    bad = finding.failed(found)
    answer(
        {
            "device": report["device"],
            "board": report["board"],
            "ok": not bad,
            "parts": [one.as_dict() for one in found],
            "readers": told.readers,
        },
        as_json,
        finding.text(found),
    )
    if bad:
        raise typer.Exit(int(Exit.FAILED))


def _confirmed(question: str) -> bool:
    return typer.confirm(question, err=True)
