"""Finding the boards, and importing a real one with the recording `machine`."""

import importlib
import importlib.util
import inspect
import os
import sys
import time
import types
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple
from unittest import mock

from host.boards import recording
from host.boards.chips import ESP32S3, RP2

BOARDS = Path(__file__).resolve().parents[3] / "boards"
PORTS = {"rpi_pico": RP2, "esp32_s3": ESP32S3}
ARGUMENTS: dict[str, tuple[object, ...]] = {"watchdog": (8000,), "line_held": ("rfid",)}


class Recorded(NamedTuple):
    """A board's module and what its constructors did."""

    name: str
    module: types.ModuleType
    record: recording.Record


def make_pins() -> types.ModuleType:
    """boards/make_pins.py, which is a script and no part of a package."""
    spec = importlib.util.spec_from_file_location("make_pins", BOARDS / "make_pins.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def constructors(module: types.ModuleType) -> dict[str, types.FunctionType]:
    """The public functions that a board defines itself."""
    return {
        name: value
        for name, value in vars(module).items()
        if inspect.isfunction(value)
        and value.__module__ == module.__name__
        and not name.startswith("_")
    }


@contextmanager
def recorded(name: str) -> Iterator[Recorded]:
    """The board `name` in a fresh set of modules, each of its constructors called once."""
    record = recording.Record()
    own = {path.stem for path in (BOARDS / name).glob("*.py")}
    with (
        mock.patch.dict(sys.modules),
        mock.patch.object(sys, "path", [*sys.path]),
        # what MicroPython's modules have beyond Python's
        mock.patch.object(os, "dupterm", None, create=True),
        mock.patch.object(time, "sleep_us", lambda us: None, create=True),
    ):
        drivers = {name for name in sys.modules if name.startswith("gatescan.drivers.usb_link")}
        for stale in own | drivers:
            sys.modules.pop(stale, None)
        sys.modules.update(recording.modules(PORTS[name], record))
        sys.path.insert(0, str(BOARDS / name))
        # pytest's own standard streams cannot be polled.
        with open(os.devnull) as source, open(os.devnull, "w") as sink:
            with mock.patch.object(sys, "stdin", source), mock.patch.object(sys, "stdout", sink):
                module = importlib.import_module("board")
                for function_name, function in constructors(module).items():
                    function(*ARGUMENTS.get(function_name, ()))
        yield Recorded(name, module, record)
