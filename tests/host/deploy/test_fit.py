"""A board that the firmware was not made for is told so, and nothing is copied."""

import pytest

from gatescan_host.deploy.boards import TARGETS
from gatescan_host.deploy.device import Board, Facts
from gatescan_host.deploy.image import Image
from gatescan_host.deploy.run import compare
from gatescan_host.errors import Exit, GatescanError
from host.deploy.folder_board import FolderPrompt, contents
from host.deploy.test_compile import built

# sys.implementation._mpy: version 6, sub-version 3, architecture 4 (armv6m) and 10 (xtensawin)
PICO = Facts(6 | 3 << 8 | 4 << 10, (1, 28), 4096, 350, "Raspberry Pi Pico with RP2040")
ESP32 = Facts(6 | 3 << 8 | 10 << 10, (1, 28), 4096, 500, "Generic ESP32S3 module with ESP32S3")


def test_each_board_takes_its_own():
    PICO.refuse_unfit(built("rpi_pico"), TARGETS["rpi_pico"])
    ESP32.refuse_unfit(built("esp32_s3"), TARGETS["esp32_s3"])


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        (ESP32, "is 'Generic ESP32S3 module with ESP32S3', not a Raspberry Pi Pico"),
        (PICO._replace(machine="Raspberry Pi Pico2 with RP2350"), "not a Raspberry Pi Pico"),
        (PICO._replace(micropython=(1, 22)), "MicroPython is 1.22: put 1.28 or newer on it"),
        (PICO._replace(bytecode=7 | 3 << 8 | 4 << 10), "does not load bytecode of format 6"),
        (PICO._replace(bytecode=6 | 2 << 8 | 4 << 10), "does not load bytecode of format 6"),
        (PICO._replace(bytecode=6 | 3 << 8 | 5 << 10), "does not load bytecode of format 6"),
        (PICO._replace(bytecode=0), "does not load bytecode of format 6"),
    ],
)
def test_another_board_gets_nothing(tmp_path, monkeypatch, facts, sentence):
    monkeypatch.setattr(Board, "facts", lambda self: facts)
    with pytest.raises(GatescanError) as refused:
        compare(Board(FolderPrompt(tmp_path)), Image({}, built("rpi_pico")), TARGETS["rpi_pico"])
    assert sentence in str(refused.value)
    assert str(refused.value).endswith("Nothing was copied.")
    assert refused.value.exit_code is Exit.FAILED
    assert contents(tmp_path) == {}


@pytest.mark.parametrize("answer", ["", "x", "6 1 28 4096", "a 1 28 4096 3 Pico"])
def test_an_answer_that_makes_no_sense(answer):
    class Odd:
        def run(self, code: str) -> str:
            return answer

    with pytest.raises(GatescanError, match="makes no sense"):
        Board(Odd()).facts()


def test_a_listing_that_makes_no_sense():
    class Odd:
        def run(self, code: str) -> str:
            return "12 abc\n"

    with pytest.raises(GatescanError, match="makes no sense"):
        Board(Odd()).files(())
