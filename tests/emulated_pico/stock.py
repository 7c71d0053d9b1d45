"""Where the stock MicroPython image lies: the environment variable GATESCAN_UF2."""

import os
from pathlib import Path

VARIABLE = "GATESCAN_UF2"


def find() -> tuple[Path | None, str]:
    """(image, "") or (None, why tests that need it are skipped)."""
    value = os.environ.get(VARIABLE, "")
    if not value:
        return None, f"{VARIABLE} does not name a MicroPython image for RPI_PICO"
    path = Path(value)
    if not path.is_file():
        return None, f"{VARIABLE} names {value}, which is no file"
    return path, ""


def image() -> Path:
    """The image; the running test is skipped, with the reason, where there is none."""
    path, reason = find()
    if path is None:
        import pytest

        pytest.skip(reason)
    return path
