"""From a port to MicroPython's prompt: on an empty board, a new scanner, or one with keys."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from gatescan_host import home
from gatescan_host.deploy.prompt import Prompt
from gatescan_host.errors import Exit, GatescanError
from gatescan_host.link import ports, provisioning
from gatescan_host.link.client import LinkTimeout
from gatescan_host.link.patience import patient
from gatescan_host.link.session import ScannerLink

_LONG_TRY_S = 3.0
_SCANNER_S = 0.7  # asked three times
_RESTART_S = 20.0  # until the port is there again and the prompt behind it
_PAUSE_S = 0.2
_HOLD_BACK = "hold its BACK button while plugging it in, then run this again"


class NoScanner(GatescanError):
    """Nobody at the port speaks as a scanner does."""

    def __init__(self, address: str) -> None:
        super().__init__(
            f"Neither MicroPython's prompt nor a scanner answers at {address}: if it is one, "
            f"{_HOLD_BACK}; else put MicroPython on the board.",
            Exit.TIMEOUT,
        )


class Reached(NamedTuple):
    """The open prompt; `stopped`: whether a scanner was running, and stopped for it."""

    prompt: Prompt
    stopped: bool


def find(address: str | None) -> str:
    """`address` itself, or the only port with a board that may run MicroPython."""
    if address:
        return address
    found = ports.candidates()
    if len(found) == 1:
        return found[0]
    if found:
        raise GatescanError(
            f"{len(found)} boards are connected ({', '.join(found)}): choose one with --port.",
            Exit.USAGE,
        )
    raise GatescanError(
        "No board is connected: plug one in, or name its port with --port.", Exit.NO_DEVICE
    )


def reach(
    address: str, key_file: Path | None, note: Callable[[str], None]
) -> Reached:
    """Open the prompt of the board at `address`.

    A running scanner is stopped: a new one at once, one with keys only with its own key, from
    `key_file` or the place where `provision` left it. Raises GatescanError.
    """
    prompt = _knock(address, 0.0)
    if prompt is not None:
        return Reached(prompt, stopped=False)
    try:
        open_maintenance(address, key_file)
    except NoScanner:
        prompt = _knock(address, patient(_LONG_TRY_S))  # a board that is slow, or busy printing
        if prompt is None:
            raise
        return Reached(prompt, stopped=False)
    note("The scanner stops for it ...")
    return Reached(_when_restarted(address), stopped=True)


def _knock(address: str, limit_s: float) -> Prompt | None:
    prompt = Prompt(address)
    try:
        if prompt.enter(limit_s):
            return prompt
    except BaseException:
        prompt.close()
        raise
    prompt.close()
    return None


def open_maintenance(address: str, key_file: Path | None = None) -> str:
    """Have the scanner at `address` restart into the prompt, once; returns its id.

    Raises GatescanError: 5 without its key, NoScanner when what runs there is none.
    """
    try:
        with ScannerLink(address, timeout_s=_SCANNER_S) as link:
            report = link.status()
            device = str(report["device"])
            if report["provisioned"]:
                _unlock(link, device, key_file)
            link.open_maintenance()
            return device
    except LinkTimeout:
        raise NoScanner(address) from None


def _unlock(link: ScannerLink, device: str, key_file: Path | None) -> None:
    if key_file is None and not home.device_key_file(device).exists():
        raise GatescanError(
            f"Scanner {device} has keys and lets nobody in without its own: give it with "
            f"--device-key, or {_HOLD_BACK}.",
            Exit.NOT_AUTHORISED,
        )
    provisioning.unlock(link, key_file)


def _when_restarted(address: str) -> Prompt:
    """The prompt of a board that is just restarting; its port may vanish meanwhile."""
    deadline = time.monotonic() + patient(_RESTART_S)
    while True:
        try:
            prompt = Prompt(address)
            try:
                if prompt.enter(deadline - time.monotonic()):
                    return prompt
            except BaseException:
                prompt.close()
                raise
            prompt.close()
            raise GatescanError(
                f"The scanner at {address} did not come back with a prompt: {_HOLD_BACK}.",
                Exit.TIMEOUT,
            )
        except GatescanError as fault:
            if fault.exit_code is not Exit.NO_DEVICE or time.monotonic() >= deadline:
                raise
            time.sleep(_PAUSE_S)  # the port is away while the board restarts
