"""Commands to engines of the GM65 family: `7E 00 type count address(2) data crc(2)`.

GROW GM65-S manual V1.3, 8.1-8.4, with what it gets wrong: appendix A prints the save command one
byte short. `AB CD` in place of the CRC means "do not check" and is never sent from here.
"""

from gatescan.core.compat import const
from gatescan.core.frames.engine_frames import crc16_xmodem

_READ = const(7)
_WRITE = const(8)
_SAVE = const(9)
REPLY = const(2)  # first byte of an answer; 3 answers the heartbeat of later models
DATA_AT = const(4)


def _command(kind: int, count: int, address: int, data: int) -> bytes:
    out = bytearray((0x7E, 0, kind, count, address >> 8, address & 0xFF, data, 0, 0))
    crc = crc16_xmodem(out, 2, 7)
    out[7] = crc >> 8
    out[8] = crc & 0xFF
    return bytes(out)


def read(address: int, count: int) -> bytes:
    """Ask for `count` zones (1 to 256) from `address` on."""
    return _command(_READ, 1, address, count & 0xFF)


def write(address: int, value: int) -> bytes:
    """Set the zone at `address`, 0 to 0xFFFF, to `value`, 0 to 255."""
    return _command(_WRITE, 1, address, value)


def save() -> bytes:
    """Keep all zones through a loss of power; its flash wears, so only after a change."""
    return _command(_SAVE, 1, 0, 0)
