"""From the computer to the scanner, step by step; a step that fails ends the way of its port."""

from pathlib import Path

from serial.tools import list_ports

from gatescan_host import home
from gatescan_host.doctor import banner, computer, scanner
from gatescan_host.doctor.finding import Finding, Result
from gatescan_host.errors import Exit, GatescanError
from gatescan_host.link import ports as serial_ports
from gatescan_host.link.session import ScannerLink

_ANSWER_S = 1.0


def examine(address: str | None, device_key: Path | None = None) -> list[Finding]:
    """Every step for the port `address`, or for every port that may be a scanner's."""
    found = [computer.packages()]
    if address:
        return found + _port(address, device_key)
    found += computer.boards(list_ports.comports(), computer.usb_devices())
    for candidate in serial_ports.candidates():
        found += _port(candidate, device_key)
    return found


def _port(address: str, device_key: Path | None) -> list[Finding]:
    found = [computer.port(address)]
    if found[0].result is Result.FAIL:
        return found
    try:
        with ScannerLink(address, timeout_s=_ANSWER_S) as link:
            return found + _scanner(link, device_key)
    except GatescanError as fault:
        if fault.exit_code is Exit.BUSY:
            return [computer.held(address)]
        if fault.exit_code is Exit.TIMEOUT:
            return [*found, _other(address)]
        return [*found, Finding("scanner", Result.FAIL, "did not answer to the end", str(fault),
                                fault.exit_code)]  # fmt: skip


def _other(address: str) -> Finding:
    """No scanner answers there: what does?"""
    try:
        return banner.finding(address, banner.heard(address))
    except GatescanError as fault:
        return Finding("scanner", Result.FAIL, "does not answer", str(fault), fault.exit_code)


def _scanner(link: ScannerLink, device_key: Path | None) -> list[Finding]:
    report = link.status()
    authentic, refusal = False, None
    if report["provisioned"]:
        path = device_key or home.device_key_file(report["device"])
        if device_key is not None or path.exists():
            try:
                report = link.status(home.device_key(report["device"], path))
                authentic = True
            except GatescanError as fault:
                if fault.exit_code not in (Exit.NOT_AUTHORISED, Exit.USAGE):
                    raise
                refusal = fault
    name = f"{report['device']} answers on {link.address}"
    return [
        Finding("scanner", Result.PASS, name),
        scanner.key(report, authentic, refusal),
        *scanner.findings(report),
    ]
