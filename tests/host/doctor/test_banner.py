"""A port where no scanner answers: what does, and what to do with it."""

import os
import threading

import pytest

from gatescan_host.doctor import banner
from gatescan_host.doctor.finding import Result
from gatescan_host.errors import Exit, GatescanError
from gatescan_host.simulator.wires import Pty

PICO = (
    "\r\n>>> \r\nMicroPython v1.28.0 on 2026-04-09; Raspberry Pi Pico with RP2040\r\n"
    'Type "help()" for more information.\r\n>>> '
)


@pytest.mark.parametrize(
    ("text", "said", "remedy"),
    [
        (PICO, "v1.28.0 on Raspberry Pi Pico", "deploy --board rpi_pico --port /dev/x"),
        (PICO.replace("Raspberry Pi Pico with RP2040", "Generic ESP32S3 module with ESP32S3"),
         "ESP32S3", "deploy --board esp32_s3"),
        (PICO.replace("Pico with RP2040", "Pico 2 with RP2350"), "RP2350", "RP2040"),
        (PICO.replace("Micro", "Circuit").replace("v1.28.0", "9.2.1"), "CircuitPython", "image"),
        (">>> ", "a prompt answers", "deploy --port /dev/x"),
        ("temperature 21.5\r\n", "not as a scanner", "BACK"),
        ("", "nothing answers", "BOOTSEL"),
        ("\x00\r\n", "not as a scanner", "deploy"),
    ],
)  # fmt: skip
def test_what_answers(text, said, remedy):
    finding = banner.finding("/dev/x", text)
    assert finding.result is Result.FAIL
    assert said in finding.said and remedy in finding.remedy, finding


@pytest.fixture
def board():
    """A pty on which `answer(question)` is what the other side sends back."""
    pty = Pty()
    stop = threading.Event()
    heard = bytearray()
    answers = {"text": b""}

    def serve() -> None:
        while not stop.wait(0.005):
            try:
                heard.extend(os.read(pty.master, 512))
            except OSError:
                continue
            if b"\x02" in heard:
                os.write(pty.master, answers["text"])
                answers["text"] = b""

    thread = threading.Thread(target=serve)
    thread.start()
    yield pty, answers, heard
    stop.set()
    thread.join()
    pty.close()


def test_a_prompt_introduces_itself(board):
    pty, answers, heard = board
    answers["text"] = PICO.encode()
    assert "RP2040" in banner.heard(pty.path)
    assert b"\x03" not in heard, "whatever program runs there goes on"


def test_silence_ends(board):
    pty, _, heard = board
    assert banner.heard(pty.path, 0.2) == ""
    assert heard


def test_no_port():
    with pytest.raises(GatescanError) as fault:
        banner.heard("/dev/no-such-port")
    assert fault.value.exit_code is Exit.NO_DEVICE
