"""`gatescan doctor`: what is wrong on the way from this computer to the scanner; the remedy."""

import typer

from gatescan_host.cli.device import DeviceKeyOption, PortOption
from gatescan_host.cli.output import JsonOption, answer
from gatescan_host.doctor import finding, steps
from gatescan_host.doctor.finding import Result


def register(app: typer.Typer) -> None:
    """Add the command to the top level."""
    app.command()(doctor)


def doctor(
    port: PortOption = None, device_key: DeviceKeyOption = None, as_json: JsonOption = False
) -> None:
    """Look at each step from this computer to the scanner; says what to do where one fails.

    The exit code is that of the first step that fails (3: no scanner, 4: port in use ...).
    """
    found = steps.examine(port, device_key)
    bad = [one for one in found if one.result is Result.FAIL]
    answer(
        {"ok": not bad, "steps": [one.as_dict() for one in found]}, as_json, finding.text(found)
    )
    if bad:
        raise typer.Exit(int(bad[0].exit_code))
