"""The event record and its hash chain."""
