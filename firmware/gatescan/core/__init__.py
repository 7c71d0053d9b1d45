"""Pure rooms: the same code on the scanner (MicroPython) and on the host (CPython)."""
