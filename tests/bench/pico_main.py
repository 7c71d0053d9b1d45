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
    made = Rooms.__init__

    def init(rooms, scanner):
        made(rooms, scanner)
        rooms.scanner = scanner

    def open_line(rooms):
        import pico_probe

        line = yield from shipped(rooms)
        pico_probe.install(rooms.scanner, line[1])
        return line

    Rooms.__init__ = init
    Rooms.open_line = open_line
    settle()
    start.main()
except Exception as fault:
    sys.print_exception(fault)
