"""Gatescan firmware: scanner at a prison's visitor checkpoint. The host imports `gatescan.core`."""

__version__ = "0.1.0"
