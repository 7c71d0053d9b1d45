"""Pictures of the screens, drawn by the real driver on MicroPython, against recorded hashes.

`GATESCAN_RECORD=1 pytest tests/host/panel` records new hashes after a wanted change, and
`GATESCAN_PICTURES=DIR` writes every screen as a PNG to look at (needs pillow).
"""

import hashlib
import json
import os
import subprocess
from pathlib import Path

import pytest

from gatescan_host.simulator.checkout import micropython

ROOT = Path(__file__).resolve().parents[3]
RENDERER = "render_screens.py"
HASHES = ROOT / "tests" / "vectors" / "screens.json"



@pytest.fixture(scope="module")
def frames() -> dict[str, bytes]:
    """Every screen's name and picture, as the panel would hold it."""
    path = os.pathsep.join(str(ROOT / p) for p in ("firmware", "tests"))
    done = subprocess.run(
        [micropython(), "-X", "heapsize=240k", str(Path(__file__).parent / RENDERER)],
        env={**os.environ, "MICROPYPATH": path},
        capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-400:] + done.stderr
    rows = [line.split("\t") for line in done.stdout.splitlines()]
    frames = {name: bytes.fromhex(data) for name, data in rows}
    assert len(frames) == len(rows), "a name was used twice"
    return frames


def digest(frame: bytes) -> str:
    return hashlib.sha256(frame).hexdigest()[:16]


def test_pictures_are_the_recorded_ones(frames: dict[str, bytes]) -> None:
    now = {name: digest(frame) for name, frame in frames.items()}
    if os.environ.get("GATESCAN_RECORD"):
        HASHES.write_text(json.dumps(now, indent=1) + "\n", encoding="utf-8")
    if folder := os.environ.get("GATESCAN_PICTURES"):
        save_pictures(frames, Path(folder))
    recorded = json.loads(HASHES.read_text(encoding="utf-8"))
    changed = sorted(n for n in recorded.keys() | now.keys() if recorded.get(n) != now.get(n))
    assert not changed, (
        f"these screens look different: {', '.join(changed)}. Look at them with "
        "GATESCAN_PICTURES=DIR; if that is wanted, record them with GATESCAN_RECORD=1"
    )


def test_all_verdicts_look_different(frames: dict[str, bytes]) -> None:
    for suffix in ("da.rows5", "en.rows5", "da.rows3", "en.rows3"):
        words = [f[:384] for n, f in frames.items() if n.endswith("0." + suffix)]
        assert len(words) == 10
        for i, a in enumerate(words):
            for b in words[:i]:
                differing = sum((x ^ y).bit_count() for x, y in zip(a, b))
                assert differing > 300, "two verdict words are nearly the same picture"


def test_only_refusals_stand_on_a_lit_bar(frames: dict[str, bytes]) -> None:
    for name, frame in frames.items():
        lit = sum(b.bit_count() for b in frame[:384]) / (384 * 8)
        assert (lit > 0.5) == name.startswith("refuse"), name


def save_pictures(frames: dict[str, bytes], folder: Path) -> None:
    image = pytest.importorskip("PIL.Image", reason="pillow is not installed")
    folder.mkdir(parents=True, exist_ok=True)
    for name, frame in frames.items():
        picture = image.new("1", (128, 64))
        for y in range(64):
            for x in range(128):
                picture.putpixel((x, y), frame[(y >> 3) * 128 + x] >> (y & 7) & 1)
        picture.resize((512, 256)).save(folder / f"{name}.png")
