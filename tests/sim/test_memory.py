"""Memory: what scanning needs does not grow with use."""

import importlib.util
from types import ModuleType

from sim import rig

_ALLOWED_BYTES = 2048  # a segment of the journal begun, a cache filled
_SCANS = 300


def _soak() -> ModuleType:
    spec = importlib.util.spec_from_file_location("soak", rig.ROOT / "tests/bench/soak.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_heap_does_not_grow_with_scans(gate: rig.Gate) -> None:
    figures = _soak().soak(gate, _SCANS)
    print(figures)
    assert figures["free_first_bytes"] - figures["free_last_bytes"] < _ALLOWED_BYTES, figures
