"""main.py of the measured scanner: the shipped start, and the probe when the link is opened."""

import sys

import micropython

micropython.kbd_intr(-1)
try:
    from finder import help_import, settle

    help_import()
    from gatescan.app import start
    from gatescan.app.link.rooms import Rooms

    shipped = Rooms.open_line

    def open_line(rooms):
        import pico_probe

        line = yield from shipped(rooms)
        pico_probe.install(rooms._scanner, line[1])
        return line

    Rooms.open_line = open_line
    settle()
    start.main()
except Exception as fault:
    sys.print_exception(fault)
