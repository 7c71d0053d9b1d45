"""What deploying has to know of each kind of board."""

from typing import NamedTuple

from gatescan_host.errors import Exit, GatescanError

OLDEST_MICROPYTHON = (1, 28)  # the oldest one that Gatescan was run on


class Target(NamedTuple):
    """`march`: architecture that mpy-cross emits native code for; `chip`: what the board's
    MicroPython calls its processor in `sys.implementation._machine`; `name`: for people."""

    march: str
    chip: str
    name: str


TARGETS = {
    "rpi_pico": Target("armv6m", "RP2040", "a Raspberry Pi Pico"),
    "esp32_s3": Target("xtensawin", "ESP32S3", "an ESP32-S3"),
}


def target(board: str) -> Target:
    """The facts of `board`, a folder of boards/; raises GatescanError for one not known."""
    try:
        return TARGETS[board]
    except KeyError:
        raise GatescanError(
            f"There is no board {board!r} to deploy to: choose one of {', '.join(TARGETS)}.",
            Exit.USAGE,
        ) from None
