"""The main job end to end, without hardware: `make demo`."""
