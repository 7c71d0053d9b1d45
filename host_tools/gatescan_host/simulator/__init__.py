"""The simulated scanner: the shipped firmware on MicroPython's unix port, its wires on ptys."""
