"""main.py of the measured scanner: the shipped start, with the probe in it (pico_probe.py)."""

import sys

import micropython

micropython.kbd_intr(-1)
try:
    from finder import help_import, settle

    help_import()
    import pico_probe

    pico_probe.enter()
    from gatescan.app import start

    settle()
    start.main()
except Exception as fault:
    sys.print_exception(fault)
