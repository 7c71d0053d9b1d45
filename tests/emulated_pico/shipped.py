"""The shipped firmware on an emulated Pico, started once in a process and forked per test."""

from functools import cache

from emulated_pico.build import firmware_files
from emulated_pico.machine import EmulatedPico
from emulated_pico.parts import Parts
from emulated_pico.stock import image

READY_MS = 10_000  # far beyond the budget: whoever measures the start looks at `now_ms`
SETTLED_MS = 100  # the first screen is shown and the tasks run


@cache
def booted(parts: Parts | None = None) -> EmulatedPico:
    """A factory-new scanner that has said "ready". Do not run it: `with booted().fork() as …`.

    Skips the test where GATESCAN_UF2 names no image; RuntimeError, with the console, when the
    firmware does not get ready.
    """
    board = EmulatedPico(image(), files=firmware_files(), parts=parts)
    board.power_on()
    board.run_until(lambda: "ready" in board.console or "Traceback" in board.console, READY_MS)
    if "ready" not in board.console:
        raise RuntimeError(f"not ready in {board.now_ms:.0f} ms:\n{board.console}")
    board.run_ms(SETTLED_MS)
    return board
