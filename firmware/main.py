"""Start the scanner; whatever goes wrong before its own supervision stands ends here."""

import sys

try:
    from gatescan.app.start import main

    main()
except Exception as fault:
    # Last resort: nothing can be shown or logged any more. Say why on the console and restart:
    # a scanner that stands still must never look as if it had nothing to object to.
    sys.print_exception(fault)
    import board

    board.reset()
