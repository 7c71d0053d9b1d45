"""Gatescan firmware: scanner at a prison's visitor checkpoint. Hosts import `gatescan.core`."""

__version__ = "0.1.0"
VERSION = 0x00010000  # 0.1.0 as trust.manifest packs it: 8 bits, 8 bits, 16 bits

try:
    from build_id import BUILD_ID  # written by whoever brings the firmware to the board
except ImportError:
    BUILD_ID = "unknown"
