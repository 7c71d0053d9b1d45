"""How much longer than usual the host waits: for scanners that run slower than real ones.

An emulated Pico may run 25 times slower than the board that it emulates. The environment
variable GATESCAN_PATIENCE multiplies every limit and pause of the serial link, whichever program
uses it: `GATESCAN_PATIENCE=25 gatescan sync ...`. It is read whenever a limit is needed.
"""

import math
import os

from gatescan_host.errors import Exit, GatescanError

VARIABLE = "GATESCAN_PATIENCE"


def patient(limit_s: float) -> float:
    """`limit_s` times the factor in GATESCAN_PATIENCE (1 when unset); raises GatescanError."""
    text = os.environ.get(VARIABLE) or "1"
    try:
        factor = float(text)
    except ValueError:
        factor = 0.0
    if not 1 <= factor < math.inf:
        raise GatescanError(
            f"{VARIABLE} is {text!r}: give a number from 1 on, or leave it unset.", Exit.USAGE
        )
    return limit_s * factor
