"""First code after a reset. The scanner itself starts in main.py."""

import gc

# Collect before the heap is full of holes: a fragmented heap is what stops small scanners in the
# field. Much more often than this would cost half a second of the start, and 25 ms amid a scan.
gc.threshold(32768)
