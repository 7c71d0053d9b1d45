"""First code after a reset. The scanner itself starts in main.py."""

import gc

# Collect early and often: a fragmented heap is what stops small scanners in the field.
gc.threshold(8192)
