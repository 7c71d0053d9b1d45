"""The font module is what its drawing says; pins and wiring: tests/host/boards."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]


def test_generated_module_is_current() -> None:
    script = ROOT / "firmware" / "font" / "make_font.py"
    done = subprocess.run([sys.executable, str(script), "--check"], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def test_only_the_board_imports_machine() -> None:
    for path in (ROOT / "firmware" / "gatescan").rglob("*.py"):
        for line in path.read_text(encoding="utf-8").splitlines():
            words = line.split()
            if words[:1] in (["import"], ["from"]) and len(words) > 1:
                assert words[1].split(".")[0] != "machine", path
