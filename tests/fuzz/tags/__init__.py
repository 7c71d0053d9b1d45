"""Fuzzes every parser of tags, seals and reader frames: see ../tags_run.py."""
