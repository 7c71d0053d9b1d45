"""Brings the firmware onto a board: compile, compare, copy what differs, start, look."""
