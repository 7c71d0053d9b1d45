"""The firmware as files for a board's flash, as `gatescan deploy` puts them there."""

from functools import cache

from gatescan_host.deploy.image import Image, image


@cache
def _image(board: str) -> Image:
    return image(board)


def firmware_files(
    board: str = "rpi_pico", changed: dict[str, bytes] | None = None
) -> dict[str, bytes]:
    """Path -> content of the whole firmware for `board`; compiled once in a process.

    Modules of `changed` (path -> bytecode) take the place of those in the pack.
    """
    made = image(board, changed) if changed else _image(board)
    return dict(made.files)


def firmware_modules(board: str = "rpi_pico") -> dict[str, bytes]:
    """Path -> bytecode of each module of the firmware for `board`, as single files."""
    return dict(_image(board).modules)
