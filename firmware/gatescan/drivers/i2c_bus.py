"""Frees an I2C bus that a device holds because it was cut off in the middle of a byte.

A restart of the board does that: the panel still waits for the clock of its acknowledgement and
keeps SDA low, so that no start can be sent. Source: I2C specification UM10204, 3.1.16.
"""

from gatescan.core.compat import TYPE_CHECKING, const

if TYPE_CHECKING:
    from typing import Any, Callable

_CLOCKS = const(9)  # a byte and its acknowledgement
_HALF_US = const(5)  # half a period at 100 kHz, which every device follows


def free(
    sda: "Callable[[], int]", scl: "Callable[[int], Any]", sleep_us: "Callable[[int], None]"
) -> bool:
    """Clock until SDA is let go, at most nine times; whether the bus is free then.

    `sda` reads the level, `scl` pulls its line low (0) or lets it go (1).
    """
    for _ in range(_CLOCKS):
        if sda():
            break
        scl(0)
        sleep_us(_HALF_US)
        scl(1)
        sleep_us(_HALF_US)
    return bool(sda())
