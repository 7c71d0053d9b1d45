"""This computer's side: packages, boards on USB, permission for their ports and who holds them."""

import importlib.metadata
import os
import re
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

from gatescan_host.doctor.finding import Finding, Result
from gatescan_host.errors import Exit
from gatescan_host.link.ports import IDENTITIES

_PYTHON = (3, 11)
_BOOTSEL = (0x2E8A, 0x0003)
_OTHERS = {
    (0x2E8A, 0x000A): "a Pico with a program of the Pico SDK",
    (0x2E8A, 0x000C): "a debug probe",
}
_CIRCUITPYTHON = 0x239A


class UsbDevice(NamedTuple):
    """A device as the kernel lists it."""

    vid: int
    pid: int


def packages(wanted: Iterable[str] | None = None) -> Finding:
    """Whether Python is new enough and every package that gatescan asks for is installed.

    `wanted`: requirements as in pyproject.toml; default: those of the installed gatescan.
    """
    version = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info < _PYTHON:
        return Finding("python", Result.FAIL, version, "Install Python 3.11 or later.")
    try:
        asked = importlib.metadata.requires("gatescan") if wanted is None else wanted
    except importlib.metadata.PackageNotFoundError:
        return Finding("python", Result.FAIL, "gatescan is not installed", "Run `make install`.")
    missing = []
    names = [one for one in asked or () if "extra ==" not in one]
    for requirement in names:
        found = re.match(r"[A-Za-z0-9._-]+", requirement)
        try:
            importlib.metadata.version(found[0] if found else requirement)
        except importlib.metadata.PackageNotFoundError:
            missing.append(requirement)
    if missing:
        said = f"packages are missing: {', '.join(missing)}"
        return Finding("python", Result.FAIL, said, "Run `make install`.")
    return Finding("python", Result.PASS, f"{version}, {len(names)} packages")


def usb_devices(root: Path = Path("/sys/bus/usb/devices")) -> list[UsbDevice]:
    """What is plugged in, by Linux's own list; nothing on other systems."""
    found = []
    for folder in sorted(root.glob("*")) if root.is_dir() else ():
        try:
            vid, pid = (int((folder / f).read_text(), 16) for f in ("idVendor", "idProduct"))
        except (OSError, ValueError):
            continue  # an interface, or pulled this instant
        found.append(UsbDevice(vid, pid))
    return found


def boards(ports: Iterable[Any], devices: Iterable[UsbDevice]) -> list[Finding]:
    """What of all that may be a scanner; `ports` as of serial.tools.list_ports."""
    found = []
    for port in ports:
        kind = IDENTITIES.get((port.vid, port.pid))
        if kind is not None:
            found.append(Finding("usb", Result.PASS, f"{port.device}: {kind}"))
            continue
        other = _OTHERS.get((port.vid, port.pid))
        if port.vid == _CIRCUITPYTHON:
            other = "a board with CircuitPython"
        if other is not None:
            found.append(
                Finding(
                    "usb", Result.LOOK, f"{port.device}: {other}",
                    "If this is to be the scanner: hold BOOTSEL while plugging it in, copy "
                    "MicroPython's .uf2 for RPI_PICO onto its drive, then `gatescan deploy`.",
                )
            )  # fmt: skip
    for device in devices:
        if (device.vid, device.pid) == _BOOTSEL:
            found.append(
                Finding(
                    "usb", Result.FAIL, "a Pico waits in its BOOTSEL loader",
                    "Copy MicroPython's .uf2 for RPI_PICO onto its drive RPI-RP2, then run "
                    "`gatescan deploy`.",
                    Exit.NO_DEVICE,
                )
            )  # fmt: skip
    return found or [
        Finding(
            "usb", Result.FAIL, "no board that may be a scanner",
            "Plug it in with a cable that carries data, not a charging cable; a network address "
            "or a pty is named with --port.",
            Exit.NO_DEVICE,
        )
    ]  # fmt: skip


def port(path: str) -> Finding:
    """Whether the serial port at `path` is there and may be opened by us."""
    if "://" in path:
        return Finding("port", Result.PASS, path)
    if not Path(path).exists():
        return Finding(
            "port", Result.FAIL, f"there is no {path}",
            "Check cable and name; without --port the scanner is looked for.", Exit.NO_DEVICE,
        )  # fmt: skip
    if not os.access(path, os.R_OK | os.W_OK):
        return Finding(
            "port", Result.FAIL, f"permission denied on {path}",
            "Install boards/70-gatescan.rules (its head says how), or join the group that owns "
            "it: `sudo usermod -aG dialout $USER`, then log in again.",
            Exit.NO_DEVICE,
        )  # fmt: skip
    return Finding("port", Result.PASS, path)


def held(path: str, proc: Path = Path("/proc")) -> Finding:
    """The finding for a port that somebody else has open, named where Linux tells who."""
    names = holders(path, proc)
    who = ", ".join(names) if names else "another program"
    return Finding(
        "port", Result.FAIL, f"{path} is in use by {who}",
        "Close it and try again; if that is ModemManager, boards/70-gatescan.rules keeps it away.",
        Exit.BUSY,
    )  # fmt: skip


def holders(path: str, proc: Path = Path("/proc")) -> list[str]:
    """Name and number of the other processes that have `path` open, as far as we may see."""
    wanted = os.path.realpath(path)
    found = []
    for folder in sorted(proc.glob("[0-9]*")):
        if folder.name == str(os.getpid()):
            continue
        try:
            if wanted in {str(entry.readlink()) for entry in (folder / "fd").iterdir()}:
                found.append(f"{(folder / 'comm').read_text().strip()} ({folder.name})")
        except OSError:
            continue  # somebody else's process, or it has just ended
    return found
