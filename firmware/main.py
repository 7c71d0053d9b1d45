"""Start the scanner; whatever goes wrong before its own supervision stands ends here."""

import sys

import micropython

# Loading the program takes two seconds on a board: Ctrl-C in them would open the prompt of a
# scanner that has keys. From here on it is a byte like others; app/start.py looks for it.
micropython.kbd_intr(-1)
try:
    from gatescan.app.start import main

    main()
except Exception as fault:
    # Last resort: nothing can be shown or logged any more. Say why on the console and restart:
    # a scanner that stands still must never look as if it had nothing to object to.
    import board

    try:
        sys.print_exception(fault)
    finally:
        # BACK held gives the prompt, or a program copied only in part could not be mended.
        if board.button_pins()[1].value():
            board.reset()
