"""CRC-16/XMODEM in viper. A file of its own: CPython and ports without native code refuse it."""

import micropython


@micropython.viper
def crc16(data: ptr8, length: int, crc: int) -> int:  # type: ignore[name-defined] # noqa: F821
    """See `crc16.crc16_bytecode`."""
    for i in range(length):
        crc = crc ^ (data[i] << 8)
        for _ in range(8):
            top = crc & 0x8000
            crc = (crc << 1) & 0xFFFF
            if top:
                crc = crc ^ 0x1021
    return crc
