"""Firmware without a board, or with another one's: a sentence on the console, and the prompt."""

import os
import subprocess
from pathlib import Path

import pytest

from gatescan_host.simulator.checkout import micropython
from sim import rig


def _start(*folders: Path) -> subprocess.CompletedProcess[str]:
    """main.py as a board runs it, with board.py looked for in `folders`."""
    firmware = rig.ROOT / "firmware"
    path = os.pathsep.join(map(str, (firmware, *folders, ".frozen")))
    return subprocess.run(
        [micropython(), "-X", "heapsize=474k", str(firmware / "main.py")],
        env={**os.environ, "MICROPYPATH": path, "GATESCAN_SIM": "{}"},
        capture_output=True, text=True, timeout=30, cwd=firmware,
    )  # fmt: skip


@pytest.mark.parametrize("name", [None, "rpi_pico", "esp32_s3"])
def test_one_sentence_and_the_prompt(tmp_path, name):
    """None: a program that was copied only in part."""
    done = _start(rig.ROOT / "boards" / name if name else tmp_path)
    said = done.stdout + done.stderr
    assert "no board.py for this board" in said and "gatescan deploy --board" in said, said
    assert "Traceback" not in said and len(said.strip().splitlines()) == 1, said
    assert done.returncode != 75, "a restart would end in the same place, for ever"
