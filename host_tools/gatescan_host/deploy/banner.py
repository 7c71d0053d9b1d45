"""After a restart: waits until the scanner says what it is, and compares that with what it
should be."""

import time
from typing import Any

from gatescan_host.deploy.prompt import Prompt
from gatescan_host.errors import Exit, GatescanError
from gatescan_host.link.patience import patient
from gatescan_host.link.session import ScannerLink

_READY = b"ready, device "  # app/start.py prints it when the scanner serves
_PROMPT = b">>>"  # the program has ended
_ANSWER_S = 1.0
_START_S = 30.0  # many times what a Pico takes
_PAUSE_S = 0.2
_QUIET_S = 3.0  # silence after which it is asked: its words may have passed before we listened


def await_scanner(address: str, board: str, build: str) -> dict[str, Any]:
    """The report of the scanner that starts at `address`.

    Raises GatescanError: 8 when nothing starts (with the last line that it
    printed), 1 when it is another board or build than was deployed.
    """
    deadline = time.monotonic() + patient(_START_S)
    heard = b""
    while time.monotonic() < deadline:
        try:
            heard += _listen(address, deadline)
            if heard.rstrip().endswith(_PROMPT):
                break
            with ScannerLink(address, timeout_s=_ANSWER_S) as link:
                report = link.status()
            return _checked(report, address, board, build)
        except GatescanError as fault:
            if fault.exit_code not in (Exit.NO_DEVICE, Exit.TIMEOUT):
                raise
            time.sleep(_PAUSE_S)  # the port comes and goes while the board starts
    raise GatescanError(
        f"The firmware is on the board, but no scanner started at {address} ({_last(heard)}): "
        "look with `mpremote repl`, or deploy again.",
        Exit.TIMEOUT,
    )


def _checked(report: dict[str, Any], address: str, board: str, build: str) -> dict[str, Any]:
    found = (report["board"], report.get("build"))
    if found == (board, build):
        return report
    raise GatescanError(
        f"The scanner at {address} runs build {found[1]} for {found[0]}, not {build} for {board}: "
        "deploy again."
    )


def _last(heard: bytes) -> str:
    """The last line that a program printed, for people."""
    lines = heard.decode(errors="replace").split("\nMicroPython v")[0].split("\n")
    said = [line.strip() for line in lines if line.strip() not in ("", ">>>")]
    return f"its last words were {said[-1]!r}" if said else "it said nothing"


def _listen(address: str, deadline: float) -> bytes:
    """What the board prints until it is ready, or has been silent for a while."""
    console = Prompt(address)
    try:
        heard = b""
        last = time.monotonic()
        while _READY not in heard and not heard.rstrip().endswith(_PROMPT):
            new = console.heard()
            now = time.monotonic()
            if new:
                heard, last = heard + new, now
            elif now - last > patient(_QUIET_S) or now > deadline:
                break
        return heard
    finally:
        console.close()
