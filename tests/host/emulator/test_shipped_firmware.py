"""The firmware as shipped, on the emulated board: started once, then one child per question."""

import pytest

from emulated_pico.build import firmware_files, firmware_modules
from emulated_pico.machine import EmulatedPico
from emulated_pico.shipped import booted
from emulated_pico.stock import image
from gatescan import __version__


@pytest.fixture(scope="module")
def board() -> EmulatedPico:
    return booted()


def test_it_says_what_it_is_and_gets_ready(board: EmulatedPico) -> None:
    first = board.console.splitlines()[0]
    assert first.startswith(f"Gatescan {__version__} on rpi_pico")
    build = first.split()[-1]
    assert len(build) == 8
    assert build.encode() in firmware_modules()["build_id.mpy"]
    assert "Traceback" not in board.console
    assert board.panel.on
    assert board.panel.lines(), "no screen"


@pytest.mark.parametrize("code", [b"4006381333931\r", b"5701234567899\r"])
def test_a_scan_gives_light_screen_and_tone(board: EmulatedPico, code: bytes) -> None:
    before = (board.now_ms, len(board.light.history), len(board.sounder.history))
    with board.fork() as remote:
        pictures = remote.panel.pictures
        remote.barcode.send(code)
        assert remote.wait_pictures(pictures + 1, 1000), "no new screen"
        remote.run_ms(30)
        assert remote.barcode.lost == remote.barcode.garbled == remote.barcode.unheard == 0
        assert remote.panel.shown_ms > remote.barcode.sent_ms
        lit = [at for at, colour in remote.light.history[before[1] :] if any(colour)]
        assert lit, "the light stayed dark"
        assert lit[0] > remote.barcode.sent_ms
        # Without a table the answer to everything is to look by hand.
        assert remote.panel.lines()[0] == "MANUEL"
        assert [hz for _, hz in remote.sounder.history[before[2] :] if hz], "no tone"
    assert (board.now_ms, len(board.light.history), len(board.sounder.history)) == before


def test_it_starts_from_single_files_too() -> None:
    """As they lay on a board before there was a pack; then nothing is mounted."""
    plain = {path: data for path, data in firmware_files().items() if path.endswith(".py")}
    single = EmulatedPico(image(), files={**plain, **firmware_modules()})
    single.power_on()
    assert single.wait_console("ready, device", 5000), single.console
