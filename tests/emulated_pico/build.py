"""The firmware as files for a board's flash: compiled to .mpy, as `gatescan deploy` does it."""

from functools import cache

from gatescan_host.deploy.compile import compile_firmware


@cache
def _files(board: str) -> tuple[tuple[str, bytes], ...]:
    return tuple(compile_firmware(board).items())


def firmware_files(board: str = "rpi_pico") -> dict[str, bytes]:
    """Path -> content of the whole firmware for `board`; compiled once in a process."""
    return dict(_files(board))
