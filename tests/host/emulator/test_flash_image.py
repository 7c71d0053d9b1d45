"""The file system of the image: what goes in comes out, here and on the board."""

from collections.abc import Callable
from pathlib import Path

import pytest

from emulated_pico import flash_image
from emulated_pico.build import firmware_files
from emulated_pico.machine import EmulatedPico

FILES = {"main.py": b"print(1)", "a/b/c.bin": bytes(range(256)) * 40, "a/empty": b""}


def test_files_go_round() -> None:
    image = flash_image.build(FILES)
    assert len(image) == 352 * 4096
    assert flash_image.read(image) == FILES


def test_the_board_reads_and_writes_it(running: Callable[..., EmulatedPico]) -> None:
    board = running("""
import os
print('stat', os.statvfs('/')[:4])
os.mkdir('made')
with open('made/here', 'wb') as f:
    f.write(b'x' * 5000)
""")
    assert board.wait_console("done", 2000), board.console
    assert "stat (4096, 4096, 352," in board.console
    found = flash_image.read(board.flash_bytes())
    assert found["made/here"] == b"x" * 5000
    assert "main.py" in found
    assert {kind for _, kind, _ in board.flash_log} == {"erase", "program"}
    assert all(at >= flash_image.REGION_AT for _, _, at in board.flash_log)


def test_the_firmware_fits_and_is_whole() -> None:
    files = firmware_files()
    assert set(files) == {"boot.py", "main.py", "finder.mpy", "firmware.pack"}
    assert flash_image.read(flash_image.build(files)) == files


def test_a_wrong_image_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="1441792 bytes"):
        EmulatedPico(tmp_path / "any.uf2", flash=b"short")
    with pytest.raises(ValueError, match="not both"):
        EmulatedPico(tmp_path / "any.uf2", files={}, flash=bytes(flash_image.REGION_BYTES))
