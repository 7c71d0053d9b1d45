"""Start the scanner; whatever goes wrong before its own supervision stands ends here."""

import sys

import micropython

# Loading the program takes two seconds on a board: Ctrl-C in them would open the prompt of a
# scanner that has keys. From here on it is a byte like others; app/start.py looks for it.
micropython.kbd_intr(-1)
# MicroPython looks for most of its own modules in the flash first, 4 ms at each import: said once
# where they are, that is a tenth of the start. Without a path there is nothing to look through.
path = sys.path[:]
sys.path.clear()
for name in (
    "array", "binascii", "collections", "hashlib", "machine", "os", "select", "struct", "time",
):  # fmt: skip
    sys.modules[name] = __import__(name)
sys.path.extend(path)
try:
    from finder import help_import, settle

    help_import()
    from gatescan.app.start import main

    settle()
    main()
except Exception as fault:
    # Last resort: nothing can be shown or logged any more. Say why on the console and restart:
    # a scanner that stands still must never look as if it had nothing to object to.
    try:
        import board
    except Exception as other:
        # A restart would end here again, for ever: the prompt, so that it can be mended.
        micropython.kbd_intr(3)
        print(
            "This flash holds no board.py for this board (%s): run `gatescan deploy --board NAME`."
            % other
        )
    else:
        try:
            sys.print_exception(fault)
        finally:
            # BACK held gives the prompt, or a program copied only in part could not be mended.
            if board.button_pins()[1].value():
                board.reset()
