"""Every unit test of core again, on real MicroPython with a Pico's heap."""

import importlib.util
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FILES = sorted((ROOT / "tests" / "unit").rglob("test_*.py"))

_spec = importlib.util.spec_from_file_location("upy_run", ROOT / "tests/micropython/run.py")
assert _spec and _spec.loader
upy_run = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(upy_run)


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(ROOT / "tests/unit")))
def test_on_micropython(path: Path) -> None:
    done = upy_run.run(path)
    assert done.returncode == 0, done.stdout
    assert "RESULT" in done.stdout, done.stdout
