"""CRC-16/XMODEM (poly 0x1021, init 0): check value 0x31C3 for b"123456789".

Bytecode is the twin that runs everywhere; on boards with native code the viper version of
`crc16_viper.py`, about 50 times faster, takes its place at import.
"""


def crc16_bytecode(data: "bytes | bytearray | memoryview", length: int, crc: int) -> int:
    """CRC-16 of the first `length` bytes of `data`, going on from `crc` (0 at the start)."""
    for i in range(length):
        crc ^= data[i] << 8
        for _ in range(8):
            crc = (crc << 1 ^ 0x1021) & 0xFFFF if crc & 0x8000 else crc << 1
    return crc


try:
    from gatescan.core.smp.crc16_viper import crc16
except (ImportError, SyntaxError, ValueError, AttributeError):
    crc16 = crc16_bytecode
