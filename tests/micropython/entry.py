"""Runs inside MicroPython: argv[1] is the test file; prints one closing line."""

import gc
import sys
import unittest

# As boot.py does on a board: a heap in pieces is what stops small devices.
gc.threshold(8192)

path = sys.argv[1]
folder, _, name = path.rpartition("/")
sys.path.insert(0, folder)
module = __import__(name[:-3])
gc.collect()
passed, failed, skipped = unittest.run_module(module)
gc.collect()
print("RESULT %d passed, %d failed, %d skipped, %d bytes in use" % (
    passed, failed, skipped, gc.mem_alloc()))
sys.exit(1 if failed or not passed + skipped else 0)
