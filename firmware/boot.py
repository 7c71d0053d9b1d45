"""First code after a reset. The scanner itself starts in main.py."""

import gc

# Collect before the heap is full of holes: a fragmented heap is what stops small scanners in the
# field. Much more often than this would cost half a second of the start; once the tasks run,
# app/heap.py decides.
gc.threshold(36864)
