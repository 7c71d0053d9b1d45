"""A deployment from end to end: compile, reach the board, compare, copy, restart, look."""

import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, NamedTuple

from gatescan_host import build_id
from gatescan_host.deploy import run
from gatescan_host.deploy.banner import await_scanner
from gatescan_host.deploy.boards import target
from gatescan_host.deploy.device import Board
from gatescan_host.deploy.image import image
from gatescan_host.deploy.reach import find, reach


class Wishes(NamedTuple):
    """What the user asked for."""

    board: str
    port: str | None = None
    device_key: Path | None = None
    dry_run: bool = False


def deploy(
    wishes: Wishes,
    note: Callable[[str], None],
    bar: Callable[[str], AbstractContextManager[run.Progress]],
) -> dict[str, Any]:
    """Make the board hold and run this checkout's firmware; returns the report.

    Raises GatescanError with the exit codes of all commands. Nothing is changed on a board that
    does not fit, nor in a dry run.
    """
    begun = time.monotonic()
    wanted = target(wishes.board)
    wished = image(wishes.board)
    build = build_id.build_id(wishes.board)
    address = find(wishes.port)
    reached = reach(address, wishes.device_key, note)
    prompt = reached.prompt
    try:
        note("Comparing with what the board holds ...")
        on_prompt = Board(prompt)
        on_prompt.end_maintenance()
        compared = run.compare(on_prompt, wished, wanted)
        report: dict[str, Any] = {
            "board": wishes.board,
            "port": address,
            "build": build,
            "dry_run": wishes.dry_run,
            **compared.report(),
        }
        if wishes.dry_run:
            # As it was found: a scanner that was stopped for this starts again.
            if reached.stopped:
                prompt.restart()
            else:
                prompt.leave()
            return report
        with bar("copy") as progress:
            run.carry_out(compared, progress)
        prompt.restart()
    finally:
        prompt.close()
    note("Every file is verified; waiting for the scanner to start ...")
    scanner = await_scanner(address, wishes.board, build)
    report["device"], report["fw"] = scanner["device"], scanner["fw"]
    report["seconds"] = round(time.monotonic() - begun, 1)
    return report
