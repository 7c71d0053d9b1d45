"""What also runs on MicroPython: readers of the other formats, and the measuring loop."""
