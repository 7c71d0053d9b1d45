"""Finds scanners: by USB identity and by their answer, never by the name of the port alone."""

from typing import Any

from serial.tools import list_ports

from gatescan_host.errors import Exit, GatescanError
from gatescan_host.link.session import ScannerLink

# USB identities of boards that run MicroPython (usb.org's list of vendors; its ports/*/boards)
IDENTITIES = {
    (0x2E8A, 0x0005): "Raspberry Pi Pico with MicroPython",
    (0x303A, 0x4001): "ESP32-S3 with MicroPython",
    (0x303A, 0x1001): "ESP32-S3, its own serial port",
}
_PROBE_S = 1.0


def candidates() -> list[str]:
    """Serial ports whose USB identity may be a scanner's."""
    return [
        port.device
        for port in list_ports.comports()
        if (port.vid, port.pid) in IDENTITIES
    ]


def probe(address: str) -> dict[str, Any] | None:
    """The status of the scanner at `address`, None when nothing of ours answers."""
    try:
        with ScannerLink(address, timeout_s=_PROBE_S) as link:
            return link.status()
    except GatescanError as fault:
        if fault.exit_code is Exit.BUSY:
            raise
        return None


def find(address: str | None) -> str:
    """`address` itself, or the port of the only scanner that answers."""
    if address:
        return address
    answering = [port for port in candidates() if probe(port) is not None]
    if len(answering) == 1:
        return answering[0]
    if answering:
        raise GatescanError(
            f"{len(answering)} scanners are connected ({', '.join(answering)}): "
            "choose one with --port.",
            Exit.USAGE,
        )
    raise GatescanError(
        "No scanner answers: connect one, or name its port with --port.", Exit.NO_DEVICE
    )
